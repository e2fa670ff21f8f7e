import type { NarrowQuestion } from '../../../shared/domain/connection-actions.ts';
import { parseFilter } from '../../../shared/domain/filter-grammar.ts';
import { atTheSource } from '../../../shared/domain/filter-source.ts';

/** What of a filter a kernel can be asked for; undefined: nothing, or it is not a filter yet. */
export function questionOf(filter: string): NarrowQuestion | undefined {
  const tree = parseFilter(filter);
  return tree.ok ? atTheSource(tree.value) : undefined;
}
