import { isReplicaOf, type ReplicaQuestion } from '../../../shared/domain/filter-tree.ts';
import type { Columns } from './columns.ts';
import { classNumber, type Replicas } from './replicas.ts';
import { fitsOf, type Mask } from './select-mask.ts';

/** Rows of which the slave, or where none is named any or every one, is known to have one of the classes. */
export function maskOfReplica(
  { length }: Columns,
  replicas: Replicas | undefined,
  { classes, node, slaves: quantity = 'any' }: ReplicaQuestion,
): Mask {
  const mask = new Uint8Array(length);
  const numbers = classes.map(classNumber);
  const fits = fitsOf(256, (number) => numbers.includes(number));
  const asked = (replicas?.slaves ?? []).filter((slave) => isReplicaOf(node, slave.node));
  if (asked.length === 0) return mask;
  if (quantity === 'every') mask.fill(1);
  for (const slave of asked)
    for (let row = 0; row < length; row += 1) {
      const fit = fits[slave.classes[row] ?? 0] ?? 0;
      mask[row] = quantity === 'every' ? (mask[row] ?? 0) & fit : (mask[row] ?? 0) | fit;
    }
  return mask;
}
