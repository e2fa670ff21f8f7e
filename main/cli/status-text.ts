import type { ClusterSnapshot, FleetSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { SyncLag } from '../../shared/domain/sync-lag.ts';
import { readingValue } from '../../shared/lib/reading.ts';

/** `handover status` for people: a verdict and its sentence, then a line a node. */
export const statusText = (fleet: FleetSnapshot, now: number): string =>
  fleet.clusters.map((cluster) => clusterText(cluster, now)).join('\n');

function clusterText(cluster: ClusterSnapshot, now: number): string {
  const rows = [
    ['NODE', 'ROLE', 'ENGINE', 'CONNECTIONS', 'REPLICATED', 'COVERAGE', 'LAG', 'PHASE', 'READY', 'READ'],
    ...cluster.nodes.map((node) => nodeRow(node, now)),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const table = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  const [, ...more] = cluster.reasons;
  const remedies = new Set(cluster.reasons.flatMap(({ remedy }) => (remedy === undefined ? [] : [remedy])));
  return [
    `${cluster.name}: ${cluster.verdict}. ${cluster.sentence}`,
    ...more.map((reason) => `  ${reason.severity}: ${reason.message}`),
    ...[...remedies].map((remedy) => `  → ${remedy}`),
    ...table,
    '',
  ].join('\n');
}

function nodeRow(node: NodeSnapshot, now: number): string[] {
  const count = readingValue(node.readings.connections);
  const { replication } = node;
  const coverage = replication?.coverage.value;
  return [
    node.name,
    node.role,
    node.engineState,
    node.reachable && count !== undefined ? count.toLocaleString('en') : 'unknown',
    replication?.replicated?.toLocaleString('en') ?? '-',
    coverage === undefined ? '-' : `${(coverage * 100).toFixed(1)} %`,
    replication ? lagText(replication.lag) : '-',
    replication?.phase ?? '-',
    readyText(node),
    node.observedAt > 0 ? `${Math.max(0, Math.round((now - node.observedAt) / 1000))} s ago` : 'never',
  ];
}

/** The word, and the gates that keep it from being `ready`. */
function readyText({ readiness, gates = [] }: NodeSnapshot): string {
  if (readiness === undefined) return '-';
  const open = gates.filter((gate) => gate.result === (readiness === 'unknown' ? 'unknown' : 'fail'));
  const named = open.length > 2 ? `${open.length} gates` : open.map((gate) => gate.code).join(', ');
  return readiness === 'ready' || named === '' ? readiness : `${readiness} (${named})`;
}

function lagText({ kind, seconds = 0 }: SyncLag): string {
  if (kind === 'measured') return `${seconds.toFixed(1)} s`;
  return kind === 'below' ? `< ${seconds} s` : kind === 'not-measurable' ? 'not measurable' : 'unknown';
}
