import { memo, useMemo } from 'react';
import { CartesianGrid, LineChart, XAxis, YAxis } from 'recharts';
import { Curves } from './Curves.tsx';
import type { Chart, TimeSpan } from './chart-model.ts';
import type { Cursor } from './cursor.ts';
import { Legend } from './Legend.tsx';

interface TimeChartProps {
  readonly title: string;
  /** What it shows in a sentence: what a screen reader hears in place of the curves. */
  readonly label: string;
  /** Said where there is no line to draw. */
  readonly empty: string;
  readonly chart: Chart;
  readonly span: TimeSpan;
  /** How long each point stands (ms). */
  readonly reach: number;
  /** Of the plot, with its axis, in px. */
  readonly width: number;
  readonly height: number;
  readonly cursor: Cursor;
}

/** Of the axis beside each plot (px): the same for all, so that one moment is under the other. */
export const axisWidth = 60;
const margin = { top: 7, right: 0, bottom: 7, left: 0 };
const tick = { fill: 'var(--ink-2)', fontSize: 11 };

/**
 * One of several charts over one time axis. Recharts draws its frame; the curves are paths of our own inside it, since
 * its lines cost 20 ms an update, and six of them would make frames late.
 */
export const TimeChart = memo(function TimeChart(props: TimeChartProps) {
  const { title, label, empty, chart, span, reach, width, height, cursor } = props;
  return (
    <figure className="strip">
      <figcaption>{title}</figcaption>
      <div className="strip-plot" role="img" aria-label={label}>
        <Frame chart={chart} width={width} height={height} />
        {width > axisWidth && (
          <Curves
            chart={chart}
            span={span}
            reach={reach}
            left={axisWidth}
            top={margin.top}
            width={width - axisWidth}
            height={height - margin.top - margin.bottom}
            cursor={cursor}
          />
        )}
        {chart.lines.length === 0 && <p className="strip-empty quiet">{empty}</p>}
      </div>
      <Legend chart={chart} reach={reach} cursor={cursor} />
    </figure>
  );
});

interface FrameProps {
  readonly chart: Chart;
  readonly width: number;
  readonly height: number;
}

/** Axis and lines behind the curves; drawn again only when the axis itself changes. */
function Frame({ chart: { scale, format }, width, height }: FrameProps) {
  const key = `${scale.low} ${scale.high} ${scale.ticks.length}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that matters of the scale
  return useMemo(
    () =>
      width > axisWidth && (
        <LineChart width={width} height={height} margin={margin} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis type="number" domain={[0, 1]} allowDataOverflow hide />
          <YAxis
            width={axisWidth}
            type="number"
            domain={[scale.low, scale.high]}
            allowDataOverflow
            ticks={[...scale.ticks]}
            interval={0}
            tickFormatter={format}
            tick={tick}
            tickLine={false}
            axisLine={false}
          />
        </LineChart>
      ),
    [key, format, width, height],
  );
}
