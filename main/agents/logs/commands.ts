import { type Command, command } from '../command.ts';

/**
 * How many lines a look brings: of a file that has changed, of the journal (which cannot be asked whether it has), and of
 * either where that does not reach back to what is known. Fixed, so that sudo can name each command whole.
 */
export const lookLines = { file: 200, journal: 20, far: 2_000 } as const;

/** Where programs' lines go that have no file of their own. */
export const syslogFiles: readonly string[] = ['/var/log/syslog', '/var/log/messages'];

const lookBytes = 1 << 21;

/** There while systemd's journal takes messages. */
export const journalSocket = '/run/systemd/journal/stdout';

/** When each of these files was written last, and how long it is; needs no rights on the files themselves. */
export const stampCommand = (files: readonly string[]): Command =>
  command(['/usr/bin/stat', '-L', '-c', '%n\t%i\t%s\t%.Y', ...files]);

/** The end of a log. `-n` and not an offset: a rule of sudo that lets any number through lets any file through. */
export const tailCommand = (file: string, lines: number): Command =>
  command(['/usr/bin/tail', '-n', String(lines), file], { privileged: true, maxBytes: lookBytes });

const fields = ['MESSAGE', 'PRIORITY', 'SYSLOG_IDENTIFIER', '_SYSTEMD_UNIT', 'UNIT'];

/** The newest lines of these units in systemd's journal, one JSON object each. */
export const journalCommand = (units: readonly string[], lines: number): Command =>
  command(
    [
      ...(['/usr/bin/journalctl', '--no-pager', '-o', 'json', '--output-fields', fields.join(',')] as const),
      ...units.flatMap((unit) => ['-u', unit]),
      ...['-n', String(lines)],
    ],
    { privileged: true, deadlineMs: 5_000, maxBytes: lookBytes },
  );
