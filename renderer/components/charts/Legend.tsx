import { memo } from 'react';
import { type Chart, indexAt } from './chart-model.ts';
import { type Cursor, useCursor } from './cursor.ts';

interface LegendProps {
  readonly chart: Chart;
  readonly reach: number;
  readonly cursor: Cursor;
}

/** Beside a chart: what each line is, and what it says under the cursor, or now. */
export const Legend = memo(function Legend({ chart, reach, cursor }: LegendProps) {
  const at = useCursor(cursor);
  const index = at === undefined ? chart.times.length - 1 : indexAt(chart.times, at, reach);
  return (
    <ul className="legend">
      {chart.legend.map(({ key, label, title = label, lines }) => (
        <li key={key}>
          <LineMark colour={lines[0]?.colour ?? 'currentColor'} dashed={lines[0]?.dashed ?? false} />
          <span className="cut" title={title}>
            {label}
          </span>
          <span className="legend-value">
            {[
              ...new Set(
                lines.map((line) => (index === undefined || index < 0 ? 'unknown' : line.text(index))),
              ),
            ].join('  ')}
          </span>
        </li>
      ))}
    </ul>
  );
});

/** A piece of the line: colour and dash as drawn. */
const LineMark = ({ colour, dashed }: { colour: string; dashed: boolean }) => (
  <svg width="16" height="8" aria-hidden="true" className="mark">
    <path
      d="M0 4h16"
      className="curve"
      style={{ color: colour }}
      strokeWidth="2"
      strokeDasharray={dashed ? '5 3' : undefined}
    />
  </svg>
);
