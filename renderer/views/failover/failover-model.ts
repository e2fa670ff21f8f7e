import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import {
  type FailoverPlan,
  type FailoverStep,
  type Guard,
  refusals,
  unaccepted,
} from '../../../shared/domain/failover-plan.ts';
import { type FailoverRun, type FailoverRunState, isFinished } from '../../../shared/domain/failover-run.ts';
import type { Face } from '../../components/faces.ts';

/** The one page is first a choice, then a plan, then the run of it, then its report. */
export type Stage =
  | { readonly kind: 'choose' }
  | { readonly kind: 'plan'; readonly plan: FailoverPlan }
  | { readonly kind: 'run'; readonly run: FailoverRun }
  | { readonly kind: 'report'; readonly run: FailoverRun };

/** A run that goes on shows before anything else; a report, until it is put away or another plan is made. */
export function stageOf(
  run: FailoverRun | null,
  plan: FailoverPlan | undefined,
  putAway: string | undefined,
): Stage {
  if (run !== null && !isFinished(run.state)) return { kind: 'run', run };
  if (plan !== undefined && run?.planId !== plan.planId) return { kind: 'plan', plan };
  return run !== null && run.runId !== putAway ? { kind: 'report', run } : { kind: 'choose' };
}

export interface Target {
  readonly name: string;
  readonly verb: string;
  /** Why it cannot be a target at all; the engine's guards judge the rest. */
  readonly impossible: string | undefined;
  readonly heldDownSince: number | undefined;
}

/** Every node as a target. To a node that is held down it is a failback. */
export const targetsOf = (cluster: ClusterSnapshot): Target[] =>
  cluster.nodes.map(({ name, heldDownSince }) => ({
    name,
    heldDownSince,
    verb: `Plan the ${heldDownSince === undefined ? 'failover' : 'failback'} to ${name}`,
    impossible: name === cluster.master ? 'is master already' : undefined,
  }));

export const verbOf = ({ lever, to }: Pick<FailoverPlan, 'lever' | 'to'>): string =>
  `${lever === 'release' ? 'Fail back' : 'Fail over'} to ${to}`;

const order: Record<Guard['result'], number> = { refuse: 0, warn: 1, pass: 2 };

/** What stands in the way first, then what must be accepted, then what is well. */
export const guardsInOrder = (guards: readonly Guard[]): Guard[] =>
  guards.toSorted((a, b) => order[a.result] - order[b.result]);

export interface Confirmation {
  readonly accepted: readonly string[];
  /** What was typed as the cluster's name. */
  readonly typed: string;
}

/** What still keeps the plan from being executed, one sentence each; none: it may be fired. */
export function missing(plan: FailoverPlan, { accepted, typed }: Confirmation, now: number): string[] {
  const refused = refusals(plan.guards).length;
  if (refused > 0) return [`${refused === 1 ? 'A guard refuses' : `${refused} guards refuse`} this plan.`];
  if (now >= plan.expiresAt) return ['This plan is too old: what it was built on may have changed.'];
  const open = unaccepted(plan.guards, accepted).length;
  return [
    ...(open > 0 ? [`${open} ${open === 1 ? 'warning is' : 'warnings are'} not accepted.`] : []),
    ...(typed === plan.cluster ? [] : ['The name of the cluster is not typed.']),
  ];
}

/** A step's state as it is drawn: by its outcome, else by its clock. */
export function stepFace({ outcome, startedAt }: FailoverStep): Face {
  switch (outcome) {
    case 'done':
      return { word: 'done', shape: 'check', tone: 'ok' };
    case 'differs':
      return { word: 'differs', shape: 'triangle', tone: 'warning' };
    case 'failed':
      return { word: 'failed', shape: 'octagon', tone: 'critical' };
    case 'skipped':
      return { word: 'not run', shape: 'dotted', tone: 'unknown' };
    case undefined:
      return startedAt === undefined
        ? { word: 'to come', shape: 'dotted', tone: 'unknown' }
        : { word: 'running', shape: 'half', tone: 'accent' };
  }
}

/** How long a step took, or has been running, in ms. */
export const stepClock = ({ startedAt, endedAt }: FailoverStep, now: number): number | undefined =>
  startedAt === undefined ? undefined : Math.max(0, (endedAt ?? now) - startedAt);

export const runFace: Record<FailoverRunState, Face> = {
  planned: { word: 'Planned', shape: 'dotted', tone: 'neutral' },
  refused: { word: 'Refused: nothing was sent', shape: 'octagon', tone: 'critical' },
  checking: { word: 'Checking every guard again', shape: 'half', tone: 'accent' },
  running: { word: 'Running', shape: 'half', tone: 'accent' },
  verifying: { word: 'Verifying', shape: 'half', tone: 'accent' },
  done: { word: 'Done', shape: 'check', tone: 'ok' },
  differs: { word: 'Done, and something differs', shape: 'triangle', tone: 'warning' },
  failed: { word: 'Failed', shape: 'octagon', tone: 'critical' },
  aborted: { word: 'Aborted', shape: 'square', tone: 'warning' },
};

/** What of a finished run deserves a second look. */
export const differences = (run: FailoverRun): FailoverStep[] =>
  run.steps.filter((step) => step.outcome === 'differs' || step.outcome === 'failed');
