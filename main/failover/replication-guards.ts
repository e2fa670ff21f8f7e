import type { ClusterSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { Guard } from '../../shared/domain/failover-plan.ts';
import { formatCount } from '../../shared/domain/format.ts';
import { guard } from './guard.ts';

/** What of the connections would live on: never a reason to refuse, always one to tell before. */
export function replicationGuards(
  snapshot: ClusterSnapshot,
  from: NodeSnapshot,
  target: NodeSnapshot,
): Guard[] {
  const agents = agentGuard([from, target]);
  const { phase, evidence } = target.replication ?? {
    phase: 'unknown',
    evidence: 'nothing is known of its replication',
  };
  const at = target.readings.agent?.observedAt ?? target.observedAt;
  const guards = [agents];
  const running = agents.result === 'pass';
  if (running && phase !== 'unknown' && phase !== 'never') {
    guards.push(
      phase === 'silent'
        ? guard('sync-silent', 'warn', `${target.name} hears nothing from ${from.name}: ${evidence}.`, at)
        : guard('sync-silent', 'pass', `${target.name} hears ${from.name}.`, at),
    );
    if (phase !== 'silent') {
      guards.push(
        phase === 'in-step'
          ? guard('sync-behind', 'pass', `${target.name} is in step: ${evidence}.`, at)
          : guard('sync-behind', 'warn', `${target.name} is not in step (${phase}): ${evidence}.`, at),
      );
    }
  }
  const reported = snapshot.reasons.find((reason) => reason.code === 'unprotected');
  const nothing = !running || phase === 'unknown' || phase === 'never';
  const held = target.replication?.replicated;
  const count = held === undefined ? '' : ` It holds ${formatCount(held)} of them.`;
  guards.push(
    nothing || reported
      ? guard(
          'unprotected',
          'warn',
          `Connections of ${from.name} may break: it cannot be shown that ${target.name} could carry them on.${count}`,
          at,
        )
      : guard(
          'unprotected',
          'pass',
          `${target.name} can carry the connections of ${from.name} on.${count}`,
          at,
        ),
  );
  return guards;
}

function agentGuard(nodes: readonly NodeSnapshot[]): Guard {
  const problems = nodes.flatMap((node) => {
    const { agent } = node.readings;
    if (agent?.ok) return [];
    const why = agent?.failure;
    const stopped = why?.kind === 'not-running' || why?.kind === 'not-installed';
    return [
      stopped
        ? `conntrackd does not run on ${node.name}.`
        : `Whether conntrackd runs on ${node.name} is not known${why ? `: ${why.message}` : '.'}`,
    ];
  });
  const at = Math.min(...nodes.map((node) => node.readings.agent?.observedAt ?? node.observedAt));
  return problems.length > 0
    ? guard('agent-not-running', 'warn', problems.join(' '), at)
    : guard(
        'agent-not-running',
        'pass',
        `conntrackd runs on ${nodes.map((node) => node.name).join(' and ')}.`,
        at,
      );
}
