import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import type { ClusterSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { Guard } from '../../shared/domain/failover-plan.ts';
import type { Result } from '../../shared/lib/result.ts';
import { guard } from './guard.ts';
import { aimLever, findLever, type Lever, type LeverMove } from './lever.ts';
import { type LeverOwners, leverGuards, thirdNodes } from './lever-guards.ts';
import { replicationGuards } from './replication-guards.ts';
import { clusterGuards, engines, freshness, preemption, reachable, slaveGuard } from './role-guards.ts';

/** Everything that a plan is judged by. `to` is a node of the snapshot. */
export interface Facts {
  readonly definition: ClusterDefinition;
  readonly snapshot: ClusterSnapshot;
  readonly to: string;
  readonly now: number;
  /** Who may write the lever file and its folder; absent where there is no lever to ask about. */
  readonly owners?: LeverOwners | undefined;
  /** An error says why the audit log cannot be written. */
  readonly audit: Result<void, string>;
  /** What else is moving this cluster now, if anything. */
  readonly otherRun: string | undefined;
}

/** `move` is there whenever a lever was found that would do; whether it may be pulled, the guards say. */
export interface Assessment {
  readonly from: string | null;
  readonly move: LeverMove | undefined;
  readonly guards: readonly Guard[];
}

/** The node to act on, as far as one can be named: the cluster's master, and never the target itself. */
const masterOf = ({ snapshot, to }: Facts): NodeSnapshot | undefined =>
  snapshot.nodes.find((node) => node.name === snapshot.master && node.name !== to);

/** The lever that this failover would pull, before anybody looked at who may write it. */
export function leverFor(facts: Facts): Result<Lever, string> | undefined {
  const [from, target] = [masterOf(facts), facts.snapshot.nodes.find((node) => node.name === facts.to)];
  return from?.readings.takeover?.ok && target?.readings.takeover?.ok
    ? findLever(facts.definition, from, target)
    : undefined;
}

/**
 * Every condition of a failover with its evidence. One that cannot be judged, because another is not met, is left out:
 * then that other one stands in the list and refuses.
 */
export function assess(facts: Facts): Assessment {
  const { snapshot, now } = facts;
  const from = masterOf(facts);
  const target = snapshot.nodes.find((node) => node.name === facts.to);
  const both = [from, target].filter((node) => node !== undefined);
  const found = leverFor(facts);
  const aimed = from && target && found?.ok ? aimLever(found.value, from, target) : undefined;
  const guards = [
    target
      ? reachable(target, 'target-unreachable')
      : guard('target-unreachable', 'refuse', `${facts.to} has not been read yet.`, now),
    ...(from ? [reachable(from, 'master-unreachable')] : []),
    ...engines(both),
    freshness(both, now),
    ...clusterGuards(snapshot),
    ...(target ? slaveGuard(target) : []),
    ...(from && target ? preemption(from, target) : []),
    ...(found ? leverGuards(found, aimed, facts.owners, facts.to, now) : []),
    ...(aimed?.ok && target ? thirdNodes(snapshot, aimed.value, target, now) : []),
    ...(from && target ? replicationGuards(snapshot, from, target) : []),
    facts.otherRun === undefined
      ? guard('another-run', 'pass', 'No other failover of this cluster is under way.', now)
      : guard('another-run', 'refuse', facts.otherRun, now),
    facts.audit.ok
      ? guard('audit-unwritable', 'pass', 'This plan stands in the audit log.', now)
      : guard('audit-unwritable', 'refuse', `The audit log cannot be written: ${facts.audit.error}`, now),
  ];
  return { from: from?.name ?? null, move: aimed?.ok ? aimed.value : undefined, guards };
}
