import * as z from 'zod/mini';

export const AlertName = z.enum([
  'split-brain',
  'no-master',
  'unprotected',
  'sync-silent',
  'sync-behind',
  'coverage-low',
  'table-full',
  'node-gone',
  'agent-gone',
  'takeover-gone',
  'role-moved',
]);
export type AlertName = z.infer<typeof AlertName>;

export const AlertSeverity = z.enum(['warning', 'critical']);
export type AlertSeverity = z.infer<typeof AlertSeverity>;

/** run: a failover of ours moves roles at this moment; maintenance: the node was taken out of service on purpose. */
export const AlertMute = z.enum(['run', 'maintenance']);
export type AlertMute = z.infer<typeof AlertMute>;

/** Somebody has seen it. `note`: what they left for the others, perhaps nothing. */
export const Acknowledgement = z.object({ at: z.number(), note: z.string() });
export type Acknowledgement = z.infer<typeof Acknowledgement>;

const raised = { raisedAt: z.number(), acknowledged: z.optional(Acknowledgement) };

/**
 * Where an alert stands; one that is calm is not kept at all. Its condition is true, false or unknown at each look:
 *
 *                ┌────────── false ──────────┐                       ┌────── true ──────┐
 *                ↓                           │                       ↓                  │
 *    (calm) ── true ──→ pending ─────────────┴── held for long enough ──→ firing ── false ──→ clearing
 *      ↑ │                │  ↑                                                            │
 *      │ └ true, muted ─→ muted ── no longer muted, from the beginning ─→ pending         │
 *      │                  │ false                                                         │
 *      └──────────────────┴────────────────── calm for long enough ───────────────────────┘
 *
 * Unknown moves nothing, and no time passes for what is held or calm. A mute keeps alerts from being raised; one that
 * was raised before stays until its condition has ended. firing and clearing are the raised ones.
 */
export const AlertPhase = z.discriminatedUnion('kind', [
  /** `heldMs`: for how long the condition is known to be true. */
  z.object({ kind: z.literal('pending'), heldMs: z.number() }),
  z.object({ kind: z.literal('muted'), by: AlertMute }),
  z.object({ kind: z.literal('firing'), ...raised }),
  /** `calmMs`: for how long the condition is known to be false. */
  z.object({ kind: z.literal('clearing'), ...raised, calmMs: z.number() }),
]);
export type AlertPhase = z.infer<typeof AlertPhase>;

/** One alert of a cluster, or of a node of it. Times in ms since the epoch. */
export const Alert = z.object({
  /** Unique within its cluster and the same each time it comes back, as in `sync-silent fw2`. */
  id: z.string(),
  name: AlertName,
  severity: AlertSeverity,
  node: z.optional(z.string()),
  /** One sentence: what was last seen to be wrong. */
  message: z.string(),
  remedy: z.optional(z.string()),
  /** When the condition was first seen. */
  since: z.number(),
  phase: AlertPhase,
});
export type Alert = z.infer<typeof Alert>;

export type RaisedPhase = Extract<AlertPhase, { raisedAt: number }>;

/** The phase of an alert that operators were told of and whose end they were not; undefined for any other. */
export const raisedPhase = ({ phase }: Alert): RaisedPhase | undefined =>
  phase.kind === 'firing' || phase.kind === 'clearing' ? phase : undefined;

/** What happened to an alert between two looks. */
export interface AlertChange {
  readonly event: 'raised' | 'cleared' | 'acknowledged';
  readonly alert: Alert;
}

/** What operators are told: an alert that was not raised before is none of it, however long it was pending. */
export function alertChanges(before: readonly Alert[], after: readonly Alert[]): AlertChange[] {
  const was = new Map(before.map((alert) => [alert.id, alert]));
  const is = new Set(after.filter(raisedPhase).map((alert) => alert.id));
  const came = after.flatMap((alert): AlertChange[] => {
    const now = raisedPhase(alert);
    if (!now) return [];
    const old = was.get(alert.id);
    const then = old && raisedPhase(old);
    if (!then) return [{ event: 'raised', alert }];
    const told = now.acknowledged !== undefined && now.acknowledged !== then.acknowledged;
    return told ? [{ event: 'acknowledged', alert }] : [];
  });
  const went = before.filter((alert) => raisedPhase(alert) && !is.has(alert.id));
  return [...came, ...went.map((alert): AlertChange => ({ event: 'cleared', alert }))];
}
