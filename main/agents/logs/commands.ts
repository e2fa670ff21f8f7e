import { type Command, command } from '../command.ts';

/** Lines that one reading of a file brings, at most; the same words for every file, so that sudo can name them whole. */
export const windowLines = 200;
/** Lines of the journal that a regular look brings: it cannot be asked whether anything is new. */
export const journalLines = 20;

const windowBytes = 1 << 18;

/** There while systemd's journal takes messages. */
export const journalSocket = '/run/systemd/journal/stdout';

/** When each of these files was written last, and how long it is; needs no rights on the files themselves. */
export const stampCommand = (files: readonly string[]): Command =>
  command(['/usr/bin/stat', '-L', '-c', '%n\t%i\t%s\t%.Y', ...files]);

/** The end of a log. `-n` and not an offset: a rule of sudo that lets any number through lets any file through. */
export const tailCommand = (file: string): Command =>
  command(['/usr/bin/tail', '-n', String(windowLines), file], { privileged: true, maxBytes: windowBytes });

const fields = ['MESSAGE', 'PRIORITY', 'SYSLOG_IDENTIFIER', '_SYSTEMD_UNIT', 'UNIT'];

/** The newest lines of these units in systemd's journal, one JSON object each. */
export const journalCommand = (units: readonly string[], lines: number): Command =>
  command(
    [
      ...(['/usr/bin/journalctl', '--no-pager', '-o', 'json', '--output-fields', fields.join(',')] as const),
      ...units.flatMap((unit) => ['-u', unit]),
      ...['-n', String(lines)],
    ],
    { privileged: true, deadlineMs: 5_000, maxBytes: windowBytes },
  );
