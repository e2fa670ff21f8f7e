// biome-ignore-all lint/a11y/useSemanticElements: a table of a million rows cannot be a <table>; its roles say what it is
import { memo, useRef } from 'react';
import type { ConnectionRow as Connection } from '../../../shared/domain/connection-query.ts';
import type { Arranged } from './arrangement.ts';

interface RowProps {
  readonly row: number;
  /** Where it lies on its plane, px. */
  readonly top: number;
  /** Undefined: not fetched yet. */
  readonly connection: Connection | undefined;
  readonly shown: readonly Arranged[];
  readonly isSelected: boolean;
  /** The column that the cursor is in; -1: the cursor is in another row. */
  readonly cursorColumn: number;
}

/** One row at its place. While it waits for its connection its cells keep the words of another, out of sight. */
export const ConnectionRow = memo(({ row, top, connection, shown, isSelected, cursorColumn }: RowProps) => {
  const last = useRef(connection);
  if (connection) last.current = connection;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
    <div
      role="row"
      id={`row-${row}`}
      className="connection"
      data-row={row}
      data-waiting={connection === undefined || undefined}
      aria-rowindex={row + 2}
      aria-selected={isSelected}
      style={{ top }}
    >
      <Cells connection={last.current} shown={shown} cursorColumn={cursorColumn} />
    </div>
  );
});

/** What a text takes at most, px, in any font of the console: capitals are wide, the dots of an address are not. */
const widthOf = (text: string): number => text.length * (/[A-Z]/.test(text) ? 9 : 7.6) + 16;

type CellsProps = Pick<RowProps, 'connection' | 'shown' | 'cursorColumn'>;

const Cells = memo(({ connection, shown, cursorColumn }: CellsProps) =>
  shown.map(({ column, width = column.width }, index) => {
    const text = connection ? column.text(connection) : '';
    // Only what may not fit is cut: clipping each cell would take half of a frame's time.
    const fits = widthOf(text) <= width;
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
      <div
        key={column.id}
        role="gridcell"
        className={fits ? 'cell' : 'cell cut'}
        data-column={index}
        data-align={column.align}
        data-cursor={index === cursorColumn || undefined}
        aria-colindex={index + 1}
      >
        {text}
      </div>
    );
  }),
);
