import '../../components/charts/charts.css';
import { useEffect, useMemo, useState } from 'react';
import { formatCount, formatDuration } from '../../../shared/domain/format.ts';
import type { ClusterSeries } from '../../../shared/domain/history.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { Button } from '../../components/Button.tsx';
import { LineMark } from '../../components/charts/ChartTip.tsx';
import { type ChartLine, mostPoints } from '../../components/charts/chart-model.ts';
import { TimeChart } from '../../components/charts/TimeChart.tsx';
import { delayLines, protectionLines, ranges, refreshInterval } from './charts-model.ts';
import { FiguresTable } from './FiguresTable.tsx';

const seconds = (value: number) => formatDuration(value * 1000);

export function Charts({ cluster }: { cluster: string }) {
  const [range, setRange] = useState<number>(ranges[0].seconds);
  const [asTable, setAsTable] = useState(false);
  const { series, problem } = useSeries(cluster, range);
  const protection = useMemo(() => (series ? protectionLines(series) : []), [series]);
  const delay = useMemo(() => (series ? delayLines(series) : []), [series]);
  return (
    <section className="charts" aria-label="Figures over time">
      <div className="charts-head">
        <h2 className="section-title">Connections and replicated</h2>
        <Legend lines={protection} />
        <div className="row-of">
          <Button kind="bare" size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? 'As curves' : 'As a table'}
          </Button>
          <fieldset className="segments" aria-label="Time range">
            {ranges.map(({ word, seconds: length }) => (
              <button
                key={length}
                type="button"
                aria-pressed={length === range}
                onClick={() => setRange(length)}
              >
                {word}
              </button>
            ))}
          </fieldset>
        </div>
      </div>
      {problem && <p className="quiet">The history cannot be read: {problem}</p>}
      {series && series.times.length < 2 && (
        <p className="quiet">The first points appear in a few seconds.</p>
      )}
      {series && series.times.length > 1 && asTable && (
        <FiguresTable times={series.times} lines={[...protection, ...delay]} />
      )}
      {series && series.times.length > 1 && !asTable && (
        <>
          <TimeChart
            label="Connections on the master and replicated on each slave, over time. The same figures: As a table."
            times={series.times}
            lines={protection}
            marks={series.marks}
            group={cluster}
            format={formatCount}
          />
          <div className="charts-head">
            <h2 className="section-title">Lag and backlog</h2>
            <Legend lines={delay} />
          </div>
          {delay.length === 0 ? (
            <p className="quiet">No slave had a lag or a backlog in this time.</p>
          ) : (
            <TimeChart
              label="Lag in seconds and backlog in messages, over time. The same figures: As a table."
              times={series.times}
              lines={delay}
              marks={series.marks}
              group={cluster}
              format={seconds}
              formatRight={formatCount}
              fromZero
            />
          )}
        </>
      )}
    </section>
  );
}

const Legend = ({ lines }: { lines: readonly ChartLine[] }) => (
  <ul className="legend">
    {lines.map((line, index) => (
      <li key={line.key}>
        <LineMark index={index} dashed={line.dashed ?? false} />
        {line.name}
      </li>
    ))}
  </ul>
);

/** The history, read again as points are added; the last good one stays while a read fails. */
function useSeries(cluster: string, range: number) {
  const api = useApi();
  const [state, setState] = useState<{ series?: ClusterSeries; problem?: string }>({});
  useEffect(() => {
    let stopped = false;
    const read = () =>
      api.call('history.series', { cluster, seconds: range, points: Math.min(300, mostPoints) }).then(
        (series) => !stopped && setState({ series }),
        (cause) => !stopped && setState((last) => ({ ...last, problem: problemOf(cause) })),
      );
    read();
    const timer = setInterval(read, refreshInterval(range));
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }, [api, cluster, range]);
  return state;
}
