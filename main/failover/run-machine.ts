import type { FailoverStepId } from '../../shared/domain/failover-plan.ts';
import type { FailoverRunState } from '../../shared/domain/failover-run.ts';

/**
 * A run's state and how it moves. Pure: what is to be done comes back as effects.
 *
 *     checking ──refused──────────────────────────────────────────────→ refused
 *        │    └─abort─────────────────────────────────────────────────→ aborted
 *      ready
 *        ↓
 *     lever ────failed, or abort (once the write has ended)─→ put-back ─→ failed | aborted
 *        ↓                                                        ↑
 *     role ─────failed (not master in time), or abort (at once)───┘
 *        ↓
 *     addresses → commit → verify → done | differs
 *
 * Once the role has moved there is no way back but a failback: whatever is not as it should be then is a difference.
 */
export type RunState =
  | { readonly kind: 'checking' }
  | {
      readonly kind: 'step';
      readonly step: ForwardStep;
      readonly aborting: boolean;
      readonly differs: boolean;
    }
  | { readonly kind: 'putting-back'; readonly because: 'failed' | 'aborted' }
  | { readonly kind: 'ended'; readonly as: RunEnd };

type ForwardStep = Exclude<FailoverStepId, 'put-back'>;
export type RunEnd = Extract<FailoverRunState, 'done' | 'differs' | 'failed' | 'aborted' | 'refused'>;
export type StepOutcome = 'done' | 'differs' | 'failed' | 'skipped';

export type RunEvent =
  | { readonly kind: 'checked'; readonly ready: boolean }
  | { readonly kind: 'step-ended'; readonly step: FailoverStepId; readonly outcome: StepOutcome }
  | { readonly kind: 'abort' };

export type RunEffect =
  | { readonly kind: 'start'; readonly step: FailoverStepId }
  | { readonly kind: 'cancel'; readonly step: FailoverStepId };

export interface Transition {
  readonly state: RunState;
  readonly effects: readonly RunEffect[];
}

export const initialRunState: RunState = { kind: 'checking' };

const order = ['lever', 'role', 'addresses', 'commit', 'verify'] as const satisfies readonly ForwardStep[];

/** The next state; the same state and no effects where an event means nothing in it. */
export function transition(state: RunState, event: RunEvent): Transition {
  switch (state.kind) {
    case 'checking':
      if (event.kind === 'abort') return ended('aborted');
      if (event.kind !== 'checked') return stay(state);
      return event.ready ? startStep('lever', false) : ended('refused');
    case 'step':
      if (event.kind === 'abort') return abortStep(state);
      return event.kind === 'step-ended' && event.step === state.step
        ? endStep(state, event.outcome)
        : stay(state);
    case 'putting-back':
      if (event.kind !== 'step-ended' || event.step !== 'put-back') return stay(state);
      return ended(event.outcome === 'failed' ? 'failed' : state.because);
    case 'ended':
      return stay(state);
  }
}

type StepState = Extract<RunState, { kind: 'step' }>;

/** A write under way is let end first: putting back beside it could lose against it. */
function abortStep(state: StepState): Transition {
  if (state.step === 'lever') return stay({ ...state, aborting: true });
  return state.step === 'role' ? putBack('aborted', [{ kind: 'cancel', step: 'role' }]) : stay(state);
}

function endStep(state: StepState, outcome: StepOutcome): Transition {
  if (state.aborting) return putBack('aborted');
  if (outcome === 'failed' && (state.step === 'lever' || state.step === 'role')) return putBack('failed');
  const differs = state.differs || outcome === 'differs' || outcome === 'failed';
  const next = order[order.indexOf(state.step) + 1];
  return next ? startStep(next, differs) : ended(differs ? 'differs' : 'done');
}

const stay = (state: RunState): Transition => ({ state, effects: [] });
const ended = (as: RunEnd): Transition => ({ state: { kind: 'ended', as }, effects: [] });
const startStep = (step: ForwardStep, differs: boolean): Transition => ({
  state: { kind: 'step', step, aborting: false, differs },
  effects: [{ kind: 'start', step }],
});
const putBack = (because: 'failed' | 'aborted', before: readonly RunEffect[] = []): Transition => ({
  state: { kind: 'putting-back', because },
  effects: [...before, { kind: 'start', step: 'put-back' }],
});

/** Whether an abort would still put the cluster back to what it was. */
export const canAbort = (state: RunState): boolean =>
  state.kind === 'checking' ||
  (state.kind === 'step' && !state.aborting && (state.step === 'lever' || state.step === 'role'));

/** The state as the console is told. */
export function publicState(state: RunState): FailoverRunState {
  switch (state.kind) {
    case 'checking':
      return 'checking';
    case 'step':
      return state.step === 'verify' ? 'verifying' : 'running';
    case 'putting-back':
      return 'running';
    case 'ended':
      return state.as;
  }
}
