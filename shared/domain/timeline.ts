import * as z from 'zod/mini';
import type { ClusterEvent } from './event.ts';
import { ClockTrust } from './node-clock.ts';

/** Who says it: our readings of the cluster, a log on a node, or our own audit log. */
export const TimelineSource = z.enum(['reading', 'conntrackd', 'keepalived', 'audit']);
export type TimelineSource = z.infer<typeof TimelineSource>;

export const TimelineLevel = z.enum(['info', 'warning', 'critical']);
export type TimelineLevel = z.infer<typeof TimelineLevel>;

/**
 * One thing that happened. It happened between `at` and `until` (ms since the epoch, this machine's clock), which are
 * the same where the instant is exact: a log that writes whole seconds says no more than the second.
 */
export const TimelineEntry = z.object({
  /** Its own for good, over polls and restarts. */
  id: z.string(),
  at: z.number(),
  until: z.number(),
  node: z.optional(z.string()),
  source: TimelineSource,
  level: TimelineLevel,
  kind: z.string(),
  words: z.string(),
  /** Further lines of the same message. */
  more: z.optional(z.array(z.string())),
  /** Where it stands: the file or the journal on the node, the command of a reading, the plan of an audit line. */
  origin: z.string(),
  /** What the node's own clock said, ms; and by how much that is ahead of ours, give or take `uncertainty`. */
  nodeAt: z.optional(z.number()),
  offset: z.optional(z.number()),
  uncertainty: z.optional(z.number()),
  /** Absent where the time is ours. */
  trust: z.optional(ClockTrust),
  runId: z.optional(z.string()),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** An entry out of a node's log, with what finds its place there again after a restart. */
export const LogRecord = z.object({
  /** The file, or `journal`. */
  place: z.string(),
  /** Counts the entries of a place on a node. */
  number: z.number(),
  /** Its lines as they stand there, or the journal's names for them. */
  marks: z.array(z.string()),
  entry: TimelineEntry,
});
export type LogRecord = z.infer<typeof LogRecord>;

/** What was seen by our readings, as an entry. */
export const entryOfEvent = ({
  id,
  at,
  kind,
  severity,
  node,
  message,
  source,
}: ClusterEvent): TimelineEntry => ({
  id: `reading ${id}`,
  at,
  until: at,
  ...(node !== undefined && { node }),
  source: 'reading',
  level: severity,
  kind,
  words: message,
  origin: source,
});

/**
 * Of what may have happened at one instant, the cause stands first: what we did, what keepalived decided, what
 * conntrackd did upon it, what our readings then saw.
 */
const rank: Record<TimelineSource, number> = { audit: 0, keepalived: 1, conntrackd: 2, reading: 3 };

/** A log's own order is that of its numbers; all else is told apart by name, so that a merge always comes out the same. */
function compareIds(a: string, b: string): number {
  const [left, right] = [numbered(a), numbered(b)];
  if (left.name !== right.name) return left.name < right.name ? -1 : 1;
  return left.number - right.number;
}

function numbered(id: string): { name: string; number: number } {
  const cut = id.lastIndexOf(' ');
  return { name: id.slice(0, cut), number: Number(id.slice(cut + 1)) };
}

const compareCauses = (a: TimelineEntry, b: TimelineEntry): number =>
  rank[a.source] - rank[b.source] || compareIds(a.id, b.id);

export const compareEntries = (a: TimelineEntry, b: TimelineEntry): number =>
  a.at - b.at || compareCauses(a, b);

/**
 * One timeline out of two, oldest first. An entry that is in both is there once, as `newer` has it. Entries of one log
 * keep its order, since their times never go back within it.
 */
export function mergeTimeline(
  older: readonly TimelineEntry[],
  newer: readonly TimelineEntry[],
): TimelineEntry[] {
  if (newer.length === 0) return [...older];
  const renewed = new Set(newer.map(({ id }) => id));
  const once = new Map(newer.map((entry) => [entry.id, entry]));
  return inOrder([...older.filter(({ id }) => !renewed.has(id)), ...once.values()]);
}

/**
 * What we do to a node stands before a line that may have come of it: where our instant lies within a line's second, the
 * line is taken to be its consequence.
 */
function inOrder(entries: TimelineEntry[]): TimelineEntry[] {
  const effects = entries
    .filter(({ source, kind }) => source === 'audit' && kind === 'intent')
    .map(({ at }) => at);
  if (effects.length === 0) return entries.sort(compareEntries);
  effects.sort((a, b) => a - b);
  const key = ({ at, until, source }: TimelineEntry): number =>
    until > at && source !== 'audit' ? Math.max(at, effects.findLast((effect) => effect <= until) ?? at) : at;
  return entries
    .map((entry) => ({ entry, at: key(entry) }))
    .sort((a, b) => a.at - b.at || compareCauses(a.entry, b.entry))
    .map(({ entry }) => entry);
}

/** What is wanted of a timeline; what is absent does not matter. `from` and `to`: our clock, ms; without `to` itself. */
export const TimelineFilter = z.object({
  /** Words that must all occur; `-word` must not. `node:fw1`, `source:audit`, `level:warning` and `kind:…` mean the column. */
  text: z.optional(z.string()),
  sources: z.optional(z.array(TimelineSource)),
  /** Empty text stands for what concerns no single node. */
  nodes: z.optional(z.array(z.string())),
  levels: z.optional(z.array(TimelineLevel)),
  from: z.optional(z.number()),
  to: z.optional(z.number()),
});
export type TimelineFilter = z.infer<typeof TimelineFilter>;

/** Whether an entry is wanted; the text is taken apart once. */
export function timelineTest(filter: TimelineFilter): (entry: TimelineEntry) => boolean {
  const { sources, nodes, levels, from = -Infinity, to = Infinity } = filter;
  const terms = (filter.text ?? '').toLowerCase().split(/\s+/).filter(Boolean).map(termTest);
  return (entry) =>
    entry.until >= from &&
    entry.at < to &&
    (sources?.includes(entry.source) ?? true) &&
    (nodes?.includes(entry.node ?? '') ?? true) &&
    (levels?.includes(entry.level) ?? true) &&
    terms.every((term) => term(entry));
}

type Test = (entry: TimelineEntry) => boolean;

function termTest(term: string): Test {
  if (term.length > 1 && term.startsWith('-')) {
    const positive = termTest(term.slice(1));
    return (entry) => !positive(entry);
  }
  const [, column, value = ''] = /^(node|source|level|kind):(.+)$/.exec(term) ?? [];
  switch (column) {
    case 'node':
      return ({ node }) => node?.toLowerCase() === value;
    case 'source':
      return ({ source }) => source === value;
    case 'level':
      return ({ level }) => level === value;
    case 'kind':
      return ({ kind }) => kind.toLowerCase() === value;
    default:
      return ({ words, more = [], node = '', origin, kind }) =>
        [words, ...more, node, origin, kind].some((text) => text.toLowerCase().includes(term));
  }
}
