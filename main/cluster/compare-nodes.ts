import type { CallOutput } from '../../shared/contract/contract.ts';
import { compareParity } from '../../shared/domain/readiness-diff.ts';
import type { ClusterWatch } from './cluster-watch.ts';

/** Reads what a slave must have as its master has it, from both and now, and tells what differs. */
export async function compareNodes(watch: ClusterWatch, node: string): Promise<CallOutput<'readiness.diff'>> {
  const { master, activeActive, nodes } = watch.snapshot();
  const others = nodes.filter((each) => each.name !== node).map((each) => each.name);
  const other = activeActive || (master === null && others.length === 1) ? others[0] : (master ?? undefined);
  const [mine, theirs] = [watch.probe(node), other === undefined ? undefined : watch.probe(other)];
  if (!mine) return refused(`There is no node ${node} in cluster ${watch.definition.name}.`);
  if (node === other) return refused(`${node} is the master: the others are compared with it.`);
  if (other === undefined || !theirs)
    return refused('Who is master is not known, so there is nothing to compare with.');
  const [have, wanted] = await Promise.all([mine.parity(), theirs.parity()]);
  return { accepted: true, diff: compareParity([node, have], [other, wanted]) };
}

const refused = (reason: string) => ({ accepted: false, reason }) as const;
