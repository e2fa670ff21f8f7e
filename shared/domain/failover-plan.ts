import * as z from 'zod/mini';

/** One condition of a plan. `warn` needs the operator's acceptance by its code; `refuse` cannot be accepted. */
export const Guard = z.object({
  code: z.string(),
  result: z.enum(['pass', 'warn', 'refuse']),
  message: z.string(),
  observedAt: z.number(),
});
export type Guard = z.infer<typeof Guard>;

/**
 * One step of a plan and, once it runs, its clock and outcome. `command`: what is sent, as one would type it on the
 * node, or what is awaited. `put-back` is no part of a plan: it joins a run whose role did not move.
 */
export const FailoverStepId = z.enum(['lever', 'role', 'addresses', 'commit', 'verify', 'put-back']);
export type FailoverStepId = z.infer<typeof FailoverStepId>;

export const FailoverStep = z.object({
  id: FailoverStepId,
  node: z.string(),
  title: z.string(),
  command: z.string(),
  startedAt: z.optional(z.number()),
  endedAt: z.optional(z.number()),
  outcome: z.optional(z.enum(['done', 'differs', 'failed', 'skipped'])),
  detail: z.optional(z.string()),
});
export type FailoverStep = z.infer<typeof FailoverStep>;

/** handover-file: the master's tracked file lowers its priority. release: the target's own file lets it preempt again. */
export const Lever = z.enum(['handover-file', 'release', 'none']);
export type Lever = z.infer<typeof Lever>;

export const FailoverPlan = z.object({
  planId: z.string(),
  cluster: z.string(),
  from: z.nullable(z.string()),
  to: z.string(),
  lever: Lever,
  createdAt: z.number(),
  /** Past this instant the plan is refused: too much may have changed. */
  expiresAt: z.number(),
  guards: z.array(Guard),
  steps: z.array(FailoverStep),
  /** Configuration to paste, where the lever is missing or would not move anything. */
  snippet: z.optional(z.string()),
});
export type FailoverPlan = z.infer<typeof FailoverPlan>;

export const refusals = (guards: readonly Guard[]): Guard[] =>
  guards.filter((guard) => guard.result === 'refuse');

/** The warnings that the operator has not accepted. */
export const unaccepted = (guards: readonly Guard[], accepted: readonly string[]): Guard[] =>
  guards.filter((guard) => guard.result === 'warn' && !accepted.includes(guard.code));
