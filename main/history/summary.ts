import { figureNames, type Values } from './figures.ts';

/** What a span of time showed: lowest, highest and last known value of each figure in turn; null: never known in it. */
export type Summary = readonly (number | null)[];

/** A span that begins at `at` (ms since the epoch), summed up. */
export interface Row {
  readonly at: number;
  readonly summary: Summary;
}

export const low = (figure: number): number => figure * 3;
export const high = (figure: number): number => figure * 3 + 1;
export const last = (figure: number): number => figure * 3 + 2;

export const summaryOf = (values: Values): Summary => values.flatMap((value) => [value, value, value]);

/** Both spans as one. What only one of them knows stands; what neither knows stays unknown. */
export function merge(earlier: Summary, later: Summary): Summary {
  const merged = [...earlier];
  absorb(merged, later);
  return merged;
}

function absorb(merged: (number | null)[], later: Summary): void {
  for (let figure = 0; figure < figureNames.length; figure += 1) {
    const [a, b, c] = [low(figure), high(figure), last(figure)];
    merged[a] = least(merged[a], later[a]);
    merged[b] = greatest(merged[b], later[b]);
    merged[c] = later[c] ?? merged[c] ?? null;
  }
}

type Known = number | null | undefined;
const least = (a: Known, b: Known): number | null => (a == null ? (b ?? null) : b == null || a < b ? a : b);
const greatest = (a: Known, b: Known): number | null =>
  a == null ? (b ?? null) : b == null || a > b ? a : b;

export const floorTo = (at: number, step: number): number => Math.floor(at / step) * step;

/** Rows in the order of time, as rows of `step` ms each. A step of which there is no row makes none: a gap stays. */
export function rollUp(rows: readonly Row[], step: number): Row[] {
  const rolled: { at: number; summary: (number | null)[] }[] = [];
  for (const row of rows) {
    const at = floorTo(row.at, step);
    const open = rolled.at(-1);
    if (open?.at === at) absorb(open.summary, row.summary);
    else rolled.push({ at, summary: [...row.summary] });
  }
  return rolled;
}
