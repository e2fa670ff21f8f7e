import type { ClusterEvent } from '../../shared/domain/event.ts';
import { type ClusterSeries, FigureName } from '../../shared/domain/history.ts';
import { figureNames, lagKinds } from './figures.ts';
import { high, last, low, type Row, rollUp, type Summary } from './summary.ts';

/** Without a reading for so long (ms) beyond a point's span, nobody was looking: a hole, and not a late timer. */
const holeMs = 5_000;
const mostMarks = 100;

/** The rows of every node on one axis of points, each `span` ms wide, and the events as marks. */
export function seriesOf(
  nodes: readonly { readonly name: string; readonly rows: readonly Row[] }[],
  view: { readonly from: number; readonly to: number; readonly span: number },
  events: readonly ClusterEvent[],
): ClusterSeries {
  const { from, to, span } = view;
  const columns = nodes.map(({ name, rows }) => ({ name, points: pointsOf(rows, span) }));
  const times = axis(
    columns.flatMap(({ points }) => [...points.keys()]),
    span,
  );
  return {
    times,
    nodes: columns.map(({ name, points }) =>
      nodeSeries(
        name,
        times.map((time) => points.get(time)),
      ),
    ),
    marks: marksOf(events),
    view: { from, to, span },
  };
}

/** What ends by itself or is told elsewhere is no mark. Where there are too many, the graver and newer ones stay. */
const marksOf = (events: readonly ClusterEvent[]): ClusterSeries['marks'] =>
  events
    .filter(({ kind }) => kind !== 'recovery' && kind !== 'alert')
    .sort((a, b) => weight[b.severity] - weight[a.severity] || b.at - a.at)
    .slice(0, mostMarks)
    .sort((a, b) => a.at - b.at)
    .map(({ at, message, severity, kind }) => ({ at, label: message, severity, kind }));
const weight = { info: 0, warning: 1, critical: 2 };

const pointsOf = (rows: readonly Row[], span: number): ReadonlyMap<number, Summary> =>
  new Map(rollUp(rows, span).map(({ at, summary }) => [at, summary]));

/** The times in order, and in each hole one more, at which nothing is known: it breaks the line. */
function axis(known: readonly number[], span: number): number[] {
  const times = [...new Set(known)].sort((a, b) => a - b);
  return times.flatMap((time, index) => {
    const before = times[index - 1];
    return before !== undefined && time - before > span + holeMs ? [before + span, time] : [time];
  });
}

function nodeSeries(name: string, points: readonly (Summary | undefined)[]): ClusterSeries['nodes'][number] {
  const column = (place: number) => points.map((point) => point?.[place] ?? null);
  const figure = (wanted: FigureName) => column(last(figureNames.indexOf(wanted)));
  const kinds = column(last(figureNames.indexOf('lagKind')));
  /** Only of figures that moved within a point. */
  const extremes = (place: (figure: number) => number) =>
    Object.fromEntries(
      FigureName.options.flatMap((wanted, index) => {
        const [values, lasts] = [column(place(index)), figure(wanted)];
        return values.some((value, at) => value !== lasts[at]) ? [[wanted, values]] : [];
      }),
    );
  return {
    name,
    connections: figure('connections'),
    replicated: figure('replicated'),
    lag: figure('lag'),
    backlog: figure('backlog'),
    lagKind: kinds.map((kind) => (kind === null ? null : (lagKinds[kind] ?? null))),
    tableLimit: figure('tableLimit'),
    coverage: figure('coverage'),
    coverageError: figure('coverageError'),
    excess: figure('excess'),
    lagResolution: figure('lagResolution'),
    messagesSent: figure('messagesSent'),
    messagesReceived: figure('messagesReceived'),
    bytesSent: figure('bytesSent'),
    bytesReceived: figure('bytesReceived'),
    lowest: extremes(low),
    highest: extremes(high),
  };
}
