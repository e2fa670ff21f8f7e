import type { SyncLogRecord } from '../../../../shared/domain/replication.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { isJournalMark, readLogLine } from '../../log-line.ts';
import { type ParseError, parseError } from '../../parse-error.ts';

type Kind = SyncLogRecord['kind'];

/** What a line says, by its words; a pattern's groups are fields of the record. From 0.9.14 to 1.4.9. */
const sentences: readonly (readonly [Kind, RegExp])[] = [
  ['started', /^initialization completed/],
  ['shutdown', /shutdown received/],
  ['commit-skipped', /^commit already in progress/],
  ['commit-started', /^committing /],
  ['committed', /^committed (?<entries>\d+) new (?:entries|expectations)/i],
  ['commit-failed-entries', /^(?<entries>\d+) (?:entries|expectations) can't be committed/],
  ['commit-finished', /^commit has taken (?<seconds>\d+(?:\.\d+)?) seconds/],
  ['bulk-requested-by-peer', /^(?:resync requested by other node|request resync by other node)/],
  ['bulk-requested', /^(?:resync requested|request resync)/],
  ['bulk-sent', /^sending bulk update/],
  ['resync-from-kernel', /^resync with (?:master (?:conntrack|expect)|kernel) table/],
  ['resync-unsupported', /^resync is unsupported in this mode/],
  ['caches-flushed', /^flushing (?:(?:internal|external) )?caches?\b/],
  ['flush-refused', /^ignoring flush command/],
  ['kernel-flush-scheduled', /^flushing conntrack table in (?<seconds>\d+) secs/],
  ['kernel-flushed', /^flushing kernel (?:conntrack|expect) table/],
  [
    'entry-failed',
    /^(?:commit-(?:create|destroy)|inject-(?:add|upd|del)\d?|could not (?:add new|update|destroy|delete) (?:ct|exp) entry[^:]*): /,
  ],
  ['events-buffer-set', /^netlink event socket buffer size has been set to (?<bytes>\d+) bytes/],
  ['events-buffer-grown', /^netlink event socket buffer size has been doubled to (?<bytes>\d+) bytes/],
  [
    'events-lost',
    /cannot be doubled further|likely to be losing events|^maximum netlink socket buffer size/i,
  ],
  ['link-changed', /^device [`'](?<device>[^']*)' becomes dedicated link/],
  ['no-link', /^no dedicated links available/],
  ['channel-failed', /^can't open channel socket/],
  ['config-refused', /^can't open config file|^parsing config file in line \((?<configLine>\d+)\)/],
  ['config-refused', /^conntrackd cannot start, please review your configuration/],
  ['lock-file-exists', /lockfile [`'].*' exists/],
  ['not-connected', /^can't connect: is conntrackd running\?/],
  ['child-died', /^child process \(pid=\d+\) (?:has aborted|received signal)/],
];

const read = (text: string, known: Pick<SyncLogRecord, 'at' | 'pid'>, level: string): SyncLogRecord => {
  for (const [kind, pattern] of sentences) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const { device, ...figures } = found.groups ?? {};
    const numbers = Object.entries(figures).flatMap(([name, digits]) =>
      digits === undefined ? [] : [[name, Number(digits)] as const],
    );
    return {
      ...known,
      kind,
      level,
      text,
      ...Object.fromEntries(numbers),
      ...(device !== undefined && { device }),
    };
  }
  return { ...known, kind: 'other', level, text };
};

const ownPrograms: ReadonlySet<string> = new Set(['conntrack-tools', 'conntrackd']);

const expected =
  "a line of conntrackd's log: [date] (pid=N) [level] text, or the same text behind a syslog prefix";

/** One line of the log, whatever wrote it; undefined where it is empty. Only a line without a date or a known text is unreadable. */
export const parseLogLine = (line: string): Result<SyncLogRecord | undefined, ParseError> => {
  if (line.trim() === '' || isJournalMark(line)) return ok(undefined);
  const { at, pid, program, level = 'unknown', text, isPrefixed } = readLogLine(line);
  // a client prints its own name and version, or its level, before the same words
  const said = text.replace(/^(?:conntrack-tools v\S+ \(conntrackd\): |(?:ERROR|WARNING): )/, '');
  const known = { ...(at !== undefined && { at }), ...(pid !== undefined && { pid }) };
  // another program's line in the same journal may use the same words
  if (program !== undefined && !ownPrograms.has(program))
    return ok({ ...known, kind: 'other', level, text: `${program}: ${text}` });
  const record = read(said, known, level);
  return isPrefixed || record.kind !== 'other' ? ok(record) : err(parseError(1, line, expected));
};

/** The readable lines of a log, in order. */
export const parseLog = (text: string): SyncLogRecord[] =>
  text.split('\n').flatMap((line) => {
    const record = parseLogLine(line);
    return record.ok && record.value !== undefined ? [record.value] : [];
  });
