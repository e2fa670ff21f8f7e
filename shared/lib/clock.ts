/** Milliseconds since the Unix epoch. Passed in wherever time matters, so that tests own the time. */
export type Clock = () => number;
export const systemClock: Clock = () => Date.now();

/** What lies ahead of now by more than this (ms) was dated by a clock that was set back since; a page's clock ticks each second. */
export const aheadMs = 5_000;

/**
 * Milliseconds from `at` until `now`. Infinite where `at` lies well ahead: our clock was set back, so how long ago that
 * was is not known, and what is read again after a time is read again now.
 */
export const elapsed = (at: number, now: number): number => (now < at - aheadMs ? Infinity : now - at);
