import type { ClusterSeries } from '../../../shared/domain/history.ts';
import type { Chart, LegendRow } from '../../components/charts/chart-model.ts';
import { backlog, bytes, connections, coverage, lag, messages, tableFill } from './figure-charts.ts';
import { shortNames } from './short-names.ts';

/** A chart of the cluster's screen: what it is called, and how it comes out of the history. */
export interface ChartDefinition {
  readonly id: string;
  readonly title: string;
  /** What its curves show, for those who do not see them. */
  readonly label: string;
  readonly empty: string;
  readonly height: number;
  readonly build: (series: ClusterSeries) => Chart;
}

/** The same chart, its rows named as there is room. */
function named(chart: Chart, { nodes }: ClusterSeries): Chart {
  const short = shortNames(nodes.map(({ name }) => name));
  const label = (row: LegendRow) => {
    const name = nodes.find((node) => row.lines[0]?.key.endsWith(` ${node.name}`))?.name ?? '';
    return row.label.replace(name, short.get(name) ?? name);
  };
  return { ...chart, legend: chart.legend.map((row) => ({ ...row, label: label(row), title: row.label })) };
}

/** The charts of a cluster, from top to bottom; the traffic between the nodes is one of messages over one of bytes. */
const charts: readonly ChartDefinition[] = [
  {
    id: 'connections',
    title: 'Connections and replicated',
    label: 'Connections on each node, and how many of them each slave replicates.',
    empty: 'No connections were counted in this time.',
    height: 132,
    build: connections,
  },
  {
    id: 'coverage',
    title: 'Coverage, with its error',
    label: 'The share of the connections of the master that each slave holds.',
    empty: 'The coverage of no slave was known in this time.',
    height: 92,
    build: coverage,
  },
  {
    id: 'lag',
    title: 'Lag; hatched: below what can be told',
    label: 'How far each slave is behind. Where only a bound is known, all below it is hatched.',
    empty: 'No slave had a lag in this time.',
    height: 92,
    build: lag,
  },
  {
    id: 'messages',
    title: 'Messages a second, sent above and received below',
    label: 'Messages a second that each node sends and receives.',
    empty: 'No messages were counted in this time.',
    height: 92,
    build: messages,
  },
  {
    id: 'bytes',
    title: 'Bytes a second, sent above and received below',
    label: 'Bytes a second that each node sends and receives.',
    empty: 'No bytes were counted in this time.',
    height: 92,
    build: bytes,
  },
  {
    id: 'backlog',
    title: 'Backlog, messages',
    label: 'Messages that each slave has not acknowledged.',
    empty: 'No slave had a backlog that could be told in this time.',
    height: 92,
    build: backlog,
  },
  {
    id: 'table',
    title: 'Table fill',
    label: 'How full the connection table of each node is.',
    empty: 'How large the tables are was not known in this time.',
    height: 92,
    build: tableFill,
  },
];

export const definitions: readonly ChartDefinition[] = charts.map((chart) => ({
  ...chart,
  build: (series) => named(chart.build(series), series),
}));

export const ranges = [
  { word: '5 min', seconds: 300 },
  { word: '1 h', seconds: 3_600 },
  { word: '24 h', seconds: 86_400 },
  { word: '7 d', seconds: 7 * 86_400 },
  { word: '30 d', seconds: 30 * 86_400 },
  { word: '1 year', seconds: 365 * 86_400 },
] as const;

/** Points of a line: as many as can be told apart, and as calm an update bears. */
export const points = 300;

/** How often a chart of so many seconds is worth reading again, in ms: twice a point, at most twice a second. */
export const refreshInterval = (seconds: number): number =>
  Math.max(500, Math.min(15_000, (seconds / points) * 500));
