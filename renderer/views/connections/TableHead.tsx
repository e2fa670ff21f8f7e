// biome-ignore-all lint/a11y/useSemanticElements: a table of a million rows cannot be a <table>; its roles say what it is
import { type KeyboardEvent, memo } from 'react';
import type { SortKey } from '../../../shared/domain/connection-query.ts';
import { announce } from '../../client/store.ts';
import { type Arranged, moved, resized } from './arrangement.ts';
import { columnName } from './columns.ts';
import { nextSort } from './next-sort.ts';
import type { ArrangementStore } from './use-arrangement.ts';
import { useColumnDrag } from './use-column-drag.ts';

interface TableHeadProps {
  readonly shown: readonly Arranged[];
  readonly columns: ArrangementStore;
  readonly sort: readonly SortKey[];
  readonly onSort: (sort: readonly SortKey[]) => void;
}

const spoken = { asc: 'ascending', desc: 'descending' } as const;
/** px that a key makes a column wider or narrower by. */
const keyStep = 16;

/**
 * The heads. A click sorts, with Shift after the columns that sort already. By the mouse a column is dragged to its place
 * and by its right edge to its width; by keys, arrows go along the heads, with Shift they change the width, with Ctrl and
 * Shift the place.
 */
export const TableHead = memo(({ shown, columns, sort, onSort }: TableHeadProps) => {
  const { arrangement, keep } = columns;
  const { dragged, begin, row } = useColumnDrag(columns);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const head = event.target instanceof Element ? event.target.closest('[role=columnheader]') : null;
    const at = head instanceof HTMLElement ? Number(head.dataset.head) : -1;
    const column = shown[at]?.column;
    if (step === undefined || !head || !column || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.ctrlKey && event.shiftKey) {
      keep(moved(arrangement, column.id, at + step));
      announce(`${columnName(column)} is column ${Math.max(1, Math.min(shown.length, at + step + 1))}`);
    } else if (event.shiftKey) {
      const width = head.getBoundingClientRect().width + step * keyStep;
      keep(resized(arrangement, column.id, width));
    } else {
      const next = head.parentElement?.querySelectorAll<HTMLElement>('[role=columnheader] button')[at + step];
      next?.focus();
    }
  };
  return (
    <div role="rowgroup">
      {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons have the focus */}
      <div role="row" className="connection head" aria-rowindex={1} onKeyDown={onKeyDown} {...row}>
        {shown.map(({ column }, index) => {
          const { id, title, align, sort: sorted } = column;
          const rank = sort.findIndex((each) => each.column === sorted);
          const key = sort[rank];
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: its button has the focus
            <div
              key={id}
              role="columnheader"
              className="cell"
              data-head={index}
              data-align={align}
              data-dragged={dragged?.id === id || undefined}
              data-drop={(dragged && dropMark(arrangement, dragged, index)) || undefined}
              aria-colindex={index + 1}
              aria-sort={sorted && (key ? spoken[key.direction] : 'none')}
              onPointerDown={begin('move', id)}
            >
              <button
                type="button"
                className="cut"
                title={headTitle(columnName(column), sorted !== undefined)}
                onClick={(event) => {
                  event.stopPropagation();
                  if (sorted) onSort(nextSort(sort, sorted, event.shiftKey));
                }}
              >
                {title}
                {key && (
                  <span className="sort-mark" aria-hidden="true">
                    {key.direction === 'asc' ? '▲' : '▼'}
                    {sort.length > 1 && rank + 1}
                  </span>
                )}
              </button>
              <span
                className="column-edge"
                aria-hidden="true"
                onPointerDown={begin('resize', id)}
                onDoubleClick={() => keep(resized(arrangement, id, undefined))}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
});

const headTitle = (name: string, sorts: boolean): string =>
  `${name}${sorts ? ': sort, with Shift after the others' : ''}. Drag to move; Shift ← → width, Ctrl Shift ← → place`;

/** At which edge of the head at `index` the dragged column would come to lie. */
function dropMark(
  arrangement: ArrangementStore['arrangement'],
  { id, to }: { id: string; to: number },
  index: number,
): 'before' | 'after' | undefined {
  const after = moved(arrangement, id, to);
  const at = after.findIndex((each) => each.id === id);
  if (arrangement[index]?.id === id) return undefined;
  if (after[at + 1]?.id === arrangement[index]?.id) return 'before';
  return at === after.length - 1 && after[at - 1]?.id === arrangement[index]?.id ? 'after' : undefined;
}
