import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { privateHome } from './private-home.ts';

const command = join(import.meta.dirname, '..', '..', 'main', 'cli', 'main.ts');

export interface ServedConsole {
  /** The one-time link that it printed. */
  readonly link: string;
  close(): Promise<void>;
}

/** Starts `handover serve` with this inventory, in an empty home, and waits for its link. */
export async function serveConsole(inventory: string, ...more: string[]): Promise<ServedConsole> {
  const home = privateHome(undefined);
  const served = spawn(process.execPath, [command, 'serve', '--inventory', inventory, ...more], {
    env: { ...process.env, ...home.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(served, 'exit');
  const close = async () => {
    served.kill('SIGINT');
    await ended;
    home.remove();
  };
  for await (const line of createInterface({ input: served.stdout })) {
    const link = /^Open (\S+)$/.exec(line)?.[1];
    if (link !== undefined) return { link, close };
  }
  await close();
  throw new Error('handover serve ended before it printed a link');
}
