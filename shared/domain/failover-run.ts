import * as z from 'zod/mini';
import { FailoverStep, Guard, Lever } from './failover-plan.ts';

/**
 * planned → checking → running → verifying → done | differs    (the handover file stays as the lever set it)
 *              │           └──────────────→ failed | aborted   (the role did not move: the file is put back)
 *              └→ refused | aborted                            (nothing was sent)
 */
export const FailoverRunState = z.enum([
  'planned',
  'refused',
  'checking',
  'running',
  'verifying',
  'done',
  'differs',
  'failed',
  'aborted',
]);
export type FailoverRunState = z.infer<typeof FailoverRunState>;

export const FailoverRun = z.object({
  runId: z.string(),
  planId: z.string(),
  cluster: z.string(),
  from: z.nullable(z.string()),
  to: z.string(),
  lever: Lever,
  state: FailoverRunState,
  startedAt: z.number(),
  endedAt: z.optional(z.number()),
  guards: z.array(Guard),
  steps: z.array(FailoverStep),
  /** One sentence: how it ended, or what it waits for. */
  summary: z.string(),
  /** What an abort would do at this moment; absent where none is possible any more. */
  onAbort: z.optional(z.string()),
});
export type FailoverRun = z.infer<typeof FailoverRun>;

export const isFinished = (state: FailoverRunState): boolean =>
  state === 'done' || state === 'differs' || state === 'failed' || state === 'aborted' || state === 'refused';
