import type { AlertName, AlertSeverity } from './alert.ts';
import {
  agentGone,
  behind,
  coverageLow,
  type Finding,
  fine,
  nodeGone,
  noMaster,
  silent,
  splitBrain,
  tableFull,
  takeoverGone,
  unprotected,
  wrong,
} from './alert-finding.ts';
import type { ClusterSnapshot, NodeSnapshot } from './cluster-snapshot.ts';
import type { RoleMove } from './role-move.ts';

interface Rule {
  readonly name: AlertName;
  readonly severity: AlertSeverity;
  /** For how long (ms) its condition must be known to be true before it is raised, and false before it is cleared. */
  readonly holdMs: number;
  readonly clearMs: number;
  /**
   * Whose maintenance mutes it. Two masters, or none, are never what somebody wanted: only a run of ours, which is
   * short and watched, mutes those.
   */
  readonly mutedBy: 'its node' | 'any node' | 'none';
}

/** A rule about the cluster as a whole, or about each of its nodes. */
export type AlertRule = Rule &
  (
    | { readonly about: 'cluster'; readonly judge: (cluster: ClusterSnapshot) => Finding }
    | {
        readonly about: 'node';
        readonly judge: (
          cluster: ClusterSnapshot,
          node: NodeSnapshot,
          now: number,
          move: RoleMove | undefined,
        ) => Finding;
      }
  );

const second = 1_000;
const minute = 60 * second;

/** For how long (ms) a move of a role stays worth an alert. */
const moveIsNewsMs = 15 * minute;

/** An election takes about four seconds, and every fault is seen twice before a snapshot tells it. */
export const alertRules: readonly AlertRule[] = [
  rule('split-brain', 'critical', 2 * second, 10 * second, 'none', splitBrain),
  rule('no-master', 'critical', 5 * second, 10 * second, 'none', noMaster),
  rule('unprotected', 'critical', 10 * second, 10 * second, 'any node', unprotected),
  perNode('sync-silent', 'critical', 10 * second, 10 * second, silent),
  perNode('sync-behind', 'warning', 30 * second, 30 * second, behind),
  perNode('coverage-low', 'warning', minute, minute, coverageLow),
  perNode('table-full', 'warning', 10 * second, minute, tableFull),
  perNode('node-gone', 'critical', 10 * second, 10 * second, nodeGone),
  perNode('agent-gone', 'critical', 5 * second, 10 * second, agentGone),
  perNode('takeover-gone', 'critical', 5 * second, 10 * second, takeoverGone),
  { ...perNode('role-moved', 'warning', 3 * second, 0, roleMoved), mutedBy: 'any node' },
];

function roleMoved(_: ClusterSnapshot, node: NodeSnapshot, now: number, move: RoleMove | undefined): Finding {
  if (move?.to !== node.name || now - move.at > moveIsNewsMs) return fine;
  return wrong(
    `${move.instances.join(', ')} moved from ${move.from} to ${move.to}, and Handover did not do it.`,
    `Look at the log of the takeover engine on ${move.from}.`,
  );
}

function rule(
  name: AlertName,
  severity: AlertSeverity,
  holdMs: number,
  clearMs: number,
  mutedBy: Rule['mutedBy'],
  judge: (cluster: ClusterSnapshot) => Finding,
): AlertRule {
  return { name, severity, holdMs, clearMs, mutedBy, about: 'cluster', judge };
}

function perNode(
  name: AlertName,
  severity: AlertSeverity,
  holdMs: number,
  clearMs: number,
  judge: Extract<AlertRule, { about: 'node' }>['judge'],
): AlertRule {
  return { name, severity, holdMs, clearMs, mutedBy: 'its node', about: 'node', judge };
}
