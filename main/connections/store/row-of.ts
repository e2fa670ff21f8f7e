import type { ConnectionRow } from '../../../shared/domain/connection-query.ts';
import { none } from './columns.ts';
import { connectionOf } from './connection-of.ts';
import { idleOf } from './idle.ts';
import { replicasOfRow } from './replicas.ts';
import type { Revision } from './revision.ts';

const changeNames = [undefined, 'new', 'changed'] as const;

/** A row with what is known of it beyond its entry. */
export function rowOf(
  { columns, changes, replicas, timeouts }: Pick<Revision, 'columns' | 'changes' | 'replicas' | 'timeouts'>,
  row: number,
): ConnectionRow {
  const change = changeNames[columns.change[row] ?? 0];
  const rate = changes.rates?.[row];
  const since = columns.since[row] ?? none;
  const idle = idleOf(columns, row, timeouts);
  return {
    ...connectionOf(columns, row),
    row,
    ...(change !== undefined && { change }),
    ...(rate !== undefined && !Number.isNaN(rate) && { rate }),
    ...(replicas && { replicas: replicasOfRow(replicas, row) }),
    ...(idle !== none && { idle }),
    ...(since !== none && { age: Math.max(0, Math.floor(columns.observed) - since) }),
  };
}
