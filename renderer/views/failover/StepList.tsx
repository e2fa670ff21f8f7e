import type { FailoverStep } from '../../../shared/domain/failover-plan.ts';
import { formatDuration, formatInstant } from '../../../shared/domain/format.ts';
import { Command } from '../../components/CopyButton.tsx';
import { StateMark } from '../../components/StateMark.tsx';
import { stepClock, stepFace } from './failover-model.ts';

interface StepListProps {
  readonly steps: readonly FailoverStep[];
  readonly now: number;
  /** Whether the steps have clocks and outcomes, or are only planned. */
  readonly live?: boolean;
}

export const StepList = ({ steps, now, live = false }: StepListProps) => (
  <ol className="steps">
    {steps.map((step, index) => (
      <li key={step.id} aria-current={live && step.startedAt && !step.outcome ? 'step' : undefined}>
        {live ? <StateMark face={stepFace(step)} size={16} /> : <span className="number">{index + 1}</span>}
        <div className="step-body">
          <p className="step-title">
            {step.title}
            <span className="quiet">on {step.node}</span>
            {live && <Clock step={step} now={now} />}
          </p>
          <Command text={step.command} />
          {step.detail && <p className="small">{step.detail}</p>}
        </div>
      </li>
    ))}
  </ol>
);

const Clock = ({ step, now }: { step: FailoverStep; now: number }) => {
  const clock = stepClock(step, now);
  return (
    <span className="clock" title={step.startedAt === undefined ? undefined : formatInstant(step.startedAt)}>
      {stepFace(step).word}
      {clock !== undefined && ` ${formatDuration(clock)}`}
    </span>
  );
};
