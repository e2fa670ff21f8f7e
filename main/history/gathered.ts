import type { ClusterEvent } from '../../shared/domain/event.ts';
import type { LogRecord } from '../../shared/domain/timeline.ts';
import type { Values } from './figures.ts';
import type { Batch } from './store.ts';
import { floorTo, merge, type Row, type Summary, summaryOf } from './summary.ts';
import { finest } from './tiers.ts';

/** What waits to be written while it cannot be, at most: seconds of each node, and events. What is older is lost. */
const most = { seconds: 300, events: 2_000, logs: 10_000 };

/** What was seen since the last write. */
export interface Gathered {
  readonly add: (cluster: string, node: string, at: number, values: Values) => void;
  readonly addEvents: (cluster: string, events: readonly ClusterEvent[]) => void;
  readonly addLogs: (cluster: string, node: string, records: readonly LogRecord[]) => void;
  readonly rows: (cluster: string, node: string, from: number, to: number) => Row[];
  readonly events: (cluster: string, from: number, to: number) => ClusterEvent[];
  readonly logs: (cluster: string) => LogRecord[];
  readonly batch: () => Batch;
  readonly clear: () => void;
  readonly forget: (cluster: string) => void;
}

export function gather(): Gathered {
  const clusters = new Map<string, Map<string, Map<number, Summary>>>();
  let waiting: Batch['events'][number][] = [];
  let logged: Batch['logs'][number][] = [];
  const rowsOf = (seconds: ReadonlyMap<number, Summary>): Row[] =>
    [...seconds].map(([at, summary]) => ({ at, summary }));
  return {
    add: (cluster, node, at, values) => {
      const nodes = clusters.get(cluster) ?? new Map<string, Map<number, Summary>>();
      const seconds = nodes.get(node) ?? new Map<number, Summary>();
      clusters.set(cluster, nodes.set(node, seconds));
      const second = floorTo(at, finest.step);
      const before = seconds.get(second);
      const now = summaryOf(values);
      seconds.set(second, before ? merge(before, now) : now);
      const [oldest] = seconds.keys();
      if (seconds.size > most.seconds && oldest !== undefined) seconds.delete(oldest);
    },
    addEvents: (cluster, events) => {
      if (events.length === 0) return;
      waiting = [...waiting, ...events.map((event) => ({ cluster, event }))].slice(-most.events);
    },
    addLogs: (cluster, node, records) => {
      logged = [...logged, ...records.map((record) => ({ cluster, node, record }))].slice(-most.logs);
    },
    rows: (cluster, node, from, to) =>
      rowsOf(clusters.get(cluster)?.get(node) ?? new Map()).filter(({ at }) => at >= from && at < to),
    events: (cluster, from, to) =>
      waiting
        .filter((each) => each.cluster === cluster && each.event.at >= from && each.event.at < to)
        .map(({ event }) => event),
    logs: (cluster) => logged.filter((each) => each.cluster === cluster).map(({ record }) => record),
    batch: () => ({
      readings: [...clusters].flatMap(([cluster, nodes]) =>
        [...nodes].map(([node, seconds]) => ({ cluster, node, rows: rowsOf(seconds) })),
      ),
      events: waiting,
      logs: logged,
    }),
    clear: () => {
      clusters.clear();
      waiting = [];
      logged = [];
    },
    forget: (cluster) => {
      clusters.delete(cluster);
      waiting = waiting.filter((each) => each.cluster !== cluster);
      logged = logged.filter((each) => each.cluster !== cluster);
    },
  };
}
