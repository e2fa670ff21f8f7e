import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { formatDuration, formatLag } from '../../../shared/domain/format.ts';
import {
  type LagEstimate,
  type LagMethod,
  lagMeaning,
  type SyncLag,
} from '../../../shared/domain/sync-lag.ts';

export const methodNames: Readonly<Record<LagMethod, string>> = {
  backlog: 'backlog',
  'counter-delay': 'counters',
  canary: 'canary',
};

/** One estimate as it is shown: the figure, what it is, how fine it is, how old, and by which commands. */
export interface EstimateRow {
  readonly method: LagMethod;
  readonly name: string;
  readonly meaning: string;
  readonly figure: string;
  readonly resolution: string;
  readonly note: string;
  readonly observedAt: number;
  readonly source: string;
  /** The joined figure is this one's. */
  readonly counts: boolean;
}

export interface SlaveLag {
  readonly node: string;
  readonly figure: string;
  /** Where the figure comes from, or why there is none. */
  readonly summary: string;
  readonly rows: readonly EstimateRow[];
}

/** The lag of each slave that is judged, and every estimate behind it. */
export const slaveLags = ({ nodes }: ClusterSnapshot): SlaveLag[] =>
  nodes.flatMap(({ name, replication }) => {
    if (!replication?.lagEstimates) return [];
    const { lag, lagEstimates } = replication;
    const rows = lagEstimates.map((estimate) => rowOf(estimate, lag));
    return [{ node: name, figure: formatLag(lag), summary: summaryOf(lag, lagEstimates), rows }];
  });

const rowOf = (estimate: LagEstimate, lag: SyncLag): EstimateRow => ({
  method: estimate.method,
  name: methodNames[estimate.method],
  meaning: lagMeaning[estimate.method],
  figure: formatLag(estimate),
  resolution: resolutionOf(estimate),
  note: estimate.note ?? '',
  observedAt: estimate.observedAt,
  source: estimate.source,
  counts: lag.from === estimate.method,
});

function resolutionOf({ kind, resolution }: LagEstimate): string {
  if (kind === 'measured' && resolution !== undefined) return `± ${formatDuration(resolution * 1000)}`;
  return kind === 'below' ? 'upper bound' : '–';
}

function summaryOf(lag: SyncLag, estimates: readonly LagEstimate[]): string {
  if (lag.from) return `by ${methodNames[lag.from]}`;
  return estimates.findLast(({ kind, note }) => kind === lag.kind && note)?.note ?? '';
}
