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

/** The last `seconds` before `now` in at most `points` points. They begin at whole spans, so that they stand still. */
export function viewOf(now: number, seconds: number, points: number): View {
  const age = Math.max(1, seconds) * 1000;
  const count = Math.max(1, Math.min(Math.floor(points), Math.ceil(age / finest.step)));
  const wanted = age / count;
  const tier = tierFor(age, wanted);
  const span = Math.max(wanted, tiers[tier]?.step ?? 0);
  const newest = Math.floor(now / span);
  return { from: (newest - count + 1) * span, to: now + 1, span, tier };
}
