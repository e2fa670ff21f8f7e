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
  /** Of `ratio` where there is a baseline that the goal is about, else of `value`; null: published without one. */
  readonly goal: number | null;
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
 * `prepare` makes what a run is about, and is not counted.
 */
export function processorTimes(run: () => void): number[];
export function processorTimes<T>(run: (prepared: T) => void, prepare: () => T): number[];
export function processorTimes<T>(run: (prepared?: T) => void, prepare?: () => T): number[] {
  const times: number[] = [];
  for (let count = 0; count < 10; count += 1) {
    const prepared = prepare?.();
    const before = process.threadCpuUsage();
    run(prepared);
    const { user, system } = process.threadCpuUsage(before);
    times.push((user + system) / 1_000);
  }
  return times.slice(3);
}

/** A figure that passes when the median of its runs is not above `goal` times that of `baselines`, in the same unit. */
export function ratioAtMost(
  goal: number | null,
  unit: string,
  name: string,
  n: number,
  runs: readonly number[],
  baselines: readonly number[],
): BenchFigure {
  const figure = atMost(Number.POSITIVE_INFINITY, unit, name, n, runs);
  const baseline = Math.round(median(baselines) * 10) / 10;
  const ratio = Math.round((figure.value / baseline) * 1_000) / 1_000;
  return { ...figure, baseline, ratio, goal, pass: goal === null || ratio <= goal };
}

/** A figure that there is no goal for. */
export const published = (unit: string, name: string, n: number, runs: readonly number[]): BenchFigure => ({
  ...atMost(Number.POSITIVE_INFINITY, unit, name, n, runs),
  goal: null,
});
