// biome-ignore-all lint/a11y/useSemanticElements: a table of a million rows cannot be a <table>; its roles say what it is
import { ContextMenu } from '@base-ui/react/context-menu';
import { type KeyboardEvent, type MouseEvent, useEffect, useState } from 'react';
import type { Connection } from '../../../shared/domain/connection.ts';
import { connectionLine } from '../../../shared/domain/connection-line.ts';
import type { SortKey } from '../../../shared/domain/connection-query.ts';
import { announce } from '../../client/store.ts';
import { CellMenu } from './CellMenu.tsx';
import { ConnectionRow } from './ConnectionRow.tsx';
import { columns } from './columns.ts';
import { rowAt, type TablePages } from './pages.ts';
import { type Cursor, drawnCount, isSelected, moveCursor, rowHeight, scrollHeight } from './row-window.ts';
import { TableHead } from './TableHead.tsx';
import { useRowPlane } from './use-row-plane.ts';
import { type Table, useRows } from './use-table.ts';

interface ConnectionTableProps {
  readonly table: Table;
  readonly label: string;
  readonly sort: readonly SortKey[];
  readonly filter: string;
  readonly onSort: (sort: readonly SortKey[]) => void;
  readonly onFilter: (filter: string) => void;
  readonly onOpen: (row: number) => void;
  readonly onDrop: (connections: readonly Connection[]) => void;
}

export function ConnectionTable(props: ConnectionTableProps) {
  const { table, label, sort, onSort, onOpen } = props;
  const loaded = useRows(table);
  const rows = loaded.summary?.matched ?? 0;
  const { scroller, plane, viewport, drawn, onScroll, showRow } = useRowPlane(rows, rowHeight);
  const [cursor, setCursor] = useState<Cursor>({ row: 0, column: 0, anchor: 0 });
  const [pointed, setPointed] = useState<Cursor>();
  const { first, end, base } = drawn;
  const { show } = table.loader;
  useEffect(() => show(first, end), [show, first, end]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey) return;
    if ((event.ctrlKey || event.metaKey) && event.key === 'c') {
      copyRows(loaded, cursor, event);
      return;
    }
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (sideways !== undefined) {
      event.preventDefault();
      const column = Math.max(0, Math.min(columns.length - 1, cursor.column + sideways));
      setCursor({ ...cursor, column });
    }
    if (event.key === 'Enter') onOpen(cursor.row);
    const row = moveCursor(event.key, cursor.row, viewport);
    if (row === undefined) return;
    event.preventDefault();
    setCursor({ ...cursor, row, anchor: event.shiftKey ? cursor.anchor : row });
    showRow(row);
  };
  const cellAt = (event: MouseEvent): Cursor | undefined => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-column]') : null;
    const row = cell?.parentElement?.dataset.row;
    if (!cell || row === undefined) return undefined;
    return { row: Number(row), column: Number(cell.dataset.column), anchor: Number(row) };
  };
  const onPointer = (event: MouseEvent) => {
    const cell = cellAt(event);
    if (cell) setCursor(event.shiftKey ? { ...cell, anchor: cursor.anchor } : cell);
  };
  // The menu is about the cell under the pointer; a selection that it lies in stays as it is.
  const onContextMenu = (event: MouseEvent) => {
    const cell = cellAt(event);
    setPointed(cell);
    if (cell && !isSelected(cursor, cell.row)) setCursor(cell);
  };
  const about = pointed ?? cursor;
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        render={
          <div
            ref={scroller}
            className="rows"
            role="grid"
            tabIndex={0}
            aria-label={label}
            aria-rowcount={rows + 1}
            aria-colcount={columns.length}
            aria-activedescendant={`row-${cursor.row}`}
            onScroll={onScroll}
            onKeyDown={onKeyDown}
            onClick={onPointer}
            onContextMenu={onContextMenu}
            onDoubleClick={(event) => {
              const cell = cellAt(event);
              if (cell) onOpen(cell.row);
            }}
          />
        }
      >
        <div
          className="rows-space"
          role="presentation"
          style={{ height: scrollHeight(viewport) + rowHeight }}
        >
          <div className="rows-window" role="presentation" style={{ height: viewport.height + rowHeight }}>
            <TableHead sort={sort} onSort={onSort} />
            <div className="rows-body" role="rowgroup" style={{ height: viewport.height }}>
              <div ref={plane} className="rows-plane" role="presentation">
                {Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index).map((row) => (
                  <ConnectionRow
                    // A row that leaves at one end is drawn again at the other: the same elements, other words.
                    key={row % drawnCount(viewport)}
                    row={row}
                    top={(row - base) * rowHeight}
                    connection={rowAt(loaded, row)}
                    isSelected={isSelected(cursor, row)}
                    cursorColumn={row === cursor.row ? cursor.column : -1}
                  />
                ))}
              </div>
            </div>
          </div>
        </div>
      </ContextMenu.Trigger>
      <CellMenu
        connection={rowAt(loaded, about.row)}
        column={columns[about.column]}
        filter={props.filter}
        onFilter={props.onFilter}
        onOpen={() => onOpen(about.row)}
        selected={Math.abs(cursor.row - cursor.anchor) + 1}
        onDrop={() => props.onDrop(selectedRows(loaded, cursor))}
      />
    </ContextMenu.Root>
  );
}

/** Text that the mouse selected is copied as it is; otherwise the selected rows, as conntrack prints them. */
function copyRows(table: TablePages, cursor: Cursor, event: KeyboardEvent): void {
  if (window.getSelection()?.toString()) return;
  event.preventDefault();
  const lines = selectedRows(table, cursor).map(connectionLine);
  navigator.clipboard.writeText(lines.join('\n')).then(
    () => announce(`${lines.length} rows copied`),
    () => announce('The clipboard refused the rows'),
  );
}

/** The selected rows, as far as they are fetched. */
function selectedRows(table: TablePages, { row, anchor }: Cursor): Connection[] {
  const from = Math.min(row, anchor);
  return Array.from({ length: Math.abs(row - anchor) + 1 }, (_, index) => rowAt(table, from + index)).filter(
    (connection) => connection !== undefined,
  );
}
