import { statSync } from 'node:fs';
import { loadAlertCommand } from './load.ts';
import type { AlertCommand } from './schema.ts';

/**
 * The command that the inventory names for alerts as the file stands now. It is read again only when the file changed;
 * while what is in it cannot be understood, what it last said holds.
 */
export function currentAlertCommand(path: string): () => AlertCommand | undefined {
  let seen: string | undefined;
  let command: AlertCommand | undefined;
  return () => {
    const stamp = stampOf(path);
    if (stamp === seen) return command;
    seen = stamp;
    const loaded = loadAlertCommand(path);
    if (loaded.ok) command = loaded.value;
    return command;
  };
}

/** Changes with each edit, whether the editor writes into the file or puts another in its place. */
function stampOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'none';
  }
}
