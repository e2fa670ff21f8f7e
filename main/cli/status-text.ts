import type {
  ClusterSnapshot,
  FleetSnapshot,
  NodeSnapshot,
  ReplicationSnapshot,
} from '../../shared/domain/cluster-snapshot.ts';
import { formatCount, formatCoverage, formatShare } from '../../shared/domain/format.ts';
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
    ...cluster.nodes.flatMap(remedyText),
    ...trapLines(cluster),
    ...table,
    ...protectionLines(cluster),
    '',
  ].join('\n');
}

/** How much a failover to the worst slave would keep, and what share of its connections the master replicates at all. */
function protectionLines({ protection, eligibility }: ClusterSnapshot): string[] {
  const { coverage, worst = '', atRisk = 0, distinguishable = false, unknown = [] } = protection ?? {};
  const bound = distinguishable ? '' : ', which is not distinguishable from all';
  const known =
    coverage === undefined
      ? []
      : [
          `${formatShare(coverage)} of the connections on ${worst}, ${formatCount(atRisk)} at risk now${bound}`,
        ];
  const blind = unknown.length > 0 ? [`unknown on ${unknown.join(', ')}`] : [];
  const fallen = eligibility?.dropped ? ', and has fallen: connections are no longer seen' : '';
  return [
    ...(known.length + blind.length > 0 ? [`  protection: ${[...known, ...blind].join('; ')}`] : []),
    ...(eligibility
      ? [`  eligibility: ${formatShare(eligibility.value)} of the master's table${fallen}`]
      : []),
  ];
}

/** The known traps, and of those that could not be looked for, on which node and why. */
function trapLines({ traps = [] }: ClusterSnapshot): string[] {
  const unread = traps.filter(({ state, pending }) => state === 'unknown' && !pending);
  const reasons = new Set(unread.map(({ sentence }) => sentence));
  return [
    ...traps
      .filter(({ state }) => state !== 'unknown')
      .flatMap(({ code, state, sentence, remedy, snippet }) => [
        `  worth knowing (${code}${state === 'possible' ? ', possibly' : ''}): ${sentence}`,
        ...(remedy === undefined ? [] : [`    → ${remedy}`]),
        ...(snippet ? [`    in ${snippet.where}: ${snippet.text.replaceAll('\n', ' ')}`] : []),
      ]),
    ...[...reasons].map((reason) => `  not checked: ${reason}`),
  ];
}

/** The commands that would mend the replication, to be typed by the operator on the node that each names. */
function remedyText({ replication }: NodeSnapshot): string[] {
  const { steps = [], sideEffects = '' } = replication?.remedy ?? {};
  if (steps.length === 0) return [];
  return [
    ...steps.map(({ node, command, what }) => `    ${node}$ ${command}  # ${what}`),
    `    Side effects: ${sideEffects}`,
  ];
}

function nodeRow(node: NodeSnapshot, now: number): string[] {
  const count = readingValue(node.readings.connections);
  const { replication } = node;
  return [
    node.name,
    node.role,
    node.engineState,
    node.reachable && count !== undefined ? count.toLocaleString('en') : 'unknown',
    replicatedText(replication),
    formatCoverage(replication?.coverage) ?? '-',
    replication ? lagText(replication.lag) : '-',
    replication?.phase ?? '-',
    readyText(node),
    node.observedAt > 0 ? `${Math.max(0, Math.round((now - node.observedAt) / 1000))} s ago` : 'never',
  ];
}

const replicatedText = ({ replicated, replicatedAtMost }: Partial<ReplicationSnapshot> = {}): string =>
  replicated !== undefined
    ? formatCount(replicated)
    : replicatedAtMost !== undefined
      ? `≤ ${formatCount(replicatedAtMost)}`
      : '-';

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
