// biome-ignore-all lint/a11y/useSemanticElements: a table of a million rows cannot be a <table>; its roles say what it is
import type { SortKey } from '../../../shared/domain/connection-query.ts';
import { columns, nextSort } from './columns.ts';

interface TableHeadProps {
  readonly sort: readonly SortKey[];
  readonly onSort: (sort: readonly SortKey[]) => void;
}

const spoken = { asc: 'ascending', desc: 'descending' } as const;

/** The heads; a click sorts, with shift after the columns that sort already. */
export const TableHead = ({ sort, onSort }: TableHeadProps) => (
  <div role="rowgroup">
    {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons have the focus */}
    <div role="row" className="connection head" aria-rowindex={1}>
      {columns.map(({ id, title, align, sort: column }, index) => {
        const key = sort.find((each) => each.column === column);
        return (
          // biome-ignore lint/a11y/useFocusableInteractive: its button has the focus
          <div
            key={id}
            role="columnheader"
            className="cell"
            data-align={align}
            aria-colindex={index + 1}
            aria-sort={column && (key ? spoken[key.direction] : 'none')}
          >
            {column === undefined ? (
              title
            ) : (
              <button
                type="button"
                title="Sort; with Shift after the others"
                onClick={(event) => {
                  event.stopPropagation();
                  onSort(nextSort(sort, column, event.shiftKey));
                }}
              >
                {title}
                {key && (
                  <span className="sort-mark" aria-hidden="true">
                    {key.direction === 'asc' ? '▲' : '▼'}
                  </span>
                )}
              </button>
            )}
          </div>
        );
      })}
    </div>
  </div>
);
