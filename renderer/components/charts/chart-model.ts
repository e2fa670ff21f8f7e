/** One line of a chart. Values share the chart's times; null where nothing is known, which leaves a gap. */
export interface ChartLine {
  readonly key: string;
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly axis?: 'left' | 'right';
  readonly dashed?: boolean;
}

export interface ChartMark {
  readonly at: number;
  readonly label: string;
  readonly severity: 'info' | 'warning' | 'critical';
}

export type ChartPoint = { readonly at: number } & { readonly [key: string]: number | null };

/** More points than this cannot be told apart on a screen, and cost an update its calm. */
export const mostPoints = 600;

/** Joins lines to points, at most `most` of them: every nth, the newest always among them. */
export function chartPoints(
  times: readonly number[],
  lines: readonly ChartLine[],
  most: number = mostPoints,
): ChartPoint[] {
  const every = Math.max(1, Math.ceil(times.length / most));
  const last = times.length - 1;
  return times.flatMap((at, index) => {
    if ((last - index) % every !== 0) return [];
    const values = lines.map((line) => [line.key, line.values[index] ?? null] as const);
    return [{ ...Object.fromEntries(values), at }];
  });
}

/** Moments for the axis, on whole minutes or hours, so that they stay where they are while time goes on. */
export function timeTicks(from: number, to: number, most = 7): number[] {
  const steps = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 345_600];
  const seconds = steps.find((step) => (to - from) / (step * 1000) <= most) ?? 604_800;
  const step = seconds * 1000;
  const offset = new Date(from).getTimezoneOffset() * 60_000;
  const first = Math.ceil((from - offset) / step) * step + offset;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / step) + 1) },
    (_, index) => first + index * step,
  );
}

/** The colour of a chart's nth line. */
export const lineColour = (index: number): string => `var(--series-${(index % 4) + 1})`;

/** Words over a mark, running to the right of it or, near the end of the axis, to its left. */
export interface MarkLabel extends ChartMark {
  readonly side: 'left' | 'right';
}

/**
 * The words over the marks: those that would stand on others are not told but counted with them.
 * `room`: the share of the time axis that a label takes.
 */
export function markLabels(marks: readonly ChartMark[], from: number, to: number, room: number): MarkLabel[] {
  const length = (to - from) * room;
  const told: { mark: ChartMark; side: MarkLabel['side']; more: number; end: number }[] = [];
  for (const mark of marks.filter(({ at }) => at >= from && at <= to).sort((a, b) => a.at - b.at)) {
    const last = told.at(-1);
    const side = mark.at + length > to ? 'left' : 'right';
    const [start, end] = side === 'left' ? [mark.at - length, mark.at] : [mark.at, mark.at + length];
    if (last && start < last.end) last.more += 1;
    else told.push({ mark, side, more: 0, end });
  }
  return told.map(({ mark, side, more }) => ({
    ...mark,
    label: more === 0 ? mark.label : `${mark.label} (+${more})`,
    side,
  }));
}
