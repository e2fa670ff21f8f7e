import type { ClusterWatch } from '../cluster/cluster-watch.ts';
import type { CoverageSource } from '../connections/coverage/judge.ts';

export function coverageSource(watch: ClusterWatch | undefined): CoverageSource | undefined {
  if (!watch) return undefined;
  const { definition, agents, snapshot, probe } = watch;
  return {
    ...agents,
    snapshot,
    runner: (node) => probe(node)?.runner,
    address: (node) => {
      const found = definition.nodes.find(({ name }) => name === node);
      return `${found?.host ?? node}:${found?.port ?? 22}`;
    },
    config: definition.agent.config,
  };
}
