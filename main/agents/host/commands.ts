import { type Command, command } from '../command.ts';

/** The node's clock, as seconds and nanoseconds since the epoch. */
export const clockCommand: Command = command(['/usr/bin/date', '+%s.%N']);

/** When a file was last written, in seconds since the epoch by the node's clock. */
export const modifiedCommand = (file: string): Command => command(['/usr/bin/stat', '-c', '%.Y', file]);

/** Seconds since the epoch, as `clockCommand` and `modifiedCommand` print them, in ms; undefined if unreadable. */
export function parseSeconds(stdout: string): number | undefined {
  const match = /^(\d+)(?:\.(\d{1,9}))?\s*$/.exec(stdout);
  if (!match) return undefined;
  const [, seconds, fraction = ''] = match;
  return Number(seconds) * 1000 + Number(`0.${fraction || '0'}`) * 1000;
}

/** Whether sudo would run this, without running it: exit status 0. A rule with a checksum is held against the file. */
export const allowedCommand = ({ argv }: Command): Command => command(['/usr/bin/sudo', '-n', '-l', ...argv]);
