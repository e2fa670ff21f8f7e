import { everyMinute, freshnessOf } from './freshness.ts';
import type { SyncPhase } from './replication.ts';
import type { LagEstimate, SyncLag } from './sync-lag.ts';

/**
 * One honest figure out of several estimates. What was seen of the entries themselves, by counters or canary, comes before
 * what is inferred from the queue, the newest first, as long as it is fresh and messages arrive. A queue past its window
 * is newer than any of them, and wins where it is worse. `not-measurable` only where nothing else was tried.
 */
export function joinLag(estimates: readonly LagEstimate[], phase: SyncPhase, now: number): SyncLag {
  const queue = estimates.find(({ method }) => method === 'backlog');
  const arriving = phase === 'in-step' || phase === 'behind' || phase === 'full-sync';
  const tried = estimates.filter(
    ({ method, observedAt }) =>
      method !== 'backlog' && freshnessOf(now - observedAt, everyMinute) !== 'expired',
  );
  const direct = tried
    .filter((each) => arriving && isFigure(each))
    .toSorted((a, b) => b.observedAt - a.observedAt)[0];
  if (direct && !(queue?.kind === 'measured' && (queue.seconds ?? 0) > most(direct))) return figure(direct);
  if (queue && isFigure(queue)) return figure(queue);
  return { kind: queue?.kind === 'not-measurable' && tried.length === 0 ? 'not-measurable' : 'unknown' };
}

const isFigure = ({ kind }: LagEstimate): boolean => kind === 'measured' || kind === 'below';
const most = ({ seconds = 0, resolution = 0 }: LagEstimate): number => seconds + resolution;

const figure = ({ method, kind, seconds, resolution, observedAt }: LagEstimate): SyncLag => ({
  kind,
  ...(seconds !== undefined && { seconds }),
  ...(resolution !== undefined && { resolution }),
  from: method,
  observedAt,
});
