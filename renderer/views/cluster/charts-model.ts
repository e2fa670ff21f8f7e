import type { ClusterSeries } from '../../../shared/domain/history.ts';
import type { ChartLine } from '../../components/charts/chart-model.ts';

type Node = ClusterSeries['nodes'][number];

const has = (values: readonly (number | null)[]): boolean => values.some((value) => value !== null);

/** A figure of each node that ever had it. */
const linesOf = (
  series: ClusterSeries,
  kind: 'connections' | 'replicated' | 'lag' | 'backlog',
  rest: Partial<ChartLine> = {},
): ChartLine[] =>
  series.nodes
    .filter((node: Node) => has(node[kind]))
    .map((node) => ({
      key: `${kind} ${node.name}`,
      name: `${kind} on ${node.name}`,
      values: node[kind],
      ...rest,
    }));

export const protectionLines = (series: ClusterSeries): ChartLine[] => [
  ...linesOf(series, 'connections'),
  ...linesOf(series, 'replicated', { dashed: true }),
];

export const delayLines = (series: ClusterSeries): ChartLine[] => [
  ...linesOf(series, 'lag'),
  ...linesOf(series, 'backlog', { axis: 'right', dashed: true }),
];

export const ranges = [
  { word: '5 min', seconds: 300 },
  { word: '1 h', seconds: 3600 },
  { word: '24 h', seconds: 86_400 },
] as const;

/** How often a chart of so many seconds is worth reading again, in ms: a new point, but never twice a second. */
export const refreshInterval = (seconds: number): number => Math.max(2000, (seconds / 600) * 1000);
