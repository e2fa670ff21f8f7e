import { formatAge, formatClock, formatDuration, formatInstant } from '../../../shared/domain/format.ts';
import type { ClockTrust } from '../../../shared/domain/node-clock.ts';
import type { TimelineEntry, TimelineFilter, TimelineSource } from '../../../shared/domain/timeline.ts';
import type { LogState, NodeClockState } from '../../../shared/domain/timeline-page.ts';

export const pageSize = 200;

export const sourceWords: Record<TimelineSource, string> = {
  reading: 'readings',
  conntrackd: 'conntrackd',
  keepalived: 'keepalived',
  audit: 'done here',
};

/** A log that was not looked at for so long (ms) is no longer told as the present. */
const logDeadlineMs = 20_000;
/** A clock that differs by less is not worth a word. */
const noticedMs = 1_000;

const milliseconds = (at: number) => String(Math.floor(at) % 1000).padStart(3, '0');

/** The time of day, with thousandths where the instant is that exact. */
export const rowTime = ({ at, until }: TimelineEntry): string =>
  until - at < 10 ? `${formatClock(at)}.${milliseconds(at)}` : formatClock(at);

export const dayOf = (at: number): string => formatInstant(at).slice(0, 10);

const trustWords: Record<ClockTrust, string> = {
  measured: 'measured while the line was written',
  assumed:
    'the line is older than our first look at this clock, which is taken to have differed as much then',
  stepped: "the node's clock was set about then: the order within its log is right, the time is not exact",
  unknown: 'the line bears no time, or the clock was never read: only its place in its log is known',
};

/** What makes a time less than exact, in a few words for the row; undefined where nothing does. */
export const doubt = ({ trust }: TimelineEntry): string | undefined =>
  trust === 'stepped' ? 'clock was set' : trust === 'unknown' ? 'time unknown' : undefined;

export const signed = (ms: number): string => {
  const size =
    Math.abs(ms) < 1000
      ? `${Math.abs(ms).toFixed(Math.abs(ms) < 10 ? 1 : 0)} ms`
      : formatDuration(Math.abs(ms));
  return `${size} ${ms < 0 ? 'behind' : 'ahead of'} ours`;
};

const aboutMs = (uncertainty: number): string => `± ${Math.ceil(uncertainty)} ms`;

const precise = (at: number): string => `${formatInstant(at)}.${milliseconds(at)}`;

/** All that is known of an entry, by name. */
export function factsOf(entry: TimelineEntry): [name: string, value: string][] {
  const { at, until, node, source, kind, level, origin, nodeAt, offset, uncertainty, trust } = entry;
  return [
    ['When', until - at < 10 ? precise(at) : `${precise(at)} to ${precise(until)}`],
    ...(nodeAt === undefined ? [] : [["Node's own time", formatInstant(nodeAt)] as [string, string]]),
    ...(offset === undefined
      ? []
      : [["Node's clock", `${signed(offset)}, ${aboutMs(uncertainty ?? 0)}`] as [string, string]]),
    ...(trust === undefined ? [] : [['Clock', trustWords[trust]] as [string, string]]),
    ...(node === undefined ? [] : [['Node', node] as [string, string]]),
    ['Source', sourceWords[source]],
    ['Level', level],
    ['Kind', kind],
    ['Stands in', origin],
  ];
}

/** An entry as one line of text, for the clipboard. */
export const lineOf = (entry: TimelineEntry): string =>
  [
    `${dayOf(entry.at)} ${rowTime(entry)}`,
    entry.node ?? '-',
    entry.source,
    entry.level,
    [entry.words, ...(entry.more ?? [])].join('\n\t'),
  ].join('  ');

/** A node's clock in one sentence; `quiet` where it is as good as ours. */
export function clockSentence(
  { node, offset, uncertainty = 0, step, observedAt }: NodeClockState,
  now: number,
) {
  if (offset === undefined || observedAt === undefined)
    return { text: `${node}: its clock was not read yet`, quiet: false };
  const differs = Math.abs(offset) <= uncertainty ? 'as ours,' : signed(offset);
  const age = now - observedAt > logDeadlineMs ? `, last known ${formatAge(now - observedAt)}` : '';
  const set = step ? `; it was set ${formatAge(now - step.to)}, by ${formatDuration(Math.abs(step.by))}` : '';
  return {
    text: `${node}: clock ${differs} ${aboutMs(uncertainty)}${age}${set}`,
    quiet: Math.abs(offset) < noticedMs && step === undefined && age === '',
  };
}

export interface LogProblem {
  readonly title: string;
  readonly message: string;
  readonly remedy: string | undefined;
  /** Until when its lines are known, ms since the epoch. */
  readonly knownUntil: number | undefined;
}

/** Why the lines of some nodes are missing or old. What two programs of a node share is said once. */
export function logProblems(logs: readonly LogState[], now: number): LogProblem[] {
  const failed = logs.filter(
    ({ failure, readAt }) => failure || (readAt !== undefined && now - readAt > logDeadlineMs),
  );
  const groups = Map.groupBy(failed, ({ node, failure }) => `${node} ${failure?.message ?? 'late'}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const programs = group.map(({ program }) => program).join(' and ');
    const known = group.flatMap(({ readAt }) => readAt ?? []);
    return [
      {
        title: `${first.node}: the ${group.length > 1 ? 'logs' : 'log'} of ${programs} cannot be read`,
        message: first.failure?.message ?? 'it was not looked at for a while',
        remedy: first.failure?.remedy,
        knownUntil: known.length > 0 ? Math.min(...known) : undefined,
      },
    ];
  });
}

/** Whether some log was not looked at yet: more may come at any moment. */
export const isReading = (logs: readonly LogState[]): boolean =>
  logs.some(({ readAt, failure }) => readAt === undefined && failure === undefined);

export const isFiltered = ({ text = '', sources, nodes, levels }: TimelineFilter): boolean =>
  text.trim() !== '' || sources !== undefined || nodes !== undefined || levels !== undefined;

/** The list with `value` in it or, where it is in, without; undefined where nothing is left: then all are wanted. */
export function toggled<T>(list: readonly T[] | undefined, value: T): T[] | undefined {
  const rest = (list ?? []).filter((each) => each !== value);
  const next = rest.length === (list ?? []).length ? [...rest, value] : rest;
  return next.length === 0 ? undefined : next;
}
