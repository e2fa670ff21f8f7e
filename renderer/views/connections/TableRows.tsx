import { memo, useEffect } from 'react';
import type { Arranged } from './arrangement.ts';
import { ConnectionRow } from './ConnectionRow.tsx';
import { rowAt } from './pages.ts';
import { drawnCount, rowHeight } from './row-window.ts';
import { isSelected, type Selection } from './selection.ts';
import { type MoveListener, useRowPlane } from './use-row-plane.ts';
import type { RowScroller } from './use-row-window.ts';
import { type Table, useRows } from './use-table.ts';

interface TableRowsProps {
  readonly table: Table;
  readonly scroller: RowScroller;
  readonly onMove: MoveListener;
  readonly shown: readonly Arranged[];
  readonly selection: Selection;
}

/** The rows on the screen: all that is drawn while one scrolls. */
export const TableRows = memo(({ table, scroller, onMove, shown, selection }: TableRowsProps) => {
  const loaded = useRows(table);
  const { show, isAnyThere } = table.loader;
  const { plane, drawn } = useRowPlane(scroller, onMove, {
    isAnyThere: ({ first, end }) => isAnyThere(first, end),
    onPass: ({ first, end }) => show(first, end),
  });
  const { first, end, base } = drawn;
  useEffect(() => show(first, end), [show, first, end]);
  const count = drawnCount(scroller.viewport);
  return (
    <div ref={plane} className="rows-plane" role="presentation">
      {Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index).map((row) => (
        <ConnectionRow
          // A row that leaves at one end is drawn again at the other: the same elements, other words.
          key={row % count}
          row={row}
          top={(row - base) * rowHeight}
          connection={rowAt(loaded, row)}
          shown={shown}
          isSelected={isSelected(selection, row)}
          cursorColumn={row === selection.row ? selection.column : -1}
        />
      ))}
    </div>
  );
});
