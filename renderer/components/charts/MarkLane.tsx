import { useMemo } from 'react';
import { formatInstant } from '../../../shared/domain/format.ts';
import type { TimeSpan } from './chart-model.ts';
import type { Cursor } from './cursor.ts';
import { type ChartMark, placeMarks } from './marks.ts';

interface MarkLaneProps {
  readonly marks: readonly ChartMark[];
  readonly span: TimeSpan;
  readonly width: number;
  readonly cursor: Cursor;
}

const mostLanes = 3;
const laneHeight = 18;

/** The words of what happened, above the lines that it draws through every chart. */
export function MarkLane({ marks, span, width, cursor }: MarkLaneProps) {
  const placed = useMemo(() => placeMarks(marks, span, width, mostLanes), [marks, span, width]);
  const lanes = placed.reduce((most, { lane }) => Math.max(most, lane + 1), 0);
  return (
    <ul className="mark-lane" aria-label="What happened" style={{ height: lanes * laneHeight }}>
      {placed.map((each) => (
        <li
          key={`${each.mark.at} ${each.mark.label}`}
          style={{ left: each.left, width: each.width, top: each.lane * laneHeight }}
        >
          <button
            type="button"
            data-severity={each.mark.severity}
            data-side={
              each.left + each.width / 2 < (each.mark.at - span.from) * (width / (span.to - span.from))
                ? 'left'
                : 'right'
            }
            title={[each.mark, ...each.more].map(sentence).join('\n')}
            onPointerEnter={() => cursor.set(each.mark.at)}
            onPointerLeave={() => cursor.set(undefined)}
            onFocus={() => cursor.set(each.mark.at)}
            onBlur={() => cursor.set(undefined)}
          >
            <span className="cut">{each.mark.short ?? each.mark.label}</span>
            {each.more.length > 0 && <span className="more">+{each.more.length}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}

const sentence = ({ at, label }: ChartMark): string => `${formatInstant(at)}  ${label}`;
