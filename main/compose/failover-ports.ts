import type { Clock } from '../../shared/lib/clock.ts';
import { agentsOf } from '../cluster/cluster-agents.ts';
import type { Fleet } from '../cluster/fleet.ts';
import type { CachePace } from '../connections/cache-pace.ts';
import type { CanaryPorts } from '../failover/canary.ts';
import type { createFailover } from '../failover/failover.ts';
import { coverageSource } from './coverage-source.ts';

export function failoverPorts(fleet: Fleet, clock: Clock): Parameters<typeof createFailover>[0] {
  const watch = (cluster: string) => {
    const found = fleet.get(cluster);
    if (!found) throw new Error(`no such cluster: ${cluster}`);
    return found;
  };
  return {
    clock,
    definition: (cluster) => fleet.get(cluster)?.definition,
    snapshot: (cluster) => fleet.get(cluster)?.snapshot(),
    refresh: (cluster, deadlineMs) => watch(cluster).refresh(deadlineMs),
    runOn: async (cluster, node, command) => {
      const probe = watch(cluster).probe(node);
      if (!probe) throw new Error(`no such node: ${node}`);
      return probe.runner.exec(command);
    },
    onSnapshot: (cluster, listener) => watch(cluster).onSnapshot(listener),
    publishRun: (cluster, run) => watch(cluster).put({ kind: 'run', run }),
    takeover: (definition) => agentsOf(definition).takeover,
    sync: (definition) => agentsOf(definition).sync,
  };
}

export function canaryPorts(fleet: Fleet, pace: CachePace, clock: Clock): CanaryPorts {
  const address = (cluster: string, node: string) =>
    coverageSource(fleet.get(cluster))?.address(node) ?? node;
  return {
    ...failoverPorts(fleet, clock),
    agents: agentsOf,
    runner: (cluster, node) => fleet.get(cluster)?.probe(node)?.runner,
    nextDumpAt: (cluster, node) => pace.nextAt(address(cluster, node)),
    dumped: (cluster, node) => pace.taken(address(cluster, node)),
    publish: (cluster, master, node, estimate) =>
      fleet.get(cluster)?.put({ kind: 'canary', master, node, estimate }),
  };
}
