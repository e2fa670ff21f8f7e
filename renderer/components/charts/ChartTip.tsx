import type { TooltipContentProps } from 'recharts';
import { formatInstant } from '../../../shared/domain/format.ts';
import { type ChartLine, lineColour } from './chart-model.ts';

interface ChartTipProps extends Partial<Pick<TooltipContentProps, 'active' | 'payload' | 'label'>> {
  readonly lines: readonly ChartLine[];
  readonly format: (value: number) => string;
  readonly formatRight: ((value: number) => string) | undefined;
}

/** The figures under the cursor. */
export function ChartTip({ active, payload, label, lines, format, formatRight = format }: ChartTipProps) {
  if (!active || payload === undefined || payload.length === 0) return null;
  return (
    <div className="popup tip chart-tip">
      <p className="quiet">{formatInstant(Number(label))}</p>
      <dl>
        {lines.map((line, index) => {
          const value = payload.find((each) => each.dataKey === line.key)?.value;
          const text = line.axis === 'right' ? formatRight : format;
          return (
            <div key={line.key}>
              <dt>
                <LineMark index={index} dashed={line.dashed ?? false} /> {line.name}
              </dt>
              <dd>{typeof value === 'number' ? text(value) : 'unknown'}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}

/** A piece of the line, for legends: colour and dash as drawn. */
export const LineMark = ({ index, dashed }: { index: number; dashed: boolean }) => (
  <svg width="16" height="8" aria-hidden="true" className="mark">
    <path
      d="M0 4h16"
      stroke={lineColour(index)}
      strokeWidth="2"
      strokeDasharray={dashed ? '5 3' : undefined}
    />
  </svg>
);
