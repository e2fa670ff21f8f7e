import type { FailoverPlan, FailoverStep, Guard } from '../../shared/domain/failover-plan.ts';
import type { FailoverRun } from '../../shared/domain/failover-run.ts';
import { formatClock, formatDuration } from '../../shared/domain/format.ts';

/** A plan as an operator reads it before agreeing. */
export function planText(plan: FailoverPlan, accepted: readonly string[]): string {
  const width = Math.max(...plan.guards.map((guard) => guard.code.length));
  const word = (guard: Guard) =>
    guard.result === 'warn' && accepted.includes(guard.code) ? 'accept' : guard.result;
  return [
    `Fail ${plan.cluster} over from ${plan.from ?? 'nobody'} to ${plan.to}`,
    '',
    ...plan.guards.map(
      (guard) => `  ${word(guard).padEnd(6)}  ${guard.code.padEnd(width)}  ${guard.message}`,
    ),
    '',
    ...plan.steps.flatMap((step, index) => [
      `  ${index + 1}. ${step.title} (${step.node})`,
      `     ${step.command}`,
    ]),
    ...(plan.snippet === undefined ? [] : ['What would make the lever work:', '', plan.snippet]),
    '',
  ].join('\n');
}

/** What is new in a run since an earlier look at it, a line a beginning and a line an end. */
export function progressLines(before: FailoverRun | undefined, now: FailoverRun): string[] {
  return now.steps.flatMap((step) => {
    const known = before?.steps.find((each) => each.id === step.id);
    const lines: string[] = [];
    if (step.startedAt !== undefined && known?.startedAt === undefined)
      lines.push(`${formatClock(step.startedAt)}  ${step.title}${sent(step)}`);
    if (step.startedAt !== undefined && step.endedAt !== undefined && known?.endedAt === undefined)
      lines.push(`${formatClock(step.endedAt)}  ${ending(step, step.endedAt - step.startedAt)}`);
    return lines;
  });
}

/** What goes to a node is shown as it goes; what is awaited stood in the plan. */
const sent = ({ id, node, command }: FailoverStep): string =>
  id === 'lever' || id === 'put-back' ? `\n            on ${node}: ${command}` : '';

const ending = ({ outcome = 'done', detail = '' }: FailoverStep, ms: number): string =>
  `  ${outcome} after ${formatDuration(ms)}. ${detail}`.trimEnd();

const iso = (at: number): string => new Date(at).toISOString();

/** The one JSON object of the command: the plan where nothing ran, else the run. Instants in ISO 8601, UTC. */
export function failoverJson(plan: FailoverPlan, run: FailoverRun | undefined, refusal?: string): object {
  const { guards, steps } = run ?? plan;
  return {
    version: 1,
    planId: plan.planId,
    cluster: plan.cluster,
    from: plan.from,
    to: plan.to,
    lever: plan.lever,
    state: run?.state ?? (refusal === undefined ? 'planned' : 'refused'),
    ...((run?.summary ?? refusal) !== undefined && { summary: run?.summary ?? refusal }),
    guards: guards.map((guard) => ({ ...guard, observedAt: iso(guard.observedAt) })),
    steps: steps.map(({ startedAt, endedAt, ...step }) => ({
      ...step,
      ...(startedAt !== undefined && { startedAt: iso(startedAt) }),
      ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    })),
    ...(plan.snippet !== undefined && { snippet: plan.snippet }),
  };
}
