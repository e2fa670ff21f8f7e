import { type Alert, raisedPhase } from '../../shared/domain/alert.ts';
import { replicationNow } from '../../shared/domain/alert-finding.ts';
import type { ClusterSnapshot, FleetSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { isFinished } from '../../shared/domain/failover-run.ts';
import { everyTenSeconds } from '../../shared/domain/freshness.ts';
import { Verdict } from '../../shared/domain/health.ts';
import { SyncPhase } from '../../shared/domain/replication.ts';
import { NodeRole } from '../../shared/domain/role.ts';
import { current, type Metric, ms, states } from './metric.ts';
import type { MetricFamily, Sample } from './open-metrics.ts';
import { syncMetrics } from './sync-metrics.ts';

const clusterMetrics: readonly Metric<ClusterSnapshot>[] = [
  {
    name: 'handover_cluster_verdict',
    type: 'gauge',
    help: 'Whether the cluster is healthy: 1 at its verdict, 0 at the others.',
    read: ({ verdict }) => states('verdict', Verdict.options, verdict),
  },
  {
    name: 'handover_cluster_judged_timestamp_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'When the cluster was judged last, since the epoch.',
    read: ({ observedAt }) => ms(observedAt),
  },
  {
    name: 'handover_cluster_failover_running',
    type: 'gauge',
    help: 'Whether a failover started from here is under way.',
    read: ({ run }) => Number(run !== null && !isFinished(run.state)),
  },
  {
    name: 'handover_cluster_eligibility_ratio',
    type: 'gauge',
    unit: 'ratio',
    help: "Share of the master's kernel table that its agent replicates; compare it with its own past alone.",
    read: (cluster, now) => eligibilityNow(cluster, now)?.value,
  },
  {
    name: 'handover_cluster_eligibility_dropped',
    type: 'gauge',
    help: "Whether that share has fallen below its own past, or the kernel's events overran.",
    read: (cluster, now) => {
      const eligibility = eligibilityNow(cluster, now);
      return eligibility && Number(eligibility.dropped);
    },
  },
  {
    name: 'handover_cluster_protection_ratio',
    type: 'gauge',
    unit: 'ratio',
    help: 'The least coverage by count among the slaves; absent while any of them cannot be counted.',
    read: (cluster, now) => protectionNow(cluster, now)?.coverage,
  },
  {
    name: 'handover_cluster_at_risk_connections',
    type: 'gauge',
    help: "The most by which a slave's count falls short of its master's; absent while any cannot be counted.",
    read: (cluster, now) => protectionNow(cluster, now)?.atRisk,
  },
];

const nodeMetrics: readonly Metric<NodeSnapshot>[] = [
  {
    name: 'handover_node_reachable',
    type: 'gauge',
    help: 'Whether the node can be read; absent until the first attempt has ended.',
    read: ({ reachable, failure }) => (reachable ? 1 : failure ? 0 : undefined),
  },
  {
    name: 'handover_node_observed_timestamp_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'When the node answered last, since the epoch.',
    read: ({ observedAt }) => (observedAt > 0 ? ms(observedAt) : undefined),
  },
  {
    name: 'handover_node_role',
    type: 'gauge',
    help: 'What the node is: 1 at its role, 0 at the others.',
    read: ({ role }) => states('role', NodeRole.options, role),
  },
  {
    name: 'handover_node_role_start_timestamp_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Since when the node has its role, since the epoch.',
    read: ({ roleSince }) => ms(roleSince),
  },
  {
    name: 'handover_node_held_down_start_timestamp_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Since when the handover file holds the node down, since the epoch; absent where it does not.',
    read: ({ heldDownSince }) => ms(heldDownSince),
  },
  {
    name: 'handover_node_connections',
    type: 'gauge',
    help: 'Connections in the kernel table of the node.',
    read: (node, now) => current(node, node.readings.connections, now),
  },
  {
    name: 'handover_node_connections_limit',
    type: 'gauge',
    help: 'The most connections that the kernel table of the node takes.',
    read: (node, now) => current(node, node.readings.connectionsMax, now, everyTenSeconds),
  },
  {
    name: 'handover_replication_phase',
    type: 'gauge',
    help: 'How the slave follows its master: 1 at its phase, 0 at the others; absent on a master.',
    read: ({ replication }) =>
      replication ? states('phase', SyncPhase.options, replication.phase) : undefined,
  },
  {
    name: 'handover_replication_connections',
    type: 'gauge',
    help: 'Connections that the slave could put into its kernel now.',
    read: ({ replication }) => replication?.replicated,
  },
  {
    name: 'handover_replication_at_risk_connections',
    type: 'gauge',
    help: "By how many connections the slave's count falls short of its master's.",
    read: ({ replication }) => replication?.atRisk,
  },
  {
    name: 'handover_replication_excess_connections',
    type: 'gauge',
    help: 'Entries that the slave holds beyond what its master has; they can hide missing ones.',
    read: ({ replication }) => replication?.excess,
  },
  {
    name: 'handover_replication_coverage_ratio',
    type: 'gauge',
    unit: 'ratio',
    help: "Share of the master's connections that the slave holds, by count.",
    read: ({ replication }) => replication?.coverage.value,
  },
  {
    name: 'handover_replication_coverage_error_ratio',
    type: 'gauge',
    unit: 'ratio',
    help: 'How far the coverage may be off, because two nodes are never read at one instant.',
    read: ({ replication }) => replication?.coverage.errorBar,
  },
  {
    name: 'handover_replication_lag_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'How far the slave is behind; absent where it could not be measured.',
    read: ({ replication }) => (replication?.lag.kind === 'measured' ? replication.lag.seconds : undefined),
  },
  {
    name: 'handover_replication_lag_bound_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'The slave is behind by less than this, where nothing finer can be observed.',
    read: ({ replication }) => (replication?.lag.kind === 'below' ? replication.lag.seconds : undefined),
  },
  {
    name: 'handover_replication_backlog_messages',
    type: 'gauge',
    help: 'Messages that the master sent or will send, and that this slave has not acknowledged.',
    read: ({ replication }) => replication?.backlog,
  },
  ...syncMetrics,
];

const alertMetrics: readonly Metric<Alert>[] = [
  {
    name: 'handover_alert_firing',
    type: 'gauge',
    help: 'An alert that is raised and not yet over; absent otherwise.',
    read: () => 1,
  },
  {
    name: 'handover_alert_raised_timestamp_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'When the alert was raised, since the epoch.',
    read: (alert) => ms(raisedPhase(alert)?.raisedAt),
  },
  {
    name: 'handover_alert_acknowledged',
    type: 'gauge',
    help: 'Whether somebody has acknowledged the raised alert.',
    read: (alert) => Number(raisedPhase(alert)?.acknowledged !== undefined),
  },
];

/** All that Prometheus can be told of the fleet at `now`. Figures too old to say something about now are absent. */
export function fleetMetrics({ clusters }: FleetSnapshot, version: string, now: number): MetricFamily[] {
  const nodes = clusters.flatMap((cluster) =>
    cluster.nodes.map((node) => ({
      subject: asOfNow(cluster, node, now),
      labels: { cluster: cluster.name, node: node.name },
    })),
  );
  const alerts = clusters.flatMap((cluster) =>
    (cluster.alerts ?? []).filter(raisedPhase).map((alert) => ({
      subject: alert,
      labels: {
        cluster: cluster.name,
        ...(alert.node !== undefined && { node: alert.node }),
        alert: alert.name,
        severity: alert.severity,
      },
    })),
  );
  return [
    {
      name: 'handover_build',
      type: 'info',
      help: 'The version of Handover that answers.',
      samples: [{ labels: { version }, value: 1 }],
    },
    ...families(
      clusterMetrics,
      clusters.map((subject) => ({ subject, labels: { cluster: subject.name } })),
      now,
    ),
    ...families(nodeMetrics, nodes, now),
    ...families(alertMetrics, alerts, now),
  ];
}

function families<T>(
  metrics: readonly Metric<T>[],
  subjects: readonly { readonly subject: T; readonly labels: Sample['labels'] }[],
  now: number,
): MetricFamily[] {
  return metrics.map(({ read, ...family }) => ({
    ...family,
    samples: subjects.flatMap(({ subject, labels }) => {
      const figure = read(subject, now);
      if (figure === undefined) return [];
      if (typeof figure === 'number') return [{ labels, value: figure }];
      return figure.map((sample) => ({ ...sample, labels: { ...labels, ...sample.labels } }));
    }),
  }));
}

/** The worst of the slaves is known only while all of them are, and now. */
function protectionNow(cluster: ClusterSnapshot, now: number): ClusterSnapshot['protection'] {
  const { nodes, master, protection } = cluster;
  const slaves = nodes.filter(({ name }) => name !== master);
  const known = slaves.every((node) => replicationNow(cluster, node, now) !== undefined);
  return known && protection?.unknown.length === 0 ? protection : undefined;
}

function eligibilityNow({ nodes, master, eligibility }: ClusterSnapshot, now: number) {
  const node = nodes.find(({ name }) => name === master);
  const { agent, connections } = node?.readings ?? {};
  const known = node && current(node, agent, now) && current(node, connections, now) !== undefined;
  return known ? eligibility : undefined;
}

/** How a slave was judged is left out once one of the two readings behind it is too old. */
function asOfNow(cluster: ClusterSnapshot, node: NodeSnapshot, now: number): NodeSnapshot {
  const { replication: _, ...rest } = node;
  const replication = replicationNow(cluster, node, now);
  return { ...rest, ...(replication && replication !== 'is-master' && { replication }) };
}
