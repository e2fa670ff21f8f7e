import type { TimeSpan } from './chart-model.ts';

/** What the charts look at: the last `seconds` as time goes on, or a part of the past that stands still. */
export type TimeWindow =
  | { readonly kind: 'live'; readonly seconds: number }
  | ({ readonly kind: 'still' } & TimeSpan);

/** Ten seconds are as close as figures of every second are worth looking at; a year is what is kept. */
const shortest = 10_000;
const year = 366 * 86_400_000;

/** The same length and direction, inside what is kept. */
function inside({ from, to }: TimeSpan, now: number): TimeWindow {
  const length = Math.min(year, Math.max(shortest, to - from));
  const end = Math.min(now, Math.max(to, now - year + length));
  return { kind: 'still', from: end - length, to: end };
}

/** `factor` below 1 looks closer. What is under `at` stays where it is. */
export function zoomed({ from, to }: TimeSpan, factor: number, at: number, now: number): TimeWindow {
  const least = shortest / Math.max(1, to - from);
  const by = Math.max(least, factor);
  return inside({ from: at - (at - from) * by, to: at + (to - at) * by }, now);
}

export const panned = ({ from, to }: TimeSpan, ms: number, now: number): TimeWindow =>
  inside({ from: from + ms, to: to + ms }, now);

/** What was drawn over with the pointer, in either direction; a short one is widened around its middle. */
export function selected(one: number, other: number, now: number): TimeWindow {
  const middle = (one + other) / 2;
  const half = Math.max(Math.abs(one - other), shortest) / 2;
  return inside({ from: middle - half, to: middle + half }, now);
}
