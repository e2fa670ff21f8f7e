import type { TimeSpan, Values } from './chart-model.ts';

/** Where a moment, or a value, is drawn (px). */
export type Place = (value: number) => number;

export const timePlace = ({ from, to }: TimeSpan, width: number): Place => {
  const perMs = width / Math.max(1, to - from);
  return (at) => (at - from) * perMs;
};

export const valuePlace = (low: number, high: number, height: number): Place => {
  const perUnit = height / (high - low || 1);
  return (value) => (high - value) * perUnit;
};

/** A tenth of a pixel is as fine as one sees, and short. */
const px = (value: number): string => String(Math.round(value * 10) / 10);

/** The path of a line, broken where a value is not known; a point without neighbours stands for `reach` ms. */
export function linePath(
  times: readonly number[],
  values: Values,
  x: Place,
  y: Place,
  reach: number,
): string {
  const alone = `h${px(x(reach) - x(0))}`;
  let path = '';
  let run = 0;
  for (let index = 0; index < times.length; index += 1) {
    const [at, value] = [times[index], values[index]];
    if (at === undefined || value === null || value === undefined) {
      if (run === 1) path += alone;
      run = 0;
      continue;
    }
    path += `${run === 0 ? 'M' : 'L'}${px(x(at))} ${px(y(value))}`;
    run += 1;
  }
  return run === 1 ? `${path}${alone}` : path;
}

/** The area between two figures where both are known. Each point stands until the next, the last of a run for `reach` ms. */
export function areaPath(
  times: readonly number[],
  low: Values,
  high: Values,
  x: Place,
  y: Place,
  reach: number,
): string {
  let path = '';
  let top = '';
  let bottom = '';
  const close = () => {
    if (top !== '') path += `M${top.slice(1)}${bottom}Z`;
    top = '';
    bottom = '';
  };
  const add = (at: number, a: number, b: number) => {
    const left = px(x(at));
    top += `L${left} ${px(y(b))}`;
    bottom = `L${left} ${px(y(a))}${bottom}`;
  };
  for (let index = 0; index < times.length; index += 1) {
    const [at, a, b] = [times[index], low[index], high[index]];
    if (at === undefined || a == null || b == null) {
      close();
      continue;
    }
    add(at, a, b);
    const ends = low[index + 1] == null || high[index + 1] == null;
    if (ends) add(Math.min(at + reach, times[index + 1] ?? Number.POSITIVE_INFINITY), a, b);
  }
  close();
  return path;
}

/** Spans in which none of these figures was known, although somebody looked before: [from, to] in ms. */
export function unknownSpans(times: readonly number[], all: readonly Values[]): [number, number][] {
  const spans: [number, number][] = [];
  let open: number | undefined;
  times.forEach((at, index) => {
    const known = all.some((values) => values[index] != null);
    if (!known) open ??= at;
    if (known && open !== undefined) {
      spans.push([open, at]);
      open = undefined;
    }
  });
  const last = times.at(-1);
  if (open !== undefined && last !== undefined) spans.push([open, last]);
  return spans;
}
