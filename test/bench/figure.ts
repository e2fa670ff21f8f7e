/** What a bench publishes, one line of JSON each. */
export interface BenchFigure {
  readonly name: string;
  /** The size of what was measured. */
  readonly n: number;
  readonly value: number;
  readonly unit: string;
  /** The same without what is measured, on the same machine in the same minutes. */
  readonly baseline?: number;
  readonly ratio?: number;
  readonly goal: number;
  readonly pass: boolean;
  /** The value of each run; `value` is their median. */
  readonly runs: readonly number[];
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** A figure that passes when the median of its runs is not above `goal`. */
export function atMost(
  goal: number,
  unit: string,
  name: string,
  n: number,
  runs: readonly number[],
): BenchFigure {
  const rounded = runs.map((run) => Math.round(run * 10) / 10);
  const value = median(rounded);
  return { name, n, value, unit, goal, pass: value <= goal, runs: rounded };
}
