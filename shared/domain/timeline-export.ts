import type { TimelineEntry } from './timeline.ts';
import type { TimelineFormat } from './timeline-page.ts';

const head = [
  ...['time', 'latest', 'node', 'source', 'level', 'kind', 'words', 'origin'],
  ...['node_time', 'clock_offset_ms', 'clock_uncertainty_ms', 'trust', 'run'],
];

/** Entries as a file, in the order given: CSV after RFC 4180 with times in ISO 8601 (UTC), or JSON, one object a line. */
export const exportTimeline = (entries: readonly TimelineEntry[], format: TimelineFormat): string =>
  format === 'csv'
    ? [head, ...entries.map(cellsOf)].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
    : entries.map((entry) => `${JSON.stringify(jsonOf(entry))}\n`).join('');

const iso = (at: number) => new Date(at).toISOString();

/** An entry with its times as people and programs alike read them. */
export const jsonOf = ({ id: _, at, until, nodeAt, offset, uncertainty, ...entry }: TimelineEntry) => ({
  time: iso(at),
  ...(until > at && { latest: iso(until) }),
  ...entry,
  ...(nodeAt !== undefined && { nodeTime: iso(nodeAt) }),
  ...(offset !== undefined && { clockOffsetMs: Math.round(offset) }),
  ...(uncertainty !== undefined && { clockUncertaintyMs: Math.ceil(uncertainty) }),
});

function cellsOf(entry: TimelineEntry): string[] {
  const { time, latest = '', nodeTime = '', ...one } = jsonOf(entry);
  return [
    ...[time, latest, one.node, one.source, one.level, one.kind],
    [one.words, ...(one.more ?? [])].join('\n'),
    ...[one.origin, nodeTime, one.clockOffsetMs, one.clockUncertaintyMs, one.trust, one.runId],
  ].map((cell) => String(cell ?? ''));
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
