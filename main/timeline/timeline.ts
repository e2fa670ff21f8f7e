import type { CallHandlers } from '../../shared/contract/contract.ts';
import type { ClusterEvent } from '../../shared/domain/event.ts';
import {
  entryOfEvent,
  type LogRecord,
  mergeTimeline,
  type TimelineEntry,
  type TimelineFilter,
  timelineTest,
} from '../../shared/domain/timeline.ts';
import { exportTimeline } from '../../shared/domain/timeline-export.ts';
import type { LogState, NodeClockState } from '../../shared/domain/timeline-page.ts';
import type { Result } from '../../shared/lib/result.ts';
import type { AuditLine } from '../failover/read-audit.ts';
import { entryOfAudit } from './audit-entries.ts';

/** Where the entries of a cluster lie that came before they were asked for. */
export interface TimelinePast {
  readonly events: (cluster: string) => ClusterEvent[];
  readonly logs: (cluster: string) => LogRecord[];
}

export interface TimelinePorts {
  readonly past: TimelinePast;
  /** The lines of the audit log since the last call, of every cluster. */
  readonly audit: () => Promise<Result<AuditLine[], string>>;
  /** What is known of the logs and clocks of the nodes; undefined: there is no such cluster. */
  readonly nodes: (cluster: string) => { logs: LogState[]; clocks: NodeClockState[] } | undefined;
}

/** The timelines of all clusters: each is put together when it is first asked for, and then goes on by itself. */
export interface Timeline {
  readonly handlers: Pick<CallHandlers, 'timeline.read' | 'timeline.row' | 'timeline.export'>;
  readonly onEvents: (cluster: string, events: readonly ClusterEvent[]) => void;
  readonly onLogs: (cluster: string, records: readonly LogRecord[]) => void;
  readonly forget: (cluster: string) => void;
}

/** Oldest first. `arrivals`: at which revision an entry came in, where that was after the first. */
interface Kept {
  entries: readonly TimelineEntry[];
  readonly arrivals: Map<string, number>;
  revision: number;
  found: { readonly key: string; readonly entries: readonly TimelineEntry[] } | undefined;
}

/** More than this is not kept in memory of one cluster; the oldest go first. */
const mostEntries = 50_000;
const mostRows = 1_000;

export function openTimeline({ past, audit, nodes }: TimelinePorts): Timeline {
  const clusters = new Map<string, Kept>();
  const audited = new Map<string, TimelineEntry[]>();
  let auditFailure: string | undefined;

  const add = (cluster: string, entries: readonly TimelineEntry[]) => {
    const kept = clusters.get(cluster);
    if (!kept || entries.length === 0) return;
    kept.revision += 1;
    const known = new Set(kept.entries.slice(-1_000).map(({ id }) => id));
    for (const { id } of entries) if (!known.has(id)) kept.arrivals.set(id, kept.revision);
    kept.entries = mergeTimeline(kept.entries, entries).slice(-mostEntries);
    kept.found = undefined;
  };

  const readAudit = async () => {
    const lines = await audit();
    auditFailure = lines.ok ? undefined : lines.error;
    if (!lines.ok) return;
    for (const [cluster, own] of Map.groupBy(lines.value, (line) => line.cluster)) {
      const entries = own.map(entryOfAudit);
      audited.set(cluster, [...(audited.get(cluster) ?? []), ...entries]);
      add(cluster, entries);
    }
  };

  const keptOf = async (cluster: string): Promise<Kept> => {
    await readAudit();
    const known = clusters.get(cluster);
    if (known) return known;
    const before = [
      ...past.events(cluster).map(entryOfEvent),
      ...past.logs(cluster).map(({ entry }) => entry),
    ];
    const entries = mergeTimeline(audited.get(cluster) ?? [], before).slice(-mostEntries);
    const kept: Kept = { entries, arrivals: new Map(), revision: 1, found: undefined };
    clusters.set(cluster, kept);
    return kept;
  };

  const wanted = (kept: Kept, filter: TimelineFilter): readonly TimelineEntry[] => {
    const key = JSON.stringify(filter);
    if (kept.found?.key !== key) kept.found = { key, entries: kept.entries.filter(timelineTest(filter)) };
    return kept.found.entries;
  };
  const asOfFirst = (kept: Kept, entries: readonly TimelineEntry[], asOf: number | undefined) =>
    asOf === undefined || asOf >= kept.revision
      ? entries
      : entries.filter(({ id }) => (kept.arrivals.get(id) ?? 0) <= asOf);

  return {
    handlers: {
      'timeline.read': async ({ cluster, filter, offset, limit, asOf }) => {
        const kept = await keptOf(cluster);
        const all = wanted(kept, filter);
        const rows = asOfFirst(kept, all, asOf);
        const first = Math.max(0, Math.floor(offset));
        const end = rows.length - first;
        const count = Math.max(0, Math.min(mostRows, Math.floor(limit)));
        return {
          revision: kept.revision,
          offset: first,
          entries: rows.slice(Math.max(0, end - count), Math.max(0, end)).reverse(),
          matched: rows.length,
          total: kept.entries.length,
          newer: all.length - rows.length,
          logs: nodes(cluster)?.logs ?? [],
          clocks: nodes(cluster)?.clocks ?? [],
          ...(auditFailure !== undefined && { auditFailure }),
        };
      },
      'timeline.row': async ({ cluster, filter, at, asOf }) => {
        const kept = await keptOf(cluster);
        const rows = asOfFirst(kept, wanted(kept, filter), asOf);
        return { row: rows.length - rows.filter((entry) => entry.at <= at).length };
      },
      'timeline.export': async ({ cluster, filter, format }) => {
        const rows = wanted(await keptOf(cluster), filter);
        return { rows: rows.length, text: exportTimeline(rows, format) };
      },
    },
    onEvents: (cluster, events) => add(cluster, events.map(entryOfEvent)),
    onLogs: (cluster, records) =>
      add(
        cluster,
        records.map(({ entry }) => entry),
      ),
    forget: (cluster) => {
      clusters.delete(cluster);
    },
  };
}
