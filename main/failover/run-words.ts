import type { FailoverStep, FailoverStepId } from '../../shared/domain/failover-plan.ts';
import { assertNever } from '../../shared/lib/assert-never.ts';
import type { Move } from './plan.ts';
import type { RunState } from './run-machine.ts';

const detailOf = (steps: readonly FailoverStep[], id: FailoverStepId): string =>
  steps.find((step) => step.id === id)?.detail ?? '';

/** One sentence or two: what a run waits for, or how it ended and in what state it left the cluster. */
export function summary(
  state: RunState,
  steps: readonly FailoverStep[],
  move: Move,
  refusal: string | undefined,
): string {
  switch (state.kind) {
    case 'checking':
      return 'Reading both nodes again before anything is sent.';
    case 'step': {
      const title = steps.find((step) => step.id === state.step)?.title ?? '';
      return state.aborting ? 'Aborting: the write under way is let end first.' : `${title}.`;
    }
    case 'putting-back':
      return `Putting the handover file on ${move.node} back to ${move.previous}.`;
    case 'ended':
      return endSummary(state.as, steps, move, refusal);
  }
}

function endSummary(
  as: Extract<RunState, { kind: 'ended' }>['as'],
  steps: readonly FailoverStep[],
  move: Move,
  refusal: string | undefined,
): string {
  const putBack = detailOf(steps, 'put-back');
  switch (as) {
    case 'refused':
      return `Refused, and nothing was sent. ${refusal ?? ''}`.trim();
    case 'done':
      return `${move.to} is master. ${aftermath(move)}`;
    case 'differs': {
      const different = steps.filter((step) => step.outcome === 'differs' || step.outcome === 'failed');
      return `${move.to} took the role, but not all is as expected: ${different.map((step) => step.detail).join(' ')} ${aftermath(move)}`;
    }
    case 'failed': {
      const cause = steps.find((step) => step.outcome === 'failed')?.detail ?? '';
      return cause === putBack ? putBack : `${cause} ${putBack}`;
    }
    case 'aborted':
      return putBack === '' ? 'Aborted before anything was sent.' : `Aborted. ${putBack}`;
    default:
      return assertNever(as);
  }
}

const aftermath = ({ kind, from, node, value }: Move): string =>
  kind === 'release'
    ? `${node} is no longer held down.`
    : `${from} is held down (${value} in its handover file) until it is released: that is the failback, a plan of its own.`;

/** What an abort at this moment would do. */
export const onAbort = (state: RunState, { node, previous }: Move): string =>
  state.kind === 'checking'
    ? 'Nothing has been sent: an abort ends the run here.'
    : `An abort puts ${previous} back into the handover file on ${node}.`;
