// biome-ignore-all lint/a11y/useSemanticElements: a table of a million rows cannot be a <table>; its roles say what it is
import { ContextMenu } from '@base-ui/react/context-menu';
import { type KeyboardEvent, type MouseEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { SortKey } from '../../../shared/domain/connection-query.ts';
import { arranged, columnTracks, leastWidth } from './arrangement.ts';
import { CellMenu } from './CellMenu.tsx';
import { HeadMenu } from './HeadMenu.tsx';
import { rowAt } from './pages.ts';
import { moveCursor, rowHeight, scrollHeight } from './row-window.ts';
import { everything, isSelected, movedTo, toggledAt } from './selection.ts';
import { TableHead } from './TableHead.tsx';
import { TableRows } from './TableRows.tsx';
import { copyFormatOf } from './table-keys.ts';
import type { ArrangementStore } from './use-arrangement.ts';
import { useRowScroller } from './use-row-window.ts';
import type { TableSelection } from './use-selection.ts';
import type { Table } from './use-table.ts';

interface ConnectionTableProps {
  readonly table: Table;
  readonly chosen: TableSelection;
  readonly columns: ArrangementStore;
  readonly label: string;
  readonly sort: readonly SortKey[];
  readonly filter: string;
  readonly onSort: (sort: readonly SortKey[]) => void;
  readonly onFilter: (filter: string) => void;
  readonly onOpen: (row: number) => void;
  readonly onDrop: () => void;
}

/** What a menu is about: a cell, or the head of a column. */
type Pointed = { readonly row: number; readonly column: number } | { readonly head: number };

const paddings = 16;

export function ConnectionTable(props: ConnectionTableProps) {
  const { table, chosen, columns, label, sort, onSort, onOpen } = props;
  const { selection, select } = chosen;
  const rows = table.summary?.matched ?? 0;
  const shown = useMemo(() => arranged(columns.arrangement), [columns.arrangement]);
  const onMove = useRef<(topRow: number) => void>(() => undefined);
  const scroller = useRowScroller(
    rows,
    rowHeight,
    useCallback((topRow) => onMove.current(topRow), []),
  );
  const { viewport, showRow } = scroller;
  const [pointed, setPointed] = useState<Pointed>();

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey) return;
    const format = copyFormatOf(event);
    if (format !== undefined) {
      // text that the mouse selected is copied as it is
      if (window.getSelection()?.toString()) return;
      event.preventDefault();
      return void chosen.copy(format);
    }
    if ((event.ctrlKey || event.metaKey) && event.key === 'a') {
      event.preventDefault();
      return select(everything);
    }
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (sideways !== undefined) {
      event.preventDefault();
      const column = Math.max(0, Math.min(shown.length - 1, selection.column + sideways));
      return select({ ...selection, column });
    }
    if (event.key === 'Enter') onOpen(selection.row);
    if (event.key === ' ') {
      event.preventDefault();
      return select(toggledAt(selection, selection.row, selection.column, false, rows));
    }
    const row = moveCursor(event.key, selection.row, viewport);
    if (row === undefined) return;
    event.preventDefault();
    // with Ctrl the cursor goes alone, and the space bar takes rows in or out
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey) select({ ...selection, row });
    else select(movedTo(selection, row, selection.column, event.shiftKey));
    showRow(row);
  };
  const onClick = (event: MouseEvent) => {
    const cell = pointedAt(event);
    if (!cell || 'head' in cell) return;
    const { row, column } = cell;
    if (event.ctrlKey || event.metaKey) select(toggledAt(selection, row, column, event.shiftKey, rows));
    else select(movedTo(selection, row, column, event.shiftKey));
  };
  // The menu is about what is under the pointer; a selection that the cell lies in stays as it is.
  const onContextMenu = (event: MouseEvent) => {
    const at = pointedAt(event);
    setPointed(at);
    if (at && 'row' in at && !isSelected(selection, at.row))
      select(movedTo(selection, at.row, at.column, false));
  };
  const about = pointed ?? { row: selection.row, column: selection.column };
  const head = 'head' in about ? shown[about.head]?.column : undefined;
  const row = 'row' in about ? about.row : selection.row;
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        render={
          <div
            ref={scroller.scroller}
            className="rows"
            role="grid"
            tabIndex={0}
            aria-label={label}
            aria-rowcount={rows + 1}
            aria-colcount={shown.length}
            aria-multiselectable="true"
            aria-activedescendant={`row-${selection.row}`}
            onScroll={scroller.onScroll}
            onKeyDown={onKeyDown}
            onClick={onClick}
            onMouseDown={(event) => {
              // Shift chooses rows here: the browser would mark their text as well, and that would be copied instead.
              if (!event.shiftKey || event.button !== 0) return;
              event.preventDefault();
              event.currentTarget.focus();
            }}
            onContextMenu={onContextMenu}
            onDoubleClick={(event) => {
              const cell = pointedAt(event);
              if (cell && 'row' in cell) onOpen(cell.row);
            }}
          />
        }
      >
        <div
          className="rows-space"
          role="presentation"
          style={{
            height: scrollHeight(viewport) + rowHeight,
            minWidth: leastWidth(shown) + paddings,
            ['--columns' as string]: columnTracks(shown),
          }}
        >
          <div className="rows-window" role="presentation" style={{ height: viewport.height + rowHeight }}>
            <TableHead shown={shown} columns={columns} sort={sort} onSort={onSort} />
            <div className="rows-body" role="rowgroup" style={{ height: viewport.height }}>
              <TableRows
                table={table}
                scroller={scroller}
                onMove={onMove}
                shown={shown}
                selection={selection}
              />
            </div>
          </div>
        </div>
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner>
          <ContextMenu.Popup className="popup menu" aria-label={head ? 'Column' : 'Cell'}>
            {head ? (
              <HeadMenu column={head} columns={columns} sort={sort} onSort={onSort} />
            ) : (
              <CellMenu
                connection={rowAt(table.loader.loaded(), row)}
                column={'column' in about ? shown[about.column]?.column : undefined}
                filter={props.filter}
                onFilter={props.onFilter}
                onOpen={() => onOpen(row)}
                selected={chosen.count}
                onCopy={chosen.copy}
                onDrop={props.onDrop}
              />
            )}
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function pointedAt({ target }: MouseEvent): Pointed | undefined {
  if (!(target instanceof Element)) return undefined;
  const head = target.closest<HTMLElement>('[data-head]');
  if (head) return { head: Number(head.dataset.head) };
  const cell = target.closest<HTMLElement>('[data-column]');
  const row = cell?.parentElement?.dataset.row;
  return cell && row !== undefined ? { row: Number(row), column: Number(cell.dataset.column) } : undefined;
}
