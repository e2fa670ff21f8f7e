import type { FailoverPlan, FailoverStep, FailoverStepId, Guard } from '../../shared/domain/failover-plan.ts';
import type { FailoverRun } from '../../shared/domain/failover-run.ts';
import type { Outcome } from './commit-log.ts';
import type { Move } from './plan.ts';
import {
  canAbort,
  initialRunState,
  publicState,
  type RunEffect,
  type RunEvent,
  type RunState,
  transition,
} from './run-machine.ts';
import { onAbort, summary } from './run-words.ts';

/** What the last look at the cluster before the first effect found. */
export interface LastLook {
  readonly guards: readonly Guard[];
  /** Why nothing may be sent; absent where the plan still holds. */
  readonly refusal?: string;
}

export interface RunWork {
  readonly clock: () => number;
  readonly lastLook: () => Promise<LastLook>;
  /** `since`: when the lever step began. */
  readonly step: (step: FailoverStepId, since: number, signal: AbortSignal) => Promise<Outcome>;
  /** The step that joins the run where the file has to be put back. */
  readonly putBack: FailoverStep;
  readonly publish: (run: FailoverRun) => void;
}

export interface RunHandle {
  readonly ended: Promise<FailoverRun>;
  /** False once the role has moved, or the run has ended. */
  readonly abort: () => boolean;
}

/** Drives the state machine: performs its effects, keeps the clocks of the steps, publishes each change. */
export function startRun(runId: string, plan: FailoverPlan, move: Move, work: RunWork): RunHandle {
  const startedAt = work.clock();
  const { promise: ended, resolve: end } = Promise.withResolvers<FailoverRun>();
  let state: RunState = initialRunState;
  let steps: readonly FailoverStep[] = plan.steps;
  let guards: readonly Guard[] = plan.guards;
  let refusal: string | undefined;
  let since = startedAt;
  let cancel = new AbortController();

  const published = (): FailoverRun => {
    const abortNow = canAbort(state) ? onAbort(state, move) : undefined;
    return {
      runId,
      planId: plan.planId,
      cluster: plan.cluster,
      from: plan.from,
      to: plan.to,
      lever: plan.lever,
      state: publicState(state),
      startedAt,
      ...(state.kind === 'ended' && { endedAt: work.clock() }),
      guards: [...guards],
      steps: [...steps],
      summary: summary(state, steps, move, refusal),
      ...(abortNow !== undefined && { onAbort: abortNow }),
    };
  };

  const mark = (id: FailoverStepId, change: Partial<FailoverStep>): void => {
    steps = steps.map((step) => (step.id === id ? { ...step, ...change } : step));
  };

  const perform = (effect: RunEffect): void => {
    if (effect.kind === 'cancel') {
      cancel.abort();
      mark(effect.step, { endedAt: work.clock(), outcome: 'skipped', detail: 'Aborted by the operator.' });
      return;
    }
    const { step } = effect;
    const startedAt = work.clock();
    if (step === 'lever') since = startedAt;
    if (step === 'put-back') steps = [...steps, work.putBack];
    mark(step, { startedAt });
    cancel = new AbortController();
    const { signal } = cancel;
    work
      .step(step, since, signal)
      .catch(brokenStep)
      .then((result) => {
        if (signal.aborted) return;
        mark(step, { endedAt: work.clock(), ...result });
        dispatch({ kind: 'step-ended', step, outcome: result.outcome });
      });
  };

  const dispatch = (event: RunEvent): void => {
    const { state: next, effects } = transition(state, event);
    state = next;
    for (const effect of effects) perform(effect);
    if (state.kind === 'ended') {
      steps = steps.map((step) => (step.outcome ? step : { ...step, outcome: 'skipped' }));
    }
    const run = published();
    work.publish(run);
    if (state.kind === 'ended') end(run);
  };

  work.publish(published());
  work
    .lastLook()
    .catch(
      (error: unknown): LastLook => ({ guards, refusal: `The cluster could not be read: ${words(error)}` }),
    )
    .then((look) => {
      if (state.kind !== 'checking') return;
      guards = look.guards;
      refusal = look.refusal;
      dispatch({ kind: 'checked', ready: refusal === undefined });
    });

  return {
    ended,
    abort: () => {
      const possible = canAbort(state);
      if (possible) dispatch({ kind: 'abort' });
      return possible;
    },
  };
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const brokenStep = (error: unknown): Outcome => ({ outcome: 'failed', detail: words(error) });
