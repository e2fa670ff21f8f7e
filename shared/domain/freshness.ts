import { aheadMs } from '../lib/clock.ts';
import type { Reading } from '../lib/reading.ts';

/** fresh · late: a reading is overdue, the value dims · expired: no longer shown as the present. */
export type Freshness = 'fresh' | 'late' | 'expired';

/** How often a kind of reading is taken, and how old it may be before it says nothing about now. In ms. */
export interface Cadence {
  readonly interval: number;
  readonly deadline: number;
}

/** The agent's statistics, the addresses and the count of connections are read once a second. */
export const everySecond: Cadence = { interval: 1000, deadline: 6500 };
/** The takeover engine's own dump blocks it while it writes, so it is read more rarely. */
export const everyTwoSeconds: Cadence = { interval: 2000, deadline: 10_000 };
/** The size of the table and the handover file are read rarely, because they hardly ever change. */
export const everyTenSeconds: Cadence = { interval: 10_000, deadline: 35_000 };
/** Lag is sampled once a minute; a figure of it stands for a minute and a half. */
export const everyMinute: Cadence = { interval: 60_000, deadline: 90_000 };

/** How far to trust a value of this age (ms). Late begins past twice its interval. */
export function freshnessOf(age: number, cadence: Cadence = everySecond): Freshness {
  // what a clock that was set back puts into the future may be of any age
  if (age > cadence.deadline || age < -aheadMs) return 'expired';
  // A reading travels a moment before it is here: without this allowance a healthy value would flicker.
  return age > cadence.interval * 2 + 500 ? 'late' : 'fresh';
}

/** A reading that still says something about `now`; undefined where there is none. */
export const currentReading = <T>(
  reading: Reading<T> | undefined,
  now: number,
  cadence: Cadence = everySecond,
): Reading<T> | undefined =>
  reading && freshnessOf(now - reading.observedAt, cadence) !== 'expired' ? reading : undefined;
