import { ContextMenu } from '@base-ui/react/context-menu';
import type { SortKey } from '../../../shared/domain/connection-query.ts';
import { defaultArrangement, moved, resized, toggled } from './arrangement.ts';
import type { Column } from './columns.ts';
import type { ArrangementStore } from './use-arrangement.ts';

interface HeadMenuProps {
  readonly column: Column;
  readonly columns: ArrangementStore;
  readonly sort: readonly SortKey[];
  readonly onSort: (sort: readonly SortKey[]) => void;
}

/** What can be done with a column, from its head. */
export function HeadMenu({ column, columns: { arrangement, keep }, sort, onSort }: HeadMenuProps) {
  const at = arrangement.findIndex(({ id }) => id === column.id);
  const others = sort.filter((key) => key.column !== column.sort);
  const sorted = column.sort;
  return (
    <>
      {sorted && (
        <>
          {(['asc', 'desc'] as const).map((direction) => (
            <ContextMenu.Item key={direction} onClick={() => onSort([{ column: sorted, direction }])}>
              {direction === 'asc' ? 'Sort, smallest first' : 'Sort, greatest first'}
            </ContextMenu.Item>
          ))}
          {others.length > 0 && (
            <ContextMenu.Item onClick={() => onSort([...others, { column: sorted, direction: 'asc' }])}>
              Sort after the others
            </ContextMenu.Item>
          )}
          {sort.length > 0 && (
            <ContextMenu.Item onClick={() => onSort([])}>Sort as the node</ContextMenu.Item>
          )}
          <ContextMenu.Separator />
        </>
      )}
      <ContextMenu.Item disabled={at === 0} onClick={() => keep(moved(arrangement, column.id, at - 1))}>
        Move left
      </ContextMenu.Item>
      <ContextMenu.Item
        disabled={at === arrangement.length - 1}
        onClick={() => keep(moved(arrangement, column.id, at + 1))}
      >
        Move right
      </ContextMenu.Item>
      <ContextMenu.Item onClick={() => keep(resized(arrangement, column.id, undefined))}>
        Its own width
      </ContextMenu.Item>
      <ContextMenu.Item
        disabled={arrangement.length === 1}
        onClick={() => {
          // What sorts without being seen would be a riddle.
          if (others.length < sort.length) onSort(others);
          keep(toggled(arrangement, column.id));
        }}
      >
        Hide this column
      </ContextMenu.Item>
      <ContextMenu.Separator />
      <ContextMenu.Item onClick={() => keep(defaultArrangement)}>Reset the columns</ContextMenu.Item>
    </>
  );
}
