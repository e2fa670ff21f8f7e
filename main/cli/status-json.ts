import type {
  ClusterSnapshot,
  FleetSnapshot,
  NodeSnapshot,
  ReplicationSnapshot,
} from '../../shared/domain/cluster-snapshot.ts';
import type { Trap } from '../../shared/domain/trap.ts';
import { readingValue } from '../../shared/lib/reading.ts';

/** `handover status --json`, version 1: a promise to scripts. Instants in ISO 8601 UTC, coverage 0 to 1. */
export const statusJson = (fleet: FleetSnapshot, now: number) => ({
  version: 1,
  observedAt: new Date(now).toISOString(),
  clusters: fleet.clusters.map(clusterJson),
});

const clusterJson = (cluster: ClusterSnapshot) => ({
  name: cluster.name,
  verdict: cluster.verdict,
  sentence: cluster.sentence,
  reasons: cluster.reasons,
  master: cluster.master,
  activeActive: cluster.activeActive,
  ...(cluster.traps && { traps: cluster.traps.map(trapJson) }),
  ...(cluster.eligibility && { eligibility: cluster.eligibility }),
  ...(cluster.protection && { protection: cluster.protection }),
  nodes: cluster.nodes.map(nodeJson),
});

/** What is said of a slave by count; what cannot be had is absent. */
const countJson = ({ coverage, replicatedAtMost, excess, atRisk }: ReplicationSnapshot) => ({
  ...(replicatedAtMost !== undefined && { replicatedAtMost }),
  ...(coverage.value !== undefined && {
    coverage: coverage.value,
    coverageErrorBar: coverage.errorBar,
    coverageDistinguishable: coverage.distinguishable,
  }),
  ...(excess !== undefined && { excess }),
  ...(atRisk !== undefined && { atRisk }),
});

const trapJson = ({ evidence, ...trap }: Trap) => ({
  ...trap,
  evidence: evidence.map((each) => ({ ...each, observedAt: new Date(each.observedAt).toISOString() })),
});

/** On the master itself replication is no question: its lag and phase are left unknown. */
const nodeJson = (node: NodeSnapshot) => ({
  name: node.name,
  role: node.role === 'conflict' ? 'unknown' : node.role,
  engineState: node.engineState,
  instances: node.instances.map(({ name, vrid, state, addresses }) => ({ name, vrid, state, addresses })),
  reachable: node.reachable,
  ...(node.failure && { failure: node.failure.kind, failureMessage: node.failure.message }),
  connections: node.reachable ? (readingValue(node.readings.connections) ?? null) : null,
  ...(node.replication?.replicated !== undefined && { replicated: node.replication.replicated }),
  ...(node.replication && countJson(node.replication)),
  lag: node.replication?.lag ?? { kind: 'unknown' },
  phase: node.replication?.phase ?? 'unknown',
  ...(node.replication?.direction && { direction: node.replication.direction }),
  ...(node.replication?.remedy && { remedy: node.replication.remedy }),
  ...(node.readiness && { readiness: node.readiness }),
  ...(node.gates && {
    gates: node.gates.map(({ code, result, message, observedAt }) => ({
      code,
      result,
      message,
      observedAt: observedAt === undefined ? null : new Date(observedAt).toISOString(),
    })),
  }),
  ...(node.expectedCommit && { expectedCommitSeconds: node.expectedCommit.seconds }),
  ...(node.heldDownSince !== undefined && { heldDownSince: new Date(node.heldDownSince).toISOString() }),
  observedAt: node.observedAt > 0 ? new Date(node.observedAt).toISOString() : null,
});
