/**
 * Which rows of a long table are on the screen. Chromium cannot draw an element much past 30 million px, so a long
 * table is drawn into a shorter scroll space: the scroll bar then stands for a share of the table, while wheel and
 * keys still move by rows. `topRow` counts rows from 0 and may be a fraction.
 */
export const rowHeight = 24;
export const longestScroll = 10_000_000;

export interface Viewport {
  readonly rows: number;
  /** Of the visible part, in px. */
  readonly height: number;
}

export const scrollHeight = ({ rows }: Viewport): number => Math.min(rows * rowHeight, longestScroll);

/** Whether a px of scrolling is a px of the table. */
export const isScaled = ({ rows }: Viewport): boolean => rows * rowHeight > longestScroll;

/** The largest top row: the last row then ends where the visible part ends. */
export const lastTopRow = ({ rows, height }: Viewport): number => Math.max(0, rows - height / rowHeight);

export function topRowAt(scrollTop: number, viewport: Viewport): number {
  const travel = scrollHeight(viewport) - viewport.height;
  if (travel <= 0) return 0;
  const share = Math.max(0, Math.min(1, scrollTop / travel));
  return isScaled(viewport) ? share * lastTopRow(viewport) : Math.max(0, scrollTop) / rowHeight;
}

export function scrollTopFor(topRow: number, viewport: Viewport): number {
  if (!isScaled(viewport)) return topRow * rowHeight;
  const travel = scrollHeight(viewport) - viewport.height;
  return (clampTopRow(topRow, viewport) / lastTopRow(viewport)) * travel;
}

export const clampTopRow = (topRow: number, viewport: Viewport): number =>
  Math.max(0, Math.min(topRow, lastTopRow(viewport)));

/** First and one past the last row to draw. */
export function visibleRows(topRow: number, { rows, height }: Viewport): { first: number; end: number } {
  const first = Math.max(0, Math.floor(topRow));
  return { first, end: Math.min(rows, Math.ceil(topRow + height / rowHeight) + 1) };
}

/**
 * Rows that are drawn while the top row moves a little, and the row that their places are counted from: neither changes
 * with each px, so that most moves only shift what is drawn.
 */
export interface DrawnRows {
  readonly first: number;
  readonly end: number;
  readonly base: number;
}

const drawnStep = 4;
const baseStep = 1_000;

/** How many rows are drawn at once: a row keeps its element while no other of the same `row % drawnCount` is drawn. */
export const drawnCount = ({ height }: Viewport): number => Math.ceil(height / rowHeight) + drawnStep + 2;

export function drawnRows(topRow: number, viewport: Viewport): DrawnRows {
  const first = Math.floor(Math.max(0, topRow) / drawnStep) * drawnStep;
  return {
    first,
    end: Math.min(viewport.rows, first + drawnCount(viewport)),
    base: Math.floor(first / baseStep) * baseStep,
  };
}

/** Whether a window that goes from one row to another does not pass the rows between. */
export const leaps = (from: number, to: number, count: number): boolean => Math.abs(to - from) > 2 * count;

/** A window that leapt is on its way elsewhere until it stays so long (ms). */
export const staysAfterMs = 40;

/** The nearest top row at which `row` is whole on the screen. */
export function reveal(row: number, topRow: number, viewport: Viewport): number {
  const fits = Math.floor(viewport.height / rowHeight);
  if (row < topRow) return row;
  return row > topRow + fits - 1 ? row - fits + 1 : topRow;
}

/** Where a key moves the cursor to; undefined: the key is not about moving. */
export function moveCursor(key: string, cursor: number, { rows, height }: Viewport): number | undefined {
  const page = Math.max(1, Math.floor(height / rowHeight) - 1);
  const steps: Record<string, number> = {
    ArrowDown: cursor + 1,
    ArrowUp: cursor - 1,
    PageDown: cursor + page,
    PageUp: cursor - page,
    Home: 0,
    End: rows - 1,
  };
  const target = steps[key];
  return target === undefined ? undefined : Math.max(0, Math.min(rows - 1, target));
}
