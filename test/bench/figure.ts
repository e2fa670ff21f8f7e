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

/** A goal for a million entries, for `n` of them. */
export const forSize = (goal: number, n: number): number => Math.max(1, (goal * n) / 1_000_000);

/**
 * What each of seven runs takes of this thread's processor time, in ms, once three before them have let it be compiled:
 * on a machine with other work it tells more than the clock does.
 */
export function processorTimes(run: () => void): number[] {
  const times: number[] = [];
  for (let count = 0; count < 10; count += 1) {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    times.push((user + system) / 1_000);
  }
  return times.slice(3);
}
