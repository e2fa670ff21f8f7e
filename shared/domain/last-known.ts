import { elapsed } from '../lib/clock.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import { everySecond } from './freshness.ts';

/**
 * A cluster as it may be shown at `now` when nobody reads it any more (the engine is away): past the deadline what was
 * last known is not the present. Its roles and its verdict are then unknown, and its sentence says so.
 */
export function asLastKnown(cluster: ClusterSnapshot, now: number): ClusterSnapshot {
  if (elapsed(cluster.observedAt, now) <= everySecond.deadline) return cluster;
  const { protection: _, eligibility: __, ...known } = cluster;
  return {
    ...known,
    verdict: 'unknown',
    sentence: `Last known: ${cluster.sentence}`,
    reasons: [],
    master: null,
    activeActive: false,
    nodes: cluster.nodes.map((node) => ({ ...node, reachable: false, role: 'unknown' })),
  };
}
