import { useMemo } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import { formatClock } from '../../../shared/domain/format.ts';
import { useSize } from '../use-size.ts';
import { ChartTip } from './ChartTip.tsx';
import {
  type ChartLine,
  type ChartMark,
  chartPoints,
  lineColour,
  markLabels,
  timeTicks,
} from './chart-model.ts';

interface TimeChartProps {
  /** What the chart shows, in a sentence: what a screen reader hears in place of the curves. */
  readonly label: string;
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly marks: readonly ChartMark[];
  /** Charts of one group share their cursor. */
  readonly group: string;
  readonly format: (value: number) => string;
  readonly formatRight?: (value: number) => string;
  /** A count starts at zero where its distance from zero matters; a level shows its own range. */
  readonly fromZero?: boolean;
}

const axisWidth = 64;
/** Of the longest words over a mark. */
const labelWidth = 250;

/** Curves over time: the one place that knows recharts. */
export function TimeChart(props: TimeChartProps) {
  const { times, lines, marks } = props;
  const [ref, { width, height }] = useSize();
  const points = useMemo(() => chartPoints(times, lines), [times, lines]);
  const [from = 0, to = 0] = [times[0], times.at(-1)];
  const hasRight = lines.some((line) => line.axis === 'right');
  const axis = {
    tick: { fill: 'var(--ink-2)', fontSize: 11 },
    stroke: 'var(--line-strong)',
    tickLine: false,
  };
  const range: [number | string, string] = props.fromZero ? [0, 'auto'] : ['auto', 'auto'];
  return (
    <div className="time-chart" ref={ref} role="img" aria-label={props.label}>
      {width > 0 && (
        <LineChart
          width={width}
          height={height}
          data={points}
          syncId={props.group}
          accessibilityLayer={false}
          margin={{ top: 16, right: hasRight ? 0 : axisWidth, bottom: 0, left: 0 }}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="at"
            type="number"
            domain={[from, to]}
            ticks={timeTicks(from, to)}
            tickFormatter={(at: number) => formatClock(at).slice(0, to - from > 900_000 ? 5 : 8)}
            {...axis}
          />
          <YAxis
            yAxisId="left"
            width={axisWidth}
            domain={range}
            tickFormatter={props.format}
            {...axis}
            axisLine={false}
          />
          {hasRight && (
            <YAxis
              yAxisId="right"
              orientation="right"
              width={axisWidth}
              domain={[0, 'auto']}
              allowDecimals={false}
              tickFormatter={props.formatRight ?? props.format}
              {...axis}
              axisLine={false}
            />
          )}
          {marks.map((mark) => (
            <ReferenceLine
              key={`${mark.at} ${mark.label}`}
              yAxisId="left"
              x={mark.at}
              stroke={mark.severity === 'info' ? 'var(--ink-3)' : `var(--${mark.severity})`}
              strokeDasharray={mark.severity === 'info' ? '4 2' : '2 2'}
            />
          ))}
          {markLabels(marks, from, to, labelWidth / (width - 2 * axisWidth)).map((mark) => (
            <ReferenceLine
              key={`label ${mark.at}`}
              yAxisId="left"
              x={mark.at}
              stroke="none"
              label={{
                value: mark.label,
                position: mark.side === 'left' ? 'insideTopRight' : 'insideTopLeft',
                fill: 'var(--ink-2)',
                fontSize: 11,
                dy: -16,
              }}
            />
          ))}
          {lines.map((line, index) => (
            <Line
              key={line.key}
              yAxisId={line.axis ?? 'left'}
              dataKey={line.key}
              name={line.name}
              stroke={lineColour(index)}
              strokeWidth={1.5}
              {...(line.dashed ? { strokeDasharray: '5 3' } : {})}
              dot={false}
              activeDot={{ r: 3 }}
              connectNulls={false}
              isAnimationActive={false}
              type="linear"
            />
          ))}
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--ink-3)' }}
            content={<ChartTip lines={lines} format={props.format} formatRight={props.formatRight} />}
          />
        </LineChart>
      )}
    </div>
  );
}
