/** Rows from the first to the last, both of them in it. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The rows that are chosen, and the cell with the cursor. `ranges`: in order, apart from each other, and never none.
 * `anchor`: where a range that Shift draws out begins. `all`: every row that matches, also those that come later.
 */
export interface Selection {
  readonly row: number;
  readonly column: number;
  readonly anchor: number;
  readonly ranges: readonly RowRange[];
  readonly all: boolean;
}

const between = (a: number, b: number): RowRange => ({ from: Math.min(a, b), to: Math.max(a, b) });

export const chosen = (row: number, column: number): Selection => ({
  ...{ row, column, anchor: row, all: false },
  ranges: [{ from: row, to: row }],
});

export const firstCell = chosen(0, 0);

/** A click, or a key that moves; `extend`: all from the anchor on, as with Shift. */
export const movedTo = (now: Selection, row: number, column: number, extend: boolean): Selection =>
  extend
    ? { row, column, anchor: now.anchor, all: false, ranges: [between(now.anchor, row)] }
    : chosen(row, column);

/** A click with Ctrl: takes the row in, or out; with Shift too, all from the anchor on beside what is chosen. */
export function toggledAt(
  now: Selection,
  row: number,
  column: number,
  extend: boolean,
  rows: number,
): Selection {
  const ranges = rangesOf(now, rows);
  const about = { row, column, all: false };
  if (extend) return { ...about, anchor: now.anchor, ranges: joined([...ranges, between(now.anchor, row)]) };
  if (!isSelected(now, row)) return { ...about, anchor: row, ranges: joined([...ranges, between(row, row)]) };
  const left = ranges.flatMap(({ from, to }) =>
    row < from || row > to
      ? [{ from, to }]
      : [
          { from, to: row - 1 },
          { from: row + 1, to },
        ].filter((part) => part.from <= part.to),
  );
  return left.length === 0 ? now : { ...about, anchor: row, ranges: left };
}

export const everything = (now: Selection): Selection => ({ ...now, all: true });

export const isSelected = ({ all, ranges }: Selection, row: number): boolean =>
  all || ranges.some(({ from, to }) => row >= from && row <= to);

/** What is chosen of a table of so many rows. */
export function rangesOf({ all, ranges }: Selection, rows: number): RowRange[] {
  if (all) return rows > 0 ? [{ from: 0, to: rows - 1 }] : [];
  return ranges.flatMap(({ from, to }) => (from < rows ? [{ from, to: Math.min(to, rows - 1) }] : []));
}

export const countOf = (selection: Selection, rows: number): number =>
  rangesOf(selection, rows).reduce((sum, { from, to }) => sum + to - from + 1, 0);

/** Other rows stand in these places: what was chosen by its place is no longer, except that it was all. */
export const inOtherRows = (now: Selection): Selection => (now.all ? now : chosen(now.row, now.column));

function joined(ranges: readonly RowRange[]): RowRange[] {
  const result: RowRange[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && from <= last.to + 1)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else result.push({ from, to });
  }
  return result;
}
