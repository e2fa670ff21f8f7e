/** Milliseconds since the Unix epoch. Passed in wherever time matters, so that tests own the time. */
export type Clock = () => number;
export const systemClock: Clock = () => Date.now();

/**
 * Milliseconds from `at` until `now`. Infinite where `at` lies more than a second ahead: our clock was set back, so how
 * long ago that was is not known, and what is read again after a time is read again now.
 */
export const elapsed = (at: number, now: number): number => (now < at - 1_000 ? Infinity : now - at);
