import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Display {
  /** As in the environment variable DISPLAY, `:99`. */
  readonly name: string;
  close(): Promise<void>;
}

/**
 * Starts an X server without a screen, on the first display that is free.
 *
 * @param width in physical pixels, as is the height
 */
export async function openDisplay(width: number, height: number): Promise<Display> {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const number = await firstLine(server);
  return {
    name: `:${number}`,
    async close() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    },
  };
}

/** Xvfb writes the number of its display on descriptor 3 when it takes clients, and closes it when it cannot start. */
async function firstLine(server: ChildProcess): Promise<string> {
  const failed = new Promise<never>((_, reject) => {
    server.on('error', (error) => reject(new Error(`Xvfb: ${error.message}`)));
    server.on('exit', (status) => reject(new Error(`Xvfb ended with status ${status}`)));
  });
  failed.catch(() => {});
  const lines = createInterface({ input: server.stdio[3] as Readable });
  const [line] = (await Promise.race([once(lines, 'line'), failed])) as [string];
  return line.trim();
}
