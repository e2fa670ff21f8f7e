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

/**
 * The words over the marks: those that would stand on one another are told once, with how many more there are.
 * `room`: the share of the time axis that a label takes.
 */
export function markLabels(marks: readonly ChartMark[], from: number, to: number, room = 0.22): ChartMark[] {
  const groups: { first: ChartMark; more: number }[] = [];
  for (const mark of marks.filter(({ at }) => at >= from && at <= to).sort((a, b) => a.at - b.at)) {
    const last = groups.at(-1);
    if (last && mark.at - last.first.at < (to - from) * room) last.more += 1;
    else groups.push({ first: mark, more: 0 });
  }
  return groups.map(({ first, more }) => ({
    ...first,
    label: more === 0 ? first.label : `${first.label} (+${more})`,
  }));
}
