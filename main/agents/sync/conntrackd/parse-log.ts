import type { SyncLogRecord } from '../../../../shared/domain/replication.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { type ParseError, parseError } from '../../parse-error.ts';

type Kind = SyncLogRecord['kind'];

/** What a line says, by its words; `entries` and `seconds` are groups of the pattern. From 0.9.14 to 1.4.9. */
const sentences: readonly (readonly [Kind, RegExp])[] = [
  ['started', /^initialization completed/],
  ['shutdown', /shutdown received/],
  ['commit-skipped', /^commit already in progress/],
  ['commit-started', /^committing /],
  ['committed', /^committed (?<entries>\d+) new entries/i],
  ['commit-failed-entries', /^(?<entries>\d+) entries can't be committed/],
  ['commit-finished', /^commit has taken (?<seconds>\d+(?:\.\d+)?) seconds/],
  ['bulk-requested-by-peer', /^(?:resync requested by other node|request resync by other node)/],
  ['bulk-requested', /^(?:resync requested|request resync)/],
  ['bulk-sent', /^sending bulk update/],
  ['resync-from-kernel', /^resync with (?:master conntrack|kernel) table/],
  ['caches-flushed', /^flushing (?:(?:internal|external) )?caches?\b/],
  ['kernel-flush-scheduled', /^flushing conntrack table in (?<seconds>\d+) secs/],
  ['kernel-flushed', /^flushing kernel conntrack table/],
];

const read = (text: string, known: Pick<SyncLogRecord, 'at' | 'pid'>, level: string): SyncLogRecord => {
  for (const [kind, pattern] of sentences) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const { entries, seconds } = found.groups ?? {};
    return {
      ...known,
      kind,
      level,
      text,
      ...(entries !== undefined && { entries: Number(entries) }),
      ...(seconds !== undefined && { seconds: Number(seconds) }),
    };
  }
  return { ...known, kind: 'other', level, text };
};

const ctime = String.raw`[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4}`;
/** The daemon's own file. */
const filePrefix = new RegExp(
  String.raw`^\[(?<date>${ctime})\] \(pid=(?<pid>\d+)\) \[(?<level>[^\]]*)\] ?(?<text>.*)$`,
);
/** An entry that could not be committed or injected follows its error on a line of its own. */
const entryPrefix = new RegExp(String.raw`^\[?(?<date>${ctime})\]?\t(?<text>.*)$`);
/** syslog and journalctl: `Nov 22 15:03:13`, an ISO 8601 time, or seconds since the epoch; host; program and pid. */
const syslogPrefix =
  /^(?:<\d+>)?(?<date>[A-Z][a-z]{2} +\d{1,2} [\d:.]+|\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?|\d+\.\d+) (?<host>\S+) (?<program>[^\s[:]+)(?:\[(?<pid>\d+)\])?: (?<text>.*)$/;

const ownPrograms: ReadonlySet<string> = new Set(['conntrack-tools', 'conntrackd']);

/**
 * Milliseconds since the epoch; undefined where the year is not printed. A date without a zone is read as UTC, since the
 * node's zone is not on the line: such times order a log and measure in it, and need the node's offset for more.
 */
const parseDate = (date: string): number | undefined => {
  if (/^\d+\.\d+$/.test(date)) return Math.round(Number(date) * 1000);
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(date) && date.includes(':');
  const at = /^[A-Z]/.test(date)
    ? / \d{4}$/.test(date)
      ? Date.parse(`${date.slice(4)} UTC`)
      : Number.NaN
    : Date.parse(hasZone ? date.replace(',', '.') : `${date.replace(',', '.').replace(' ', 'T')}Z`);
  return Number.isNaN(at) ? undefined : at;
};

const expected =
  "a line of conntrackd's log: [date] (pid=N) [level] text, or the same text behind a syslog prefix";

/** One line of the log, whatever wrote it; undefined where it is empty. Only a line without a date or a known text is unreadable. */
export const parseLogLine = (line: string): Result<SyncLogRecord | undefined, ParseError> => {
  const trimmed = line.trim();
  if (trimmed === '') return ok(undefined);
  const groups = (filePrefix.exec(trimmed) ?? syslogPrefix.exec(trimmed) ?? entryPrefix.exec(trimmed))
    ?.groups;
  if (groups === undefined) {
    const bare = read(trimmed, {}, 'unknown');
    return bare.kind === 'other' ? err(parseError(1, line, expected)) : ok(bare);
  }
  const { date = '', pid, program, level = 'unknown', text = '' } = groups;
  const at = parseDate(date);
  const known = { ...(at !== undefined && { at }), ...(pid !== undefined && { pid: Number(pid) }) };
  // another program's line in the same journal may use the same words
  if (program !== undefined && !ownPrograms.has(program))
    return ok({ ...known, kind: 'other', level, text: `${program}: ${text}` });
  // a daemon in the foreground has its own prefix behind the journal's
  const inner = filePrefix.exec(text)?.groups;
  return ok(read(inner?.text ?? text, known, inner?.level ?? level));
};

/** The readable lines of a log, in order. */
export const parseLog = (text: string): SyncLogRecord[] =>
  text.split('\n').flatMap((line) => {
    const record = parseLogLine(line);
    return record.ok && record.value !== undefined ? [record.value] : [];
  });
