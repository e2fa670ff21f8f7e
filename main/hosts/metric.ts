import type { NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { type Cadence, currentReading } from '../../shared/domain/freshness.ts';
import { type Reading, readingValue } from '../../shared/lib/reading.ts';
import type { MetricFamily, Sample } from './open-metrics.ts';

/** A figure of a subject: one number, or several told apart by labels. Undefined: not known, so nothing is said. */
export type Metric<T> = Omit<MetricFamily, 'samples'> & {
  readonly read: (subject: T, now: number) => number | readonly Sample[] | undefined;
};

/** An instant in ms as Prometheus wants it, in seconds. */
export const ms = (instant: number | undefined): number | undefined =>
  instant === undefined ? undefined : instant / 1000;

/** One sample for each state, so that a state that was left does not linger. */
export const states = (label: string, all: readonly string[], is: string): Sample[] =>
  all.map((state) => ({ labels: { [label]: state }, value: Number(state === is) }));

/** What was read of a node, as long as it says something about now. */
export const current = <T>(
  node: NodeSnapshot,
  reading: Reading<T> | undefined,
  now: number,
  cadence?: Cadence,
): T | undefined => (node.reachable ? readingValue(currentReading(reading, now, cadence)) : undefined);
