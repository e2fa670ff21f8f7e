import type { ConnectionColumn, SortKey } from '../../../shared/domain/connection-query.ts';

/** A click on a head: ascending, then descending, then as the node keeps them. `add`: after the keys already chosen. */
export function nextSort(sort: readonly SortKey[], column: ConnectionColumn, add: boolean): SortKey[] {
  const current = sort.find((key) => key.column === column);
  const others = add ? sort.filter((key) => key.column !== column) : [];
  if (current === undefined) return [...others, { column, direction: 'asc' }];
  return current.direction === 'asc' ? [...others, { column, direction: 'desc' }] : others;
}
