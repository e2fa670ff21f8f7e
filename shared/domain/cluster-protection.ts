import type { NodeSnapshot, Protection } from './cluster-snapshot.ts';

/** How well the slaves of the one master protect its connections, by count: the worst of them decides. */
export function protectionOf(nodes: readonly NodeSnapshot[], master: string): Protection {
  const slaves = nodes.filter((node) => node.name !== master);
  const counted = slaves.flatMap(({ name, replication }) =>
    replication?.coverage.value === undefined
      ? []
      : [{ name, ...replication.coverage, value: replication.coverage.value }],
  );
  const [worst] = counted.toSorted((one, other) => one.value - other.value);
  const risks = slaves.flatMap(({ replication }) => replication?.atRisk ?? []);
  return {
    ...(worst && { coverage: worst.value, worst: worst.name }),
    ...(risks.length > 0 && { atRisk: Math.max(...risks) }),
    distinguishable: worst?.distinguishable ?? false,
    unknown: slaves.filter(({ replication }) => replication?.atRisk === undefined).map(({ name }) => name),
  };
}
