import '../../components/charts/charts.css';
import { memo, useCallback, useMemo, useRef, useState } from 'react';
import { formatInstant } from '../../../shared/domain/format.ts';
import type { ClusterSeries } from '../../../shared/domain/history.ts';
import { ChartStack, type StackedChart } from '../../components/charts/ChartStack.tsx';
import type { TimeSpan } from '../../components/charts/chart-model.ts';
import { indexAt } from '../../components/charts/chart-model.ts';
import { createCursor } from '../../components/charts/cursor.ts';
import type { ChartMark } from '../../components/charts/marks.ts';
import { unknownSpans } from '../../components/charts/path.ts';
import type { TimeWindow } from '../../components/charts/time-window.ts';
import { useStaggered } from '../../components/charts/use-staggered.ts';
import { ChartsBar } from './ChartsBar.tsx';
import { definitions, ranges } from './charts-model.ts';
import { FiguresTable } from './FiguresTable.tsx';
import { shortNames } from './short-names.ts';
import { useSeries } from './use-series.ts';

/** How often (ms) the table that only screen readers meet is written again. */
const tableEveryMs = 10_000;

export const Charts = memo(function Charts({ cluster }: { cluster: string }) {
  const [window, setWindow] = useState<TimeWindow>({ kind: 'live', seconds: ranges[0].seconds });
  const [lastRange, setLastRange] = useState<number>(ranges[0].seconds);
  const [asTable, setAsTable] = useState(false);
  const [cursor] = useState(createCursor);
  const picture = useRef<HTMLDivElement>(null);
  const { series = none, problem } = useSeries(cluster, window);
  const live = (seconds: number) => {
    setLastRange(seconds);
    setWindow({ kind: 'live', seconds });
  };
  const charts = useStacked(series, window);
  const span = useMemo(() => spanOf(series, window), [series, window]);
  const unread = useMemo(
    () =>
      series.nodes.map(({ name, connections }) => ({
        name,
        spans: unknownSpans(series.times, [connections]),
      })),
    [series],
  );
  const marks = useMemo(() => shortMarks(series), [series]);
  const describe = useCallback((at: number) => sentence(series, at), [series]);
  const rarely = series.view && Math.floor(series.view.to / tableEveryMs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rarely is what says when
  const table = useMemo(
    () => definitions.map(({ build }) => build(series)),
    [asTable ? series : rarely, window],
  );
  const empty = series.times.length < 2;
  return (
    <section className="charts" aria-label="Figures over time">
      <ChartsBar
        cluster={cluster}
        window={window}
        span={span}
        series={series}
        picture={picture}
        asTable={asTable}
        onTable={setAsTable}
        onRange={live}
        onNow={() => live(lastRange)}
      />
      {problem && <p className="quiet">The history cannot be read: {problem}</p>}
      {empty && (
        <p className="quiet">
          {window.kind === 'live'
            ? 'The first points appear in a few seconds.'
            : `Nothing was recorded from ${formatInstant(window.from)} to ${formatInstant(window.to)}.`}
        </p>
      )}
      <FiguresTable charts={table} rows={asTable ? 60 : 12} hidden={!asTable} />
      {!asTable && (
        <ChartStack
          charts={charts}
          unread={unread}
          picture={picture}
          span={span}
          times={series.times}
          marks={marks}
          cursor={cursor}
          describe={describe}
          onWindow={setWindow}
          onReset={() => live(lastRange)}
        />
      )}
    </section>
  );
});

/** Where many nodes have long names, the words of a mark would be nothing but a name. */
function shortMarks({ nodes, marks }: ClusterSeries): ChartMark[] {
  const short = [...shortNames(nodes.map(({ name }) => name))].filter(([name, as]) => name !== as);
  if (short.length === 0) return marks;
  return marks.map((mark) => ({
    ...mark,
    short: short.reduce((text, [name, as]) => text.replaceAll(name, as), mark.label),
  }));
}

const none: ClusterSeries = { times: [], nodes: [], marks: [] };

function spanOf(series: ClusterSeries, window: TimeWindow): TimeSpan {
  if (window.kind === 'still') return window;
  const to = series.view?.to ?? Date.now();
  return { from: to - window.seconds * 1_000, to };
}

/** The charts as they are drawn now: each takes new figures in a frame of its own, but all follow a zoom at once. */
function useStacked(series: ClusterSeries, window: TimeWindow): readonly StackedChart[] {
  const shown = useStaggered(series, definitions.length);
  const built = useRef(new Map<string, { series: ClusterSeries; window: TimeWindow; chart: StackedChart }>());
  return definitions.map((definition, index) => {
    const own = shown[index] ?? series;
    const before = built.current.get(definition.id);
    if (before?.series === own && before.window === window) return before.chart;
    const { build, ...rest } = definition;
    const chart: StackedChart = {
      ...rest,
      chart: before?.series === own ? before.chart.chart : build(own),
      span: spanOf(own, window),
      reach: own.view?.span ?? 1_000,
    };
    built.current.set(definition.id, { series: own, window, chart });
    return chart;
  });
}

/** Every figure at a moment, for who hears it. */
function sentence(series: ClusterSeries, at: number): string {
  const index = indexAt(series.times, at, series.view?.span ?? 1_000);
  const happened = series.marks.filter((mark) => Math.abs(mark.at - at) < (series.view?.span ?? 1_000));
  const figures =
    index === undefined
      ? ['nothing was recorded']
      : definitions.flatMap(({ build }) =>
          build(series).lines.map(({ name, text }) => `${name} ${text(index)}`),
        );
  return [formatInstant(at), ...happened.map(({ label }) => label), ...figures].join('; ');
}
