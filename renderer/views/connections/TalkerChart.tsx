import { Bar, BarChart, XAxis, YAxis } from 'recharts';
import { useSize } from '../../components/use-size.ts';
import type { Talker } from './groups-model.ts';

const barHeight = 18;

/** Bars in the order of the table below, which says the same in words: so it is hidden from screen readers. */
export function TalkerChart({ rows, title }: { rows: readonly Talker[]; title: string }) {
  const [frame, { width }] = useSize();
  return (
    <div ref={frame} className="talkers" aria-hidden="true" title={title}>
      {width > 0 && (
        <BarChart
          layout="vertical"
          width={width}
          height={rows.length * barHeight + 8}
          data={[...rows]}
          margin={{ top: 4, right: 8, bottom: 4, left: 0 }}
          barCategoryGap={3}
          accessibilityLayer={false}
        >
          <XAxis type="number" hide />
          <YAxis
            type="category"
            dataKey="label"
            width={128}
            interval={0}
            axisLine={false}
            tickLine={false}
            tickFormatter={(label: string) => (label.length > 20 ? `${label.slice(0, 19)}…` : label)}
          />
          <Bar dataKey="value" fill="var(--series-1)" isAnimationActive={false} />
        </BarChart>
      )}
    </div>
  );
}
