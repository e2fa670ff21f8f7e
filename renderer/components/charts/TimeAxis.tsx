import { useMemo } from 'react';
import { formatClock, formatInstant } from '../../../shared/domain/format.ts';
import { type TimeSpan, timeTicks } from './chart-model.ts';
import { timePlace } from './path.ts';

const hour = 3_600_000;
const tickWidth = 90;

/** The one time axis, under all charts. */
export function TimeAxis({ span, width }: { span: TimeSpan; width: number }) {
  const { from, to } = span;
  const ticks = useMemo(
    () => timeTicks(from, to, Math.max(2, Math.min(10, Math.floor(width / tickWidth)))),
    [from, to, width],
  );
  const x = timePlace(span, width);
  return (
    <svg className="time-axis" width={width} height="20" aria-hidden="true">
      {ticks.map((at) => (
        <text key={at} x={x(at)} y="14" textAnchor={anchor(x(at), width)}>
          {tickText(at, to - from)}
        </text>
      ))}
    </svg>
  );
}

const anchor = (x: number, width: number) => (x < 24 ? 'start' : x > width - 24 ? 'end' : 'middle');

/** As much of a moment as tells one tick from the next. */
function tickText(at: number, length: number): string {
  if (length <= hour / 4) return formatClock(at);
  if (length <= 26 * hour) return formatClock(at).slice(0, 5);
  if (length <= 5 * 24 * hour) return formatInstant(at).slice(5, 16);
  return formatInstant(at).slice(0, 10);
}
