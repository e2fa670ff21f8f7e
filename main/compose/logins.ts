import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import type { Fleet } from '../cluster/fleet.ts';

/** Lets every node try again whose login waits for the same key. */
export function reconnectWaiting(fleet: Fleet, lockedKey: string): void {
  for (const { definition, probe } of fleet.all()) {
    for (const { name } of definition.nodes) {
      const session = probe(name)?.session;
      if (session && 'failure' in session.state && session.state.failure.lockedKey === lockedKey) {
        session.reconnect();
      }
    }
  }
}

/** How a node is reached: its entry of the inventory, and the operator's agent. */
export function target({ sudo: _, ...node }: ClusterDefinition['nodes'][number]) {
  const agentSocket = process.env.SSH_AUTH_SOCK;
  const { identityFile, ...rest } = node;
  return {
    ...rest,
    ...(identityFile !== undefined && { identityFile }),
    ...(agentSocket !== undefined && agentSocket !== '' && { agentSocket }),
  };
}
