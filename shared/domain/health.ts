import * as z from 'zod/mini';

export const Verdict = z.enum(['ok', 'warning', 'critical', 'unknown']);
export type Verdict = z.infer<typeof Verdict>;

export const ReasonCode = z.enum([
  'split-brain',
  'no-master',
  'role-conflict',
  'unprotected',
  'agent-not-running',
  'takeover-not-running',
  'sync-silent',
  'sync-behind',
  'sync-one-way',
  'sync-stalled',
  'node-unreachable',
  'node-fault',
  'role-unknown',
  'sync-unknown',
  'not-readable',
  'slave-not-ready',
  'slave-degraded',
  'readiness-unknown',
]);
export type ReasonCode = z.infer<typeof ReasonCode>;

/** One reason for a verdict. `node` where it concerns one; `remedy`: what to do next. */
export const Reason = z.object({
  code: ReasonCode,
  severity: z.enum(['warning', 'critical', 'unknown']),
  message: z.string(),
  node: z.optional(z.string()),
  remedy: z.optional(z.string()),
});
export type Reason = z.infer<typeof Reason>;

const rank: Record<Verdict, number> = { ok: 0, warning: 1, unknown: 2, critical: 3 };

/** The worst of several verdicts: critical over unknown over warning over ok. */
export const worstVerdict = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.reduce<Verdict>((worst, each) => (rank[each] > rank[worst] ? each : worst), 'ok');
