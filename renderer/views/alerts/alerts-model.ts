import { type Alert, type AlertName, type AlertPhase, raisedPhase } from '../../../shared/domain/alert.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import type { ReasonCode } from '../../../shared/domain/health.ts';
import { type Evidence, evidenceOf } from '../cluster/cluster-model.ts';

export interface AlertRow {
  readonly cluster: ClusterSnapshot;
  readonly alert: Alert;
  /** When it was raised, or first seen where it is not raised (ms since the epoch). */
  readonly at: number;
  readonly note: { readonly at: number; readonly text: string } | undefined;
  /** Where it stands, where that is not plain from the section. */
  readonly standing: string | undefined;
}

export interface AlertSection {
  readonly title: string;
  readonly rows: readonly AlertRow[];
}

/** Every alert of every cluster in the order in which to look at them: critical ones first, then the oldest. */
export function sectionsOf(clusters: readonly ClusterSnapshot[]): AlertSection[] {
  const rows = clusters.flatMap((cluster) => (cluster.alerts ?? []).map((alert) => rowOf(cluster, alert)));
  const sorted = rows.toSorted(
    (a, b) =>
      Number(b.alert.severity === 'critical') - Number(a.alert.severity === 'critical') || a.at - b.at,
  );
  const raised = sorted.filter(({ alert }) => raisedPhase(alert));
  const of = (kind: AlertPhase['kind']) => sorted.filter(({ alert }) => alert.phase.kind === kind);
  return [
    { title: 'Raised', rows: raised.filter(({ note }) => note === undefined) },
    { title: 'Acknowledged', rows: raised.filter(({ note }) => note !== undefined) },
    { title: 'Muted', rows: of('muted') },
    { title: 'Not raised yet', rows: of('pending') },
  ].filter(({ rows: { length } }) => length > 0);
}

function rowOf(cluster: ClusterSnapshot, alert: Alert): AlertRow {
  const raised = raisedPhase(alert);
  const acknowledged = raised?.acknowledged;
  return {
    cluster,
    alert,
    at: raised?.raisedAt ?? alert.since,
    note: acknowledged && { at: acknowledged.at, text: acknowledged.note },
    standing: standingOf(alert.phase),
  };
}

const mutedBy = {
  run: 'a failover from here is running',
  maintenance: 'the node is out of service on purpose',
} as const;

function standingOf(phase: AlertPhase): string | undefined {
  switch (phase.kind) {
    case 'clearing':
      return 'no longer seen; it ends if that lasts';
    case 'muted':
      return `not told: ${mutedBy[phase.by]}`;
    case 'pending':
      return 'told if it lasts';
    case 'firing':
      return undefined;
  }
}

/** The verdict's reason whose readings an alert rests on, too. */
const reasons: Readonly<Partial<Record<AlertName, ReasonCode>>> = {
  'split-brain': 'split-brain',
  'no-master': 'no-master',
  unprotected: 'unprotected',
  'sync-silent': 'sync-silent',
  'sync-behind': 'sync-behind',
  'coverage-low': 'sync-behind',
  'node-gone': 'node-unreachable',
  'agent-gone': 'agent-not-running',
  'takeover-gone': 'takeover-not-running',
  'role-moved': 'role-unknown',
};

/** What was read of what the alert is about, as it stands now. */
export function alertEvidence(cluster: ClusterSnapshot, { name, node }: Alert): Evidence[] {
  const about = node === undefined ? {} : { node };
  const code = reasons[name];
  if (code !== undefined) return evidenceOf(cluster, { code, ...about });
  const found = cluster.nodes.find((each) => each.name === node);
  const { connections, connectionsMax } = found?.readings ?? {};
  return [
    { reading: connections, what: 'connections' },
    { reading: connectionsMax, what: 'the most that its table takes' },
  ].flatMap(({ reading, what }) =>
    reading?.ok && node !== undefined
      ? [
          {
            node,
            what: `${formatCount(reading.value)} ${what}`,
            observedAt: reading.observedAt,
            source: reading.source,
          },
        ]
      : [],
  );
}
