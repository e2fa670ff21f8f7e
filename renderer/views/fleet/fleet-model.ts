import type { ClusterSnapshot, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { isTakeover } from '../../../shared/domain/event-log.ts';
import { formatCount, formatCoverage, formatLag } from '../../../shared/domain/format.ts';
import type { Verdict } from '../../../shared/domain/health.ts';
import { type Reading, readingValue } from '../../../shared/lib/reading.ts';
import { type Face, phaseFace, readinessFace, roleFace, verdictFace } from '../../components/faces.ts';

/** A figure as it stands in a row: what it says, and when it was read, where it was. */
export interface Figure {
  readonly text: string;
  readonly observedAt?: number;
}

export interface FleetRow {
  readonly name: string;
  readonly environment: string | undefined;
  readonly demo: boolean;
  readonly verdict: Face;
  readonly sentence: string;
  readonly master: string;
  readonly slaves: readonly {
    readonly name: string;
    readonly face: Face;
    /** Whether it could take over now; absent where nobody judged it. */
    readonly readiness: Face | undefined;
    readonly held: boolean;
  }[];
  readonly connections: Figure;
  readonly coverage: Figure;
  readonly lag: Figure;
  /** The last change of master that is known. */
  readonly lastFailover: { readonly at: number; readonly message: string } | undefined;
}

const none = '–';

export function fleetRow(cluster: ClusterSnapshot): FleetRow {
  const master = cluster.nodes.find((node) => node.name === cluster.master);
  const slaves = cluster.nodes.filter((node) => node.name !== cluster.master && node.role !== 'master');
  const worst = worstSlave(slaves);
  return {
    name: cluster.name,
    environment: cluster.environment,
    demo: cluster.demo ?? false,
    verdict: verdictFace[cluster.verdict],
    sentence: cluster.sentence,
    master: masterText(cluster),
    slaves: slaves.map((node) => ({
      name: node.name,
      face: slaveFace(node),
      readiness: node.reachable && node.readiness ? readinessFace[node.readiness] : undefined,
      held: node.heldDownSince !== undefined,
    })),
    connections: countFigure(master?.readings.connections),
    coverage:
      slaves.length === 0 ? { text: none } : agentFigure(worst, formatCoverage(worst?.replication?.coverage)),
    lag: slaves.length === 0 ? { text: none } : agentFigure(worst, lagText(worst)),
    lastFailover: cluster.events.findLast(isTakeover),
  };
}

function masterText(cluster: ClusterSnapshot): string {
  if (cluster.activeActive) return 'one per instance';
  if (cluster.master !== null) return cluster.master;
  const masters = cluster.nodes.filter((node) => node.role === 'master');
  if (masters.length > 1) return masters.map((node) => node.name).join(' and ');
  return cluster.reasons.some((reason) => reason.code === 'no-master') ? 'none' : 'unknown';
}

/** A slave is told by its phase; a node that is no slave, or cannot be read, by what it is instead. */
export function slaveFace(node: NodeSnapshot): Face {
  if (!node.reachable) return { ...roleFace.unknown, word: 'not reachable' };
  if (node.role !== 'slave') return roleFace[node.role];
  return phaseFace[node.replication?.phase ?? 'unknown'];
}

/** The slave that covers least; one whose coverage is not known counts as the worst of all. */
export function worstSlave(slaves: readonly NodeSnapshot[]): NodeSnapshot | undefined {
  const covered = (node: NodeSnapshot) => (node.reachable ? (node.replication?.coverage.value ?? -1) : -1);
  return slaves.reduce<NodeSnapshot | undefined>(
    (worst, node) => (worst === undefined || covered(node) < covered(worst) ? node : worst),
    undefined,
  );
}

const lagText = (node: NodeSnapshot | undefined): string | undefined =>
  node?.replication && formatLag(node.replication.lag).replace(' in this mode', '');

const countFigure = (reading: Reading<number> | undefined): Figure => {
  const value = readingValue(reading);
  return value === undefined || reading === undefined
    ? { text: 'unknown' }
    : { text: formatCount(value), observedAt: reading.observedAt };
};

const agentFigure = (node: NodeSnapshot | undefined, text: string | undefined): Figure => {
  const reading = node?.readings.agent;
  if (text === undefined || reading === undefined || !reading.ok) return { text: text ?? 'unknown' };
  return { text, observedAt: reading.observedAt };
};

const rank: Record<Verdict, number> = { critical: 0, unknown: 1, warning: 2, ok: 3 };

/** Cluster names, worst first; equals keep the inventory's order. */
export const worstFirst = (clusters: readonly ClusterSnapshot[]): string[] =>
  clusters.toSorted((a, b) => rank[a.verdict] - rank[b.verdict]).map((cluster) => cluster.name);

/** While somebody points at the list nothing moves: known rows keep their place, new ones join at the end. */
export function heldOrder(before: readonly string[], clusters: readonly ClusterSnapshot[]): string[] {
  const names = new Set(clusters.map((cluster) => cluster.name));
  const kept = before.filter((name) => names.has(name));
  return [...kept, ...worstFirst(clusters).filter((name) => !kept.includes(name))];
}

export const matchesFleetFilter = (row: FleetRow, text: string): boolean => {
  const haystack = [
    row.name,
    row.environment ?? '',
    row.verdict.word,
    row.sentence,
    row.master,
    ...row.slaves.flatMap((slave) => [slave.name, slave.face.word, slave.readiness?.word ?? '']),
  ].join(' ');
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.toLowerCase().includes(word));
};

/** How many clusters have each verdict, worst first; those that nobody has are left out. */
export function tally(clusters: readonly ClusterSnapshot[]): { verdict: Verdict; count: number }[] {
  const order: Verdict[] = ['critical', 'unknown', 'warning', 'ok'];
  return order
    .map((verdict) => ({ verdict, count: clusters.filter((cluster) => cluster.verdict === verdict).length }))
    .filter(({ count }) => count > 0);
}
