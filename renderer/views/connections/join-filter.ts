import { parseFilter } from '../../../shared/domain/filter-grammar.ts';
import type { FilterTree } from '../../../shared/domain/filter-tree.ts';

/** Joins a term to a filter so that the whole still means both. */
export function joinFilter(filter: string, term: string, negate: boolean): string {
  const part = negate ? `not ${joins(term, ['and', 'or']) ? `(${term})` : term}` : term;
  const before = closed(filter.trim());
  if (before === '') return part;
  const second = joins(part, ['or']) ? `(${part})` : part;
  return `${joins(before, ['or']) ? `(${before})` : before} and ${second}`;
}

/** Whether the whole of it is several terms, joined by one of these. */
function joins(filter: string, kinds: readonly FilterTree['kind'][]): boolean {
  const tree = parseFilter(filter);
  return tree.ok && kinds.includes(tree.value.kind);
}

/** A quote left open would swallow what is added. */
const closed = (filter: string): string => ((filter.split('"').length - 1) % 2 === 0 ? filter : `${filter}"`);
