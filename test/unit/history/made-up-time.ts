import type { ClusterEvent } from '../../../shared/domain/event.ts';

/** A whole hour, so that every tier begins a new step at it. */
export const start = Date.UTC(2026, 5, 1, 12);
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

export const event = (id: number, at: number, more: Partial<ClusterEvent> = {}): ClusterEvent => ({
  id,
  at,
  kind: 'fault',
  severity: 'warning',
  message: `event ${id}`,
  source: 'test',
  ...more,
});
