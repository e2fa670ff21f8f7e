import * as z from 'zod/mini';
import { withoutColour } from './pasted.ts';
import { redact } from './redact.ts';

/** What stands before a daemon's own words, whoever wrote the line: the daemon's file, syslog, the journal, logread. */
export interface LogLine {
  /** Milliseconds since the epoch by the node's clock; absent where the year is not printed. */
  readonly at?: number;
  readonly pid?: number;
  readonly program?: string;
  readonly level?: string;
  readonly text: string;
  /** False for bare words, as of `journalctl -o cat`. */
  readonly isPrefixed: boolean;
}

const month = String.raw`[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)?`;
const ctime = String.raw`[A-Z][a-z]{2} ${month} \d{4}`;
const iso = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?`;
/** `journalctl -o short-full` names the day and the zone, of which UTC alone can be read. */
const full = `[A-Z][a-z]{2} ${iso}(?: [A-Z]{3,5})?`;
const origin = String.raw`(?<program>[^\s[:]+)(?:\[(?<pid>\d+)\])?: (?<text>.*)$`;

const prefixes: readonly RegExp[] = [
  // conntrackd's own file
  new RegExp(String.raw`^\[(?<date>${ctime})\] \(pid=(?<pid>\d+)\) \[(?<level>[^\]]*)\] ?(?<text>.*)$`),
  // keepalived's own file, and its console
  new RegExp(`^(?<date>${ctime}): (?<text>.*)$`),
  // an entry that conntrackd could not commit or inject follows its error on a line of its own
  new RegExp(String.raw`^\[?(?<date>${ctime})\]?\t(?<text>.*)$`),
  // OpenWrt's logread
  new RegExp(String.raw`^(?<date>${ctime}) \w+\.(?<level>\w+) ${origin}`),
  // RFC 5424, as rsyslog writes it where asked
  new RegExp(
    String.raw`^(?:<\d+>1 )?(?<date>${iso}) \S+ (?<program>\S+) (?:(?<pid>\d+)|-) \S+ (?:-|\[.*?\]) (?<text>.*)$`,
  ),
  // syslog and every short form of journalctl; monotonic seconds are no date
  new RegExp(
    String.raw`^(?:<\d+>)?(?:(?<date>${month}|${iso}|${full}|\d{9,}\.\d+)|\[ *\d+\.\d+\]) (?:(?<host>\S+) )??${origin}`,
  ),
];

/**
 * A date without a zone is read as UTC, since the node's zone is not on the line: such times order a log and measure in
 * it, and need the node's offset for more.
 */
const parseDate = (date: string): number | undefined => {
  if (/^\d+\.\d+$/.test(date)) return Math.round(Number(date) * 1000);
  const fraction = Math.trunc(Number(`0.${/[.,](\d+)/.exec(date)?.[1] ?? '0'}`) * 1000);
  const whole = date.replace(/[.,]\d+/, '');
  const isoDate = /(\d{4}-\d\d-\d\d)[T ]([\d:]+)\s*(.*)$/.exec(whole);
  const [, day = '', time = '', zone = ''] = isoDate ?? [];
  const isYearless = isoDate === null && !/ \d{4}$/.test(whole);
  const isUtc = /^(?:|Z|UTC|GMT)$/.test(zone);
  // a zone's name other than UTC tells no offset
  if (isYearless || !(isUtc || /^[+-]/.test(zone))) return undefined;
  const at = Date.parse(
    isoDate === null
      ? `${whole.slice(4)} UTC`
      : `${day}T${time}${isUtc ? 'Z' : zone.replace(/^(...)(?=\d)/, '$1:')}`,
  );
  return Number.isNaN(at) ? undefined : at + fraction;
};

/** Quote marks, prompts, and the line's number in a pasted listing. */
const decoration = /^(?:[\s>|"'`]*)(?:\d{1,7}(?:[:\t]| {1,2}(?=[A-Z[])))?\s*/;
const repeated = /^message repeated \d+ times: \[ (.*)\]$/;

/** What of `journalctl -o json` is read; the journal prints its numbers as text. */
const Entry = z.object({
  MESSAGE: z.string(),
  __REALTIME_TIMESTAMP: z.optional(z.string()),
  SYSLOG_IDENTIFIER: z.optional(z.string()),
  SYSLOG_PID: z.optional(z.string()),
  _PID: z.optional(z.string()),
  PRIORITY: z.optional(z.string()),
});
const levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];

/** An entry of `journalctl -o json` as its short form would print it; any other line as it is. */
const asShort = (line: string): { line: string; level?: string } => {
  if (!line.startsWith('{') || !line.includes('"MESSAGE"')) return { line };
  try {
    const entry = Entry.parse(JSON.parse(line));
    const at = new Date(Number(entry.__REALTIME_TIMESTAMP ?? Number.NaN) / 1000).toISOString();
    const pid = entry.SYSLOG_PID ?? entry._PID;
    const level = levels[Number(entry.PRIORITY)];
    const program = `${entry.SYSLOG_IDENTIFIER ?? 'unknown'}${pid === undefined ? '' : `[${pid}]`}`;
    return { line: `${at} - ${program}: ${entry.MESSAGE}`, ...(level !== undefined && { level }) };
  } catch {
    return { line };
  }
};

/** What the journal says of itself between the lines: `-- Boot 3f0e… --`, `-- Logs begin at … --`. */
export const isJournalMark = (line: string): boolean => /^-- \S.* --$/.test(line.trim());

/** Reads the prefix, in whatever form; a daemon in the foreground has its own behind the journal's. */
export const readLogLine = (printed: string, mayNest = true): LogLine => {
  const { line, level: journalLevel } = asShort(printed.trim());
  const bare = withoutColour(line).replaceAll('\u00a0', ' ').trimEnd();
  const candidates = [bare.trimStart(), bare.replace(decoration, '')];
  for (const candidate of candidates)
    for (const prefix of prefixes) {
      const groups = prefix.exec(candidate)?.groups;
      if (groups === undefined) continue;
      const { date, pid, program, level } = groups;
      const at = date === undefined ? undefined : parseDate(date);
      const said = groups.text ?? '';
      const inner =
        program === undefined || !mayNest ? undefined : readLogLine(repeated.exec(said)?.[1] ?? said, false);
      const innerLevel = inner?.level ?? level ?? journalLevel;
      return {
        ...(at !== undefined && { at }),
        ...(pid !== undefined && { pid: Number(pid) }),
        ...(program !== undefined && { program }),
        ...(innerLevel !== undefined && { level: innerLevel }),
        text: inner?.text ?? redact(said),
        isPrefixed: true,
      };
    }
  return { text: redact(candidates[1] ?? ''), isPrefixed: false };
};
