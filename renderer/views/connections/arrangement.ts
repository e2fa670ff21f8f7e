import * as z from 'zod/mini';
import { type Column, columns } from './columns.ts';

/** The columns on the screen, from left to right; `width` in px, absent: the column's own. */
const Arrangement = z.array(z.object({ id: z.string(), width: z.optional(z.number()) }));
export type Arrangement = z.infer<typeof Arrangement>;

export interface Arranged {
  readonly column: Column;
  /** px, as somebody chose it; undefined: the column's own. */
  readonly width: number | undefined;
}

export const narrowest = 40;
export const widest = 800;

export const defaultArrangement: Arrangement = columns
  .filter(({ extra }) => !extra)
  .map(({ id }) => ({ id }));

const isDefault = (arrangement: Arrangement): boolean =>
  JSON.stringify(arrangement) === JSON.stringify(defaultArrangement);

/** Reads what was kept; columns that there are not (any more) are left out, and nothing of ours counts as the default. */
export function readArrangement(text: string | undefined): Arrangement {
  try {
    const read = Arrangement.safeParse(JSON.parse(text ?? ''));
    const known = read.success
      ? read.data.filter(({ id }, at, all) => isColumn(id) && isFirst(id, at, all))
      : [];
    return known.length === 0 ? defaultArrangement : known;
  } catch {
    return defaultArrangement;
  }
}

const isColumn = (id: string): boolean => columns.some((column) => column.id === id);
const isFirst = (id: string, at: number, all: Arrangement): boolean =>
  all.findIndex((each) => each.id === id) === at;

/** What is kept of it; nothing of the default, so that a later version's may be another. */
export const keptText = (arrangement: Arrangement): string =>
  isDefault(arrangement) ? '' : JSON.stringify(arrangement);

export const arranged = (arrangement: Arrangement): Arranged[] =>
  arrangement.flatMap(({ id, width }) => {
    const column = columns.find((each) => each.id === id);
    return column ? [{ column, width }] : [];
  });

/** Shows a column where it stands among all, or hides it; the last one stays. */
export function toggled(arrangement: Arrangement, id: string): Arrangement {
  if (arrangement.some((each) => each.id === id))
    return arrangement.length === 1 ? arrangement : arrangement.filter((each) => each.id !== id);
  const order = columns.map((column) => column.id);
  const before = order.slice(0, order.indexOf(id));
  const at = arrangement.findLastIndex((each) => before.includes(each.id)) + 1;
  return arrangement.toSpliced(at, 0, { id });
}

/** Moves a column so that it is the one at `to`. */
export function moved(arrangement: Arrangement, id: string, to: number): Arrangement {
  const at = arrangement.findIndex((each) => each.id === id);
  const [entry] = arrangement.slice(at, at + 1);
  if (at < 0 || !entry) return arrangement;
  const others = arrangement.toSpliced(at, 1);
  return others.toSpliced(Math.max(0, Math.min(to, others.length)), 0, entry);
}

/** Gives a column a width, or without one its own again. */
export const resized = (arrangement: Arrangement, id: string, width: number | undefined): Arrangement =>
  arrangement.map((each) => {
    if (each.id !== id) return each;
    return width === undefined
      ? { id }
      : { id, width: Math.round(Math.max(narrowest, Math.min(widest, width))) };
  });

/** Where a column lands that is let go at `x`: in px, as are the left and right edges of the columns. */
export const dropPlace = (x: number, edges: readonly { left: number; right: number }[]): number =>
  edges.filter(({ left, right }) => x > (left + right) / 2).length;

/** The columns as CSS lays them out, and what they take at least, px. */
export const columnTracks = (shown: readonly Arranged[]): string =>
  shown
    .map(({ column, width }) =>
      width === undefined && column.grows ? `minmax(${column.width}px, 1fr)` : `${width ?? column.width}px`,
    )
    .join(' ');

export const leastWidth = (shown: readonly Arranged[]): number =>
  shown.reduce((sum, { column, width }) => sum + (width ?? column.width), 0);
