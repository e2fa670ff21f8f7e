import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import type { FilterError, SortKey } from '../../../shared/domain/connection-query.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { connectionOf } from './connection-of.ts';
import type { Revision, View } from './revision.ts';
import { sortRows } from './sort.ts';

/** Views kept of a revision: the screen's, and one of an export or of the order before. */
const keptViews = 2;

/** The rows that pass the filter, sorted; a filter that was asked for before is not run again. */
export function viewOf(
  revision: Revision,
  filter: string,
  sort: readonly SortKey[],
): Result<View, FilterError> {
  const key = JSON.stringify([filter, sort]);
  const known = revision.views.find((view) => view.key === key);
  if (known) return ok(known);
  const selected = select(revision, filter);
  if (!selected.ok) return selected;
  const rows =
    sort.length === 0
      ? selected.value
      : sortRows(revision.columns, revision.changes.rates, selected.value, sort);
  const view = { key, rows, length: rows?.length ?? revision.columns.length };
  revision.views.push(view);
  if (revision.views.length > keptViews) revision.views.shift();
  return ok(view);
}

/** The rows of the table that pass; undefined: all. */
export function select({ columns }: Revision, filter: string): Result<Uint32Array | undefined, FilterError> {
  if (filter.trim() === '') return ok(undefined);
  const parsed = parseConnectionFilter(filter);
  if (!parsed.ok) return err(parsed.error);
  const rows = new Uint32Array(columns.length);
  let count = 0;
  for (let row = 0; row < columns.length; row += 1) {
    rows[count] = row;
    if (parsed.value(connectionOf(columns, row))) count += 1;
  }
  return ok(rows.slice(0, count));
}
