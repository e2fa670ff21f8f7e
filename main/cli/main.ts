import module from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { commands } from './commands.ts';
import { dispatch } from './dispatch.ts';

// Half of what a command costs before it asks anything is to compile it: that is done once. Node 20 cannot. Of this, threads
// know by the environment alone.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../../node_modules/.cache/handover');
module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);

// A reader that has seen enough (`| head`) closes the pipe: that is no fault of ours, and nobody is left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await dispatch(process.argv.slice(2), commands, process);

// Everything is said and closed. A socket to a dead node may linger in its farewell: nobody waits for that.
setTimeout(() => process.exit(), 100).unref();
