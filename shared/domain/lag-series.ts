/**
 * Two counters of a cache, as read once: at some instant between `from` and `to`, ms on this machine's clock, the
 * channel's own round trip taken off both ends.
 */
export interface CounterSample {
  readonly from: number;
  readonly to: number;
  readonly created: number;
  readonly destroyed: number;
}

/** In the order of reading. */
export type CounterSeries = readonly CounterSample[];
export type CounterName = 'created' | 'destroyed';
export const counterNames: readonly CounterName[] = ['created', 'destroyed'];

const modulus = 2 ** 32;

/** a − b of counters that wrap at 2^32: the nearest signed number. */
export function counterDifference(a: number, b: number): number {
  const difference = (((a - b) % modulus) + modulus) % modulus;
  return difference >= modulus / 2 ? difference - modulus : difference;
}

/** One counter as it grew, counted from `origin`, so that a wrap is nothing special. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

export const stepsOf = (series: CounterSeries, name: CounterName, origin: number): Step[] =>
  series.map((sample) => ({
    from: sample.from,
    to: sample.to,
    value: counterDifference(sample[name], origin),
  }));

/** False where a counter went back: its daemon was restarted in between. */
export const onlyGrows = (series: CounterSeries): boolean =>
  series.every((sample, index) => {
    const before = series[index - 1];
    return (
      before === undefined || counterNames.every((name) => counterDifference(sample[name], before[name]) >= 0)
    );
  });
