import type { CallHandlers } from '../../shared/contract/contract.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Fleet } from '../cluster/fleet.ts';
import { createDrops } from '../connections/drop.ts';
import type { Audit } from '../failover/audit-log.ts';

/** The two calls that drop connections, on the fleet's nodes and with the same audit log as a failover. */
export function dropHandlers(
  fleet: Fleet,
  audit: Audit,
  clock: Clock,
): Pick<CallHandlers, 'connections.dropPlan' | 'connections.drop'> {
  const drops = createDrops({
    find: (cluster, node) => {
      const watch = fleet.get(cluster);
      const runner = watch?.probe(node)?.runner;
      return watch && runner && { runner, table: watch.agents.table, snapshot: watch.snapshot };
    },
    audit,
    clock,
  });
  return {
    'connections.dropPlan': async ({ cluster, node, connections }) => {
      const plan = await drops.plan(cluster, node, connections);
      return plan.ok ? { accepted: true, plan: plan.value } : { accepted: false, reason: plan.error };
    },
    'connections.drop': async ({ planId, confirmation }) => {
      const done = await drops.drop(planId, confirmation);
      return done.ok ? { accepted: true, results: done.value } : { accepted: false, reason: done.error };
    },
  };
}
