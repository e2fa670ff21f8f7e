import type { RefObject } from 'react';
import { useSize } from '../use-size.ts';
import { type Chart, nodeColour, type TimeSpan } from './chart-model.ts';
import { Hatches } from './Hatches.tsx';
import { MarkLane } from './MarkLane.tsx';
import { ReadLane, type UnreadNode } from './ReadLane.tsx';
import { TimeAxis } from './TimeAxis.tsx';
import { axisWidth, TimeChart } from './TimeChart.tsx';
import { TimeOverlay, type TimeOverlayProps } from './TimeOverlay.tsx';

/** One chart of the stack, as it is drawn now. */
export interface StackedChart {
  readonly id: string;
  readonly title: string;
  readonly label: string;
  readonly empty: string;
  readonly height: number;
  readonly chart: Chart;
  readonly span: TimeSpan;
  readonly reach: number;
}

interface ChartStackProps extends Omit<TimeOverlayProps, 'width' | 'left'> {
  readonly charts: readonly StackedChart[];
  readonly unread: readonly UnreadNode[];
  readonly picture: RefObject<HTMLDivElement | null>;
}

const hatched = ['var(--hatch)', ...[0, 1, 2, 3].map(nodeColour)];

/** Charts over one time axis, with one cursor and the same marks through all of them. */
export function ChartStack({ charts, unread, picture, ...time }: ChartStackProps) {
  const [ref, { width }] = useSize();
  const plot = Math.max(0, width - axisWidth);
  return (
    <div className="chart-stack" ref={picture}>
      <Hatches colours={hatched} />
      <div className="plot-width" ref={ref} />
      {plot > 0 && (
        <>
          <div className="lanes">
            <MarkLane marks={time.marks} span={time.span} width={plot} cursor={time.cursor} />
            <ReadLane nodes={unread} span={time.span} width={plot} />
          </div>
          <div className="strips">
            {charts.map(({ id, ...chart }) => (
              <TimeChart key={id} {...chart} width={width} cursor={time.cursor} />
            ))}
            <TimeOverlay {...time} left={axisWidth} width={plot} />
          </div>
          <div className="axis-row">
            <TimeAxis span={time.span} width={plot} />
          </div>
        </>
      )}
    </div>
  );
}
