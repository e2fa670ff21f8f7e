import type { TimeSpan } from './chart-model.ts';

/** A moment worth a line across every chart. */
export interface ChartMark {
  readonly at: number;
  readonly label: string;
  /** The same for where there is little room. */
  readonly short?: string;
  readonly severity: 'info' | 'warning' | 'critical';
}

/** The words over a mark: which they are, where they stand, and the marks for which there was no room beside them. */
export interface PlacedMark {
  readonly mark: ChartMark;
  readonly more: readonly ChartMark[];
  /** Left edge and width (px), and how many rows from the top. */
  readonly left: number;
  readonly width: number;
  readonly lane: number;
}

const widest = 200;
/** Of a letter of 11 px, on average, and of what stands around a label. */
const letter = 6.2;
const around = 18;
const counted = 24;
const weight = { info: 0, warning: 1, critical: 2 };

/**
 * Words for the marks of a span, none over another: the graver and then the newer take their place first. What finds
 * no room is counted with its neighbour, and forgotten nowhere.
 */
export function placeMarks(
  marks: readonly ChartMark[],
  { from, to }: TimeSpan,
  width: number,
  lanes: number,
): PlacedMark[] {
  const within = marks.filter(({ at }) => at >= from && at <= to);
  const order = within.toSorted((a, b) => weight[b.severity] - weight[a.severity] || b.at - a.at);
  const placed: { mark: ChartMark; more: ChartMark[]; left: number; width: number; lane: number }[] = [];
  const left: ChartMark[] = [];
  const perMs = width / Math.max(1, to - from);
  for (const mark of order) {
    const room = Math.min(
      widest,
      width,
      around + counted + Math.ceil((mark.short ?? mark.label).length * letter),
    );
    const x = (mark.at - from) * perMs;
    const start = x + room > width ? Math.max(0, x - room) : x;
    const free = (lane: number) =>
      placed.every(
        (each) => each.lane !== lane || start >= each.left + each.width || each.left >= start + room,
      );
    const lane = Array.from({ length: lanes }, (_, index) => index).find(free);
    if (lane === undefined) left.push(mark);
    else placed.push({ mark, more: [], left: start, width: room, lane });
  }
  for (const mark of left) {
    const nearest = placed.toSorted(
      (a, b) => Math.abs(a.mark.at - mark.at) - Math.abs(b.mark.at - mark.at),
    )[0];
    nearest?.more.push(mark);
  }
  return placed.sort((a, b) => a.mark.at - b.mark.at);
}
