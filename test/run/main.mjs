// Hands `npm test` over to the project's own Node, which runs TypeScript as it is. This file alone has to run on
// whatever Node the machine brings, so that a missing set-up is said in one line instead of a stack trace.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bundled = join(project, 'node_modules', '.bin', 'node');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const node = existsSync(bundled) ? bundled : process.execPath;

if (!existsSync(join(project, 'node_modules', 'vitest'))) {
  stop('The development packages are not installed: run `npm ci` first.');
} else if (node !== bundled && (major < 22 || (major === 22 && minor < 18))) {
  stop(`Node ${process.versions.node} cannot run TypeScript: install Node 22.18 or newer.`);
} else {
  const child = spawn(node, [join(project, 'test', 'run', 'main.ts'), ...process.argv.slice(2)], {
    cwd: project,
    stdio: 'inherit',
  });
  // On a terminal Ctrl-C reaches both; a signal sent to this process alone has to be passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
  });
}

function stop(message) {
  console.error(message);
  process.exitCode = 1;
}
