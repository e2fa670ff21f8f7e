import type { FilterError, SortKey } from '../../../shared/domain/connection-query.ts';
import { parseTableFilter } from '../../../shared/domain/filter-grammar.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { Revision, View } from './revision.ts';
import { selectRows } from './select.ts';
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
      : sortRows(
          revision.columns,
          { rates: revision.changes.rates, timeouts: revision.timeouts },
          selected.value,
          sort,
        );
  const view = { key, rows, length: rows?.length ?? revision.columns.length };
  revision.views.push(view);
  if (revision.views.length > keptViews) revision.views.shift();
  return ok(view);
}

/** The rows of the table that pass; undefined: all. */
export function select(revision: Revision, filter: string): Result<Uint32Array | undefined, FilterError> {
  const tree = parseTableFilter(
    filter,
    revision.replicas?.slaves.map(({ node }) => node),
  );
  if (!tree.ok) return tree;
  return ok(tree.value.kind === 'all' ? undefined : selectRows(revision, tree.value));
}
