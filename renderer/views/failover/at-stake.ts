import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { SlaveCoverage } from '../../../shared/domain/coverage.ts';
import { formatCount } from '../../../shared/domain/format.ts';

/** What the exact comparison says that a takeover by this slave would break. */
export function namedLoss({ node, of, missing, stale, inFlight, notReplicable }: SlaveCoverage): string {
  if (of === 0) return `There is nothing that ${node} would have to carry on.`;
  const lost =
    missing === 0
      ? `None of ${formatCount(of)} connections would be lost`
      : `${formatCount(missing)} of ${formatCount(of)} connections would be lost`;
  const others = [
    ...(stale > 0 ? [`${formatCount(stale)} go on in another state`] : []),
    ...(inFlight > 0 ? [`${formatCount(inFlight)} were still on their way`] : []),
    ...(notReplicable > 0 ? [`of ${formatCount(notReplicable)} nobody can say`] : []),
  ];
  return `${[lost, ...others].join(', ')}.`;
}

/** What the counts say, which name nothing. */
export function countedRisk({ nodes }: ClusterSnapshot, target: string): string {
  const { atRisk, coverage } = nodes.find(({ name }) => name === target)?.replication ?? {};
  if (atRisk === undefined) return `How many connections ${target} does not hold is not known.`;
  if (coverage?.distinguishable === false)
    return `By count ${target} holds what it should, as far as counts can tell; which connections it lacks they cannot.`;
  return `By count ${target} lacks about ${formatCount(atRisk)} connections; which ones the counts cannot tell.`;
}
