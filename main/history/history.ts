import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { ClusterEvent } from '../../shared/domain/event.ts';
import type { ClusterSeries } from '../../shared/domain/history.ts';
import type { LogRecord } from '../../shared/domain/timeline.ts';
import { type Clock, systemClock } from '../../shared/lib/clock.ts';
import { eventNumbers } from './event-numbers.ts';
import { figuresOf } from './figures.ts';
import { gather } from './gathered.ts';
import { openKeeper } from './keeper.ts';
import { inMemory } from './open-file.ts';
import { pace } from './pace.ts';
import { roomWithin } from './room.ts';
import { seriesOf } from './series.ts';
import { steadiness } from './steadiness.ts';
import { type Row, rollUp } from './summary.ts';
import { logsKept, tiers, type View, viewOf, type Wanted } from './tiers.ts';

/** Readings and events of every cluster, kept over restarts. Nothing here ever throws at its caller. */
export interface History {
  /** Answers with the events that were new, under the ids that stay theirs. */
  readonly record: (snapshot: ClusterSnapshot) => readonly ClusterEvent[];
  /** What a chart of a cluster wants; each point keeps the extremes of its span. A poll never waits for it. */
  readonly series: (snapshot: ClusterSnapshot, wanted: Wanted) => Promise<ClusterSeries>;
  /** The newest thousand events, or `most`, from `from` up to and without `to` (ms since the epoch), oldest first. */
  readonly events: (cluster: string, from: number, to: number, most?: number) => ClusterEvent[];
  readonly recordLogs: (cluster: string, node: string, records: readonly LogRecord[]) => void;
  /** All that is kept of the logs of a cluster's nodes, in no order. */
  readonly logs: (cluster: string) => LogRecord[];
  /** The newest that is kept of one log, oldest first. */
  readonly logTail: (cluster: string, node: string, place: string) => LogRecord[];
  /** Takes all that is kept of a cluster out: another one may bear its name next. */
  readonly forget: (cluster: string) => void;
  /** What the operator should know about where the history is kept, or why it is not. */
  readonly notices: () => readonly string[];
  readonly close: () => void;
}

/** What was seen is written in one transaction so often (ms). */
const writeEveryMs = 1_000;
/** While writing fails it is tried again only at every so many of these times. */
const retryEvery = 30;
const mostEvents = 1_000;
/** So many rows are read at once. */
const pieceRows = 500;

/** How large the file may grow, in bytes: all detail of some 60 nodes. */
const mostBytes = 2e9;
/** As many records of a log as a look at it may overlap with. */
const tailRecords = 400;

/** `path`: the file, made on demand with its folder; undefined: in memory, for a command that is soon over. */
export function openHistory(
  path: string | undefined,
  clock: Clock = systemClock,
  most: number = mostBytes,
): History {
  const keeper = openKeeper(path ?? inMemory, clock);
  const gathered = gather();
  const numbers = eventNumbers((cluster) => {
    const newest = keeper.attempt((store) => store.events.newest(cluster));
    return newest.ok ? newest.value : undefined;
  });
  const steady = steadiness();
  const room = roomWithin(most);
  let timer: NodeJS.Timeout | undefined;
  let stopped: { readonly notice: string; tries: number } | undefined;
  let closed = false;

  function write(): void {
    timer = undefined;
    const now = clock();
    const trim = steady(now);
    if (stopped && !closed && ++stopped.tries % retryEvery !== 0) return;
    const written = keeper.attempt((store) => {
      if (trim) room.look(store.size());
      store.write(gathered.batch(), now, trim ? room.kept : undefined);
    });
    if (written.ok) {
      gathered.clear();
      stopped = undefined;
    } else {
      const why = 'why' in written.error ? written.error.why : written.error.kind;
      stopped ??= {
        notice: `Since ${new Date(now).toISOString()} the history is not written: ${why}. What is there can still be read.`,
        tries: 0,
      };
    }
  }

  async function rowsOf(
    cluster: string,
    node: string,
    view: View,
    breathe: () => Promise<void>,
  ): Promise<Row[]> {
    const { from, to, span, tier } = view;
    const piece = (tiers[tier]?.step ?? span) * pieceRows;
    const points: Row[] = [];
    for (let at = from; at < to; at += piece) {
      const end = Math.min(to, at + piece);
      const kept = keeper.attempt((store) => store.rows(cluster, node, tier, at, end));
      const rows = [...(kept.ok ? kept.value : []), ...gathered.rows(cluster, node, at, end)];
      points.push(
        ...rollUp(
          rows.sort((a, b) => a.at - b.at),
          span,
        ),
      );
      await breathe();
    }
    return points;
  }

  const events = (cluster: string, from: number, to: number, most = mostEvents): ClusterEvent[] => {
    const kept = keeper.attempt((store) => store.events.range(cluster, from, to, most));
    return [...(kept.ok ? kept.value : []), ...gathered.events(cluster, from, to)].slice(-most);
  };

  return {
    record: (snapshot) => {
      if (closed) return [];
      const { name, observedAt } = snapshot;
      for (const node of snapshot.nodes)
        gathered.add(name, node.name, observedAt, figuresOf(node, observedAt));
      const happened = numbers.take(snapshot);
      gathered.addEvents(name, happened);
      timer ??= setTimeout(write, writeEveryMs).unref();
      return happened;
    },
    series: async ({ name: cluster, observedAt, nodes: seen }, wanted) => {
      const reaches = (tier: number, from: number) =>
        seen.every(({ name }) => {
          const told = keeper.attempt((store) => store.reaches(cluster, name, tier, from));
          return !told.ok || told.value;
        });
      const view = viewOf(observedAt, wanted, reaches);
      const breathe = pace();
      const nodes = [];
      for (const { name } of seen) nodes.push({ name, rows: await rowsOf(cluster, name, view, breathe) });
      return seriesOf(nodes, view, events(cluster, view.from, view.to));
    },
    events,
    recordLogs: (cluster, node, records) => {
      if (!closed) gathered.addLogs(cluster, node, records);
    },
    logs: (cluster) => {
      const kept = keeper.attempt((store) =>
        store.logs.range(cluster, 0, Number.MAX_VALUE, logsKept.perCluster),
      );
      return [...(kept.ok ? kept.value : []), ...gathered.logs(cluster)];
    },
    logTail: (cluster, node, place) => {
      const kept = keeper.attempt((store) => store.logs.tail(cluster, node, place, tailRecords));
      return kept.ok ? kept.value : [];
    },
    forget: (cluster) => {
      gathered.forget(cluster);
      numbers.forget(cluster);
      keeper.attempt((store) => store.forget(cluster));
    },
    notices: () => [...keeper.notices(), ...room.notices(), ...(stopped ? [stopped.notice] : [])],
    close: () => {
      if (closed) return;
      closed = true;
      clearTimeout(timer);
      write();
      keeper.close();
    },
  };
}
