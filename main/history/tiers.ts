import { floorTo } from './summary.ts';

/** A resolution that readings are kept in: a row each `step` ms, for `kept` ms. */
export interface Tier {
  readonly table: 'second' | 'ten_seconds' | 'minute' | 'ten_minutes' | 'six_hours';
  readonly step: number;
  readonly kept: number;
}

const hour = 3_600_000;
const day = 24 * hour;

/** Finest first; each step is a whole number of the one before. The last only makes a year quick to draw. */
export const tiers: readonly [Tier, ...Tier[]] = [
  { table: 'second', step: 1_000, kept: hour },
  { table: 'ten_seconds', step: 10_000, kept: day },
  { table: 'minute', step: 60_000, kept: 30 * day },
  { table: 'ten_minutes', step: 600_000, kept: 366 * day },
  { table: 'six_hours', step: 6 * hour, kept: 366 * day },
];
export const finest = tiers[0];
export const eventsKept = { ms: 366 * day, perCluster: 20_000 };
export const logsKept = { ms: 366 * day, perCluster: 10_000 };

/** The place of the coarsest tier that still has a row for each `span` ms, or of a coarser one that reaches back far enough. */
export function tierFor(ageMs: number, span: number): number {
  const enough = tiers.findLastIndex((tier) => tier.step <= span);
  const reaching = tiers.findIndex((tier) => tier.kept >= ageMs);
  return Math.max(enough, reaching === -1 ? tiers.length - 1 : reaching);
}

/** What a chart looks at: points of `span` ms each, from `from` up to and without `to`, and the tier that feeds them. */
export interface View {
  readonly from: number;
  readonly to: number;
  readonly span: number;
  readonly tier: number;
}

/** Whether a tier has all from a moment on that coarser ones have: a full file gave its oldest detail up. */
type Reaches = (tier: number, from: number) => boolean;

/** What a chart asks for: the last `seconds`, or the time between `from` and `to` (ms since the epoch). */
export interface Wanted {
  readonly seconds: number;
  readonly points: number;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * What is wanted, in at most `points` points. They begin at whole spans, so that they stand still. `from` without `to`:
 * the points that the last `seconds` have from there on, for a chart that knows the older ones.
 */
export function viewOf(
  now: number,
  { seconds, points, from, to }: Wanted,
  reaches: Reaches = () => true,
): View {
  if (from !== undefined && to !== undefined) return windowOf(now, from, to, points, reaches);
  const age = Math.max(1, seconds) * 1000;
  const count = countOf(points, age);
  const { span, tier } = spanOf(now, now - age, age / count, reaches);
  const newest = Math.floor(now / span);
  const first = (newest - count + 1) * span;
  return { from: Math.max(first, floorTo(from ?? first, span)), to: now + 1, span, tier };
}

function windowOf(now: number, from: number, to: number, points: number, reaches: Reaches): View {
  const length = Math.max(finest.step, to - from);
  // One fewer, because a window that begins within a span shows a part of one more.
  const wanted = Math.ceil(length / Math.max(1, points - 1) / finest.step) * finest.step;
  const { span, tier } = spanOf(now, from, wanted, reaches);
  return { from: floorTo(from, span), to: from + length, span, tier };
}

const countOf = (points: number, length: number): number =>
  Math.max(1, Math.min(Math.floor(points), Math.ceil(length / finest.step)));

function spanOf(now: number, from: number, wanted: number, reaches: Reaches): Pick<View, 'span' | 'tier'> {
  let tier = tierFor(now - from, wanted);
  while (tier < tiers.length - 1 && !reaches(tier, from)) tier += 1;
  return { span: Math.max(wanted, tiers[tier]?.step ?? 0), tier };
}
