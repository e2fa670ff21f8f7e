import type { Connection } from '../../../shared/domain/connection.ts';
import type { Columns } from '../store/columns.ts';
import { connectionOf } from '../store/connection-of.ts';

export interface Wanted {
  /** The most that are given; those beyond are counted. */
  readonly limit: number;
  /** Undefined: every connection does. */
  readonly passes: ((connection: Connection) => boolean) | undefined;
}

/** Gives what passes of groups of rows, in their order, and counts all of it. `give` is told of each that is to be given. */
export function selectGroups<G extends { readonly columns: Columns }>(
  groups: readonly G[],
  { limit, passes }: Wanted,
  isWanted: (group: G, row: number) => boolean,
  give: (group: G, row: number, connection: Connection) => void,
): number {
  let matched = 0;
  for (const group of groups) {
    for (let row = 0; row < group.columns.length; row += 1) {
      if (!isWanted(group, row)) continue;
      if (passes === undefined && matched >= limit) {
        matched += 1;
        continue;
      }
      const connection = connectionOf(group.columns, row);
      if (passes?.(connection) === false) continue;
      matched += 1;
      if (matched <= limit) give(group, row, connection);
    }
  }
  return matched;
}
