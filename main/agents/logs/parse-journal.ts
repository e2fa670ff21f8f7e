import * as z from 'zod/mini';
import type { Failure } from '../../../shared/lib/reading.ts';
import type { Command, CommandOutput } from '../command.ts';
import { redact } from '../redact.ts';

/** A line of systemd's journal. `at`: ms since the epoch, by the node's clock, as the journal took it in. */
export interface JournalLine {
  /** The journal's own name for this line, on this node for good. */
  readonly cursor: string;
  readonly at: number;
  readonly identifier: string;
  /** The unit that wrote it, or that systemd writes about. */
  readonly unit: string;
  /** Of syslog: 0 is the worst, 6 is plain information. */
  readonly priority: number;
  readonly text: string;
}

/** A message that is no UTF-8 comes as the list of its bytes. */
const Field = z.union([z.string(), z.array(z.number())]);
const Line = z.object({
  __CURSOR: z.string(),
  __REALTIME_TIMESTAMP: z.string(),
  MESSAGE: z.optional(z.nullable(Field)),
  PRIORITY: z.optional(z.string()),
  SYSLOG_IDENTIFIER: z.optional(z.string()),
  _SYSTEMD_UNIT: z.optional(z.string()),
  UNIT: z.optional(z.string()),
});

/** What `journalctl -o json` printed, in its order; a line that was cut, or is none, is left out. */
export const parseJournal = (stdout: string): JournalLine[] =>
  stdout.split('\n').flatMap((text) => {
    const line = Line.safeParse(jsonOf(text));
    if (!line.success) return [];
    const { MESSAGE: message = '', PRIORITY: priority = '6', ...rest } = line.data;
    const said = Array.isArray(message) ? new TextDecoder().decode(new Uint8Array(message)) : (message ?? '');
    return [
      {
        cursor: rest.__CURSOR,
        at: Math.floor(Number(rest.__REALTIME_TIMESTAMP) / 1000),
        identifier: rest.SYSLOG_IDENTIFIER ?? '',
        unit: (rest.UNIT ?? rest._SYSTEMD_UNIT ?? '').replace(/\.service$/, ''),
        priority: Number(priority),
        text: redact(said),
      },
    ];
  });

/** journalctl shows a login what it may see, and calls that success. */
export const journalRefusal = (
  { argv: [program] }: Command,
  { stderr }: Pick<CommandOutput, 'stderr'>,
): Failure | undefined =>
  program.endsWith('/journalctl') && /not seeing messages from|insufficient permissions/i.test(stderr)
    ? { kind: 'no-permission', message: `${program} shows this login its own messages alone` }
    : undefined;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
