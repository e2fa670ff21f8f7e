// biome-ignore-all lint/a11y/useSemanticElements: a table of a million rows cannot be a <table>; its roles say what it is
import { memo } from 'react';
import type { Connection } from '../../../shared/domain/connection.ts';
import { columns } from './columns.ts';
import type { Cursor } from './row-window.ts';

interface ConnectionRowProps {
  readonly row: number;
  readonly top: number;
  /** Undefined: not fetched yet. */
  readonly connection: Connection | undefined;
  readonly cursor: Cursor;
}

export const isSelected = ({ row, anchor }: Cursor, at: number): boolean =>
  at >= Math.min(row, anchor) && at <= Math.max(row, anchor);

/** One row at its place in the window. */
export const ConnectionRow = memo(({ row, top, connection, cursor }: ConnectionRowProps) => (
  // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
  <div
    role="row"
    id={`row-${row}`}
    className="connection"
    data-row={row}
    data-cursor={row === cursor.row}
    aria-rowindex={row + 2}
    aria-selected={isSelected(cursor, row)}
    style={{ transform: `translateY(${top}px)` }}
  >
    {columns.map((column, index) => (
      // biome-ignore lint/a11y/useFocusableInteractive: as above
      <div
        key={column.id}
        role="gridcell"
        className="cell cut"
        data-column={index}
        data-align={column.align}
        data-cursor={row === cursor.row && index === cursor.column}
        aria-colindex={index + 1}
      >
        {connection ? column.text(connection) : ''}
      </div>
    ))}
  </div>
));
