// biome-ignore-all lint/a11y/useSemanticElements: a table of a million rows cannot be a <table>; its roles say what it is
import { memo } from 'react';
import type { ConnectionRow as Connection } from '../../../shared/domain/connection-query.ts';
import { columns } from './columns.ts';

interface ConnectionRowProps {
  readonly row: number;
  /** Where it lies on its plane, px. */
  readonly top: number;
  /** Undefined: not fetched yet. */
  readonly connection: Connection | undefined;
  readonly isSelected: boolean;
  /** The column that the cursor is in; -1: the cursor is in another row. */
  readonly cursorColumn: number;
}

/** One row at its place. */
export const ConnectionRow = memo(
  ({ row, top, connection, isSelected, cursorColumn }: ConnectionRowProps) => (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
    <div
      role="row"
      id={`row-${row}`}
      className="connection"
      data-row={row}
      data-cursor={cursorColumn >= 0}
      data-waiting={connection === undefined}
      aria-rowindex={row + 2}
      aria-selected={isSelected}
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
          data-cursor={index === cursorColumn}
          aria-colindex={index + 1}
        >
          {connection ? column.text(connection) : ''}
        </div>
      ))}
    </div>
  ),
);
