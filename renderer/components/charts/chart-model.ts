/** A figure at each of a chart's times; null where it was not known, which leaves a gap. */
export type Values = readonly (number | null)[];

/** One line of a chart. */
export interface ChartLine {
  readonly key: string;
  /** In full, as in a table's head: `replicated on fw2`. */
  readonly name: string;
  readonly values: Values;
  /** The extremes within each point's span, where the figure moved within one. */
  readonly lowest?: Values | undefined;
  readonly highest?: Values | undefined;
  /** A colour of the theme, as CSS writes it. */
  readonly colour: string;
  readonly dashed?: boolean;
  /** Drawn downwards from zero: the other direction. */
  readonly below?: boolean;
  /** The nth value as an operator reads it. */
  readonly text: (index: number) => string;
}

/** An area between two figures: how far off a line may be, or all that is known of it. */
export interface ChartBand {
  readonly key: string;
  readonly colour: string;
  readonly low: Values;
  readonly high: Values;
  readonly hatched?: boolean;
}

/** One row beside a chart: whose line it is, and what it says at the cursor. */
export interface LegendRow {
  readonly key: string;
  readonly label: string;
  /** The same in full. */
  readonly title?: string;
  readonly lines: readonly ChartLine[];
}

export interface Chart {
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly bands: readonly ChartBand[];
  readonly legend: readonly LegendRow[];
  /** Lowest and highest value of the axis, and where its lines are. */
  readonly scale: Scale;
  readonly format: (value: number) => string;
}

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** The part of time that charts show (ms since the epoch). */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** The colour of a cluster's nth node, the same in every chart. */
export const nodeColour = (index: number): string => `var(--series-${(index % 4) + 1})`;

/** The least round range around all values, so that an axis stays as it is while they move a little. */
export function roundScale(low: number, high: number, most = 3): Scale {
  const length = Math.max(high - low, Math.abs(high) / 1000, Number.EPSILON);
  const step = roundStep(length / most);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step));
  return { low: ticks[0] ?? low, high: ticks.at(-1) ?? high, ticks };
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 2.5, 5].find((each) => each * power >= least * (1 - 1e-9)) ?? 10) * power;
}

/** Without the dust of adding binary fractions: 0.30000000000000004 → 0.3. */
const tidy = (value: number): number => Number(value.toPrecision(12));

/** Moments for the axis, on whole minutes, hours or days, so that they stay where they are while time goes on. */
export function timeTicks(from: number, to: number, most = 7): number[] {
  const steps = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
  ];
  const days = [2, 5, 10, 30, 60].map((count) => count * 86_400);
  const seconds = [...steps, ...days].find((step) => (to - from) / (step * 1000) <= most) ?? 5_184_000;
  const step = seconds * 1000;
  const offset = new Date(from).getTimezoneOffset() * 60_000;
  const first = Math.ceil((from - offset) / step) * step + offset;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / step) + 1) },
    (_, index) => first + index * step,
  );
}

/** The point that stands for a moment; undefined in a hole, where nobody looked. `reach`: how long a point stands (ms). */
export function indexAt(times: readonly number[], at: number, reach: number): number | undefined {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((times[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const before = times[low];
  if (before === undefined) return undefined;
  const after = times[low + 1];
  if (after !== undefined && after - at < at - before) low += 1;
  return Math.abs((times[low] ?? 0) - at) <= Math.max(reach, 1_000) * 2 ? low : undefined;
}
