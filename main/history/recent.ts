import type { ClusterSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { ClusterSeries } from '../../shared/domain/history.ts';
import { readingValue } from '../../shared/lib/reading.ts';

/** One point a second for an hour. */
const everyMs = 1_000;
const keptPoints = 3_600;

type Figures = Pick<ClusterSeries['nodes'][number], 'name'> & {
  connections: number | null;
  replicated: number | null;
  lag: number | null;
  backlog: number | null;
};

interface Point {
  readonly at: number;
  readonly nodes: readonly Figures[];
}

/** The last hour of every cluster, in memory. */
export interface RecentHistory {
  readonly record: (snapshot: ClusterSnapshot) => void;
  /** At most `points` points over the last `seconds`; of several readings in a point's span the last one stands. */
  readonly series: (snapshot: ClusterSnapshot, seconds: number, points: number) => ClusterSeries;
  readonly forget: (cluster: string) => void;
}

export function recentHistory(): RecentHistory {
  const clusters = new Map<string, Point[]>();
  return {
    record: (snapshot) => {
      const kept = clusters.get(snapshot.name) ?? [];
      clusters.set(snapshot.name, kept);
      const last = kept.at(-1);
      if (last && snapshot.observedAt - last.at < everyMs) return;
      kept.push({ at: snapshot.observedAt, nodes: snapshot.nodes.map(figuresOf) });
      if (kept.length > keptPoints) kept.splice(0, kept.length - keptPoints);
    },
    series: (snapshot, seconds, points) => {
      const from = snapshot.observedAt - seconds * 1000;
      const span = (seconds * 1000) / Math.max(1, points);
      const bySlot = new Map<number, Point>();
      for (const point of clusters.get(snapshot.name) ?? []) {
        if (point.at >= from) bySlot.set(Math.floor(point.at / span), point);
      }
      const chosen = [...bySlot.values()];
      const column = (name: string, key: Exclude<keyof Figures, 'name'>) =>
        chosen.map((point) => point.nodes.find((node) => node.name === name)?.[key] ?? null);
      return {
        times: chosen.map((point) => point.at),
        nodes: snapshot.nodes.map(({ name }) => ({
          name,
          connections: column(name, 'connections'),
          replicated: column(name, 'replicated'),
          lag: column(name, 'lag'),
          backlog: column(name, 'backlog'),
        })),
        marks: snapshot.events
          .filter((event) => event.at >= from && event.kind !== 'recovery')
          .map(({ at, message, severity }) => ({ at, label: message, severity })),
      };
    },
    forget: (cluster) => clusters.delete(cluster),
  };
}

/** Only what was read counts: a node that cannot be read leaves a gap, never its last figure. */
function figuresOf(node: NodeSnapshot): Figures {
  const { replication } = node;
  const known = node.reachable;
  return {
    name: node.name,
    connections: known ? (readingValue(node.readings.connections) ?? null) : null,
    replicated: known ? (replication?.replicated ?? null) : null,
    lag: known ? (replication?.lag.seconds ?? null) : null,
    backlog: known ? (replication?.backlog ?? null) : null,
  };
}
