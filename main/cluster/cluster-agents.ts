import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import { syncAgents, tableAgents, takeoverEngines } from '../agents/registry.ts';
import type { NodeAgents } from '../probe/node-probe.ts';

/** The agents that a cluster's definition names. */
export const agentsOf = (definition: ClusterDefinition): NodeAgents => ({
  table: named(tableAgents, 'conntrack'),
  sync: named(syncAgents, definition.agent.kind),
  takeover: named(takeoverEngines, definition.takeover.kind),
});

function named<T extends { readonly kind: string }>(agents: readonly T[], kind: string): T {
  const found = agents.find((agent) => agent.kind === kind);
  if (!found) throw new Error(`no agent of kind ${kind}`);
  return found;
}
