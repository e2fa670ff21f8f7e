import { randomUUID } from 'node:crypto';
import type { CallHandlers } from '../../shared/contract/contract.ts';
import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import { type FailoverPlan, type Guard, refusals, unaccepted } from '../../shared/domain/failover-plan.ts';
import type { Audit } from './audit-log.ts';
import { type CommitWitness, witnessCommit } from './commit-log.ts';
import { gatherFacts } from './facts.ts';
import { type Assessment, assess, type Facts } from './guards.ts';
import { leverCommand, type Move, moveOf, planSteps, putBackStep, typed } from './plan.ts';
import type { FailoverPorts } from './ports.ts';
import { type LastLook, type RunHandle, startRun } from './run.ts';
import type { TakeRunLock } from './run-lock.ts';
import { leverSnippet } from './snippet.ts';
import { runStep } from './steps.ts';

export interface Failover {
  readonly plan: CallHandlers['failover.plan'];
  readonly execute: CallHandlers['failover.execute'];
  readonly abort: CallHandlers['failover.abort'];
  /** Aborts what can be aborted and waits until every run has ended. */
  readonly close: () => Promise<void>;
}

const planLifeMs = 10 * 60_000;

interface ActiveRun {
  readonly runId: string;
  readonly planId: string;
  readonly handle: RunHandle;
  /** Resolves when the run has ended and the audit log says how. */
  readonly closed: Promise<unknown>;
}

interface Kept {
  readonly plan: FailoverPlan;
  readonly move: Move | undefined;
}

/** Manual failovers of every cluster: plans, and at most one run a cluster. */
export function createFailover(ports: FailoverPorts, audit: Audit, takeLock: TakeRunLock): Failover {
  const plans = new Map<string, Kept>();
  const runs = new Map<string, ActiveRun>();

  const judge = async (
    definition: ClusterDefinition,
    to: string,
    circumstances: Pick<Facts, 'audit' | 'otherRun'>,
  ): Promise<Assessment & { readonly facts: Facts; readonly full: Move | undefined }> => {
    const facts = await gatherFacts(ports, definition, to, circumstances);
    const assessment = assess(facts);
    const node = (name: string | null) => facts.snapshot.nodes.find((each) => each.name === name);
    const [from, target] = [node(assessment.from), node(to)];
    const full = assessment.move && from && target ? moveOf(assessment.move, from, target) : undefined;
    return { ...assessment, facts, full };
  };

  const leverLine = (definition: ClusterDefinition, { file, node }: Move, value: number): string =>
    typed(leverCommand(ports.takeover(definition), definition)(file, value), definition, node);

  const plan: Failover['plan'] = async ({ cluster, to }) => {
    const definition = ports.definition(cluster);
    if (!definition) return refused(`There is no cluster ${cluster} in the inventory.`);
    if (!definition.nodes.some((node) => node.name === to)) {
      return refused(`Cluster ${cluster} has no node ${to}.`);
    }
    const planId = randomUUID();
    const logged = await audit({ kind: 'plan', cluster, planId, node: to });
    const { from, guards, facts, full } = await judge(definition, to, {
      audit: logged,
      otherRun: otherRun(cluster),
    });
    const made: FailoverPlan = {
      planId,
      cluster,
      from,
      to,
      lever: full?.kind ?? 'none',
      createdAt: ports.clock(),
      expiresAt: ports.clock() + planLifeMs,
      guards: [...guards],
      steps: full ? planSteps(full, leverLine(definition, full, full.value), facts.snapshot) : [],
      ...(needsSnippet(guards) && { snippet: leverSnippet(definition, facts.snapshot.nodes) }),
    };
    for (const [id, kept] of plans) if (kept.plan.expiresAt < ports.clock()) plans.delete(id);
    plans.set(planId, { plan: made, move: full });
    return { accepted: true, plan: made };
  };

  const otherRun = (cluster: string): string | undefined => {
    if (runs.has(cluster)) return `A failover of ${cluster} is under way.`;
    const lock = takeLock(cluster);
    if (!lock.ok) return lock.error;
    lock.value();
    return undefined;
  };

  const execute: Failover['execute'] = async ({ planId, confirmation, accept }) => {
    const kept = plans.get(planId);
    if (!kept) return refused('There is no such plan, or it was used already: make a new one.');
    const { plan, move } = kept;
    const definition = ports.definition(plan.cluster);
    if (!definition) return refused(`There is no cluster ${plan.cluster} in the inventory.`);
    if (ports.clock() > plan.expiresAt)
      return refused('This plan is older than ten minutes: make a new one.');
    const refusing = refusals(plan.guards);
    if (refusing.length > 0 || !move) return refused(messages(refusing));
    if (confirmation !== plan.cluster) {
      return refused(`To confirm, type the name of the cluster: ${plan.cluster}.`);
    }
    const open = unaccepted(plan.guards, accept);
    if (open.length > 0) return refused(`Not accepted: ${codes(open)}. ${messages(open)}`);
    if (runs.has(plan.cluster)) return refused(`A failover of ${plan.cluster} is under way.`);
    const lock = takeLock(plan.cluster);
    if (!lock.ok) return refused(lock.error);
    plans.delete(planId);
    run(definition, plan, move, accept, lock.value);
    return { accepted: true };
  };

  const run = (
    definition: ClusterDefinition,
    plan: FailoverPlan,
    move: Move,
    accept: readonly string[],
    release: () => void,
  ): void => {
    const { cluster, planId } = plan;
    const runId = randomUUID();
    const about = { cluster, planId, runId };
    let witness: CommitWitness | undefined;
    const lastLook = async (): Promise<LastLook> => {
      const detail = accept.length > 0 ? `accepted: ${accept.join(', ')}` : 'nothing to accept';
      const logged = await audit({ kind: 'execute', ...about, node: plan.to, detail });
      const { guards, full } = await judge(definition, plan.to, { audit: logged, otherRun: undefined });
      const worse = worsened(plan.guards, guards);
      const refusal =
        worse.length > 0
          ? messages(worse)
          : sameMove(move, full)
            ? undefined
            : 'The cluster is no longer as it was when the plan was made: make a new one.';
      if (refusal === undefined) witness = await witnessCommit(ports, definition, plan.to);
      return { guards, ...(refusal !== undefined && { refusal }) };
    };
    const handle = startRun(runId, plan, move, {
      clock: ports.clock,
      lastLook,
      step: (step, since, signal) => {
        const seen = witness ?? {
          kind: 'none',
          because: { outcome: 'differs', detail: 'The log was not read.' },
        };
        return runStep(step, { ports, audit, definition, planId, runId, move, since, witness: seen }, signal);
      },
      putBack: putBackStep(move, leverLine(definition, move, move.previous)),
      publish: (each) => ports.publishRun(cluster, each),
    });
    const closed = handle.ended.then((last) => {
      runs.delete(cluster);
      release();
      return audit({ kind: 'end', ...about, outcome: last.state, detail: last.summary });
    });
    runs.set(cluster, { runId, planId, handle, closed });
  };

  const abort: Failover['abort'] = async ({ cluster }) => {
    const active = runs.get(cluster);
    if (!active) return refused(`No failover of ${cluster} is under way.`);
    if (!active.handle.abort()) {
      return refused('The role has moved already: to move it back, make a plan for the failback.');
    }
    await audit({ kind: 'abort', cluster, planId: active.planId, runId: active.runId });
    return { accepted: true };
  };

  return {
    plan,
    execute,
    abort,
    close: async () => {
      const open = [...runs.values()];
      for (const { handle } of open) handle.abort();
      await Promise.all(open.map(({ closed }) => closed));
    },
  };
}

const refused = (reason: string): { accepted: false; reason: string } => ({ accepted: false, reason });
const codes = (guards: readonly Guard[]): string => guards.map((guard) => guard.code).join(', ');
const messages = (guards: readonly Guard[]): string => guards.map((guard) => guard.message).join(' ');

const needsSnippet = (guards: readonly Guard[]): boolean =>
  refusals(guards).some((guard) => guard.code === 'no-lever' || guard.code === 'nopreempt');

/** What stands worse than in the plan: every refusal, and every warning that nobody could have accepted. */
export const worsened = (planned: readonly Guard[], now: readonly Guard[]): Guard[] =>
  now.filter((guard) => {
    if (guard.result !== 'warn') return guard.result === 'refuse';
    return !planned.some((each) => each.code === guard.code && each.result === 'warn');
  });

const sameMove = (planned: Move, now: Move | undefined): boolean =>
  now !== undefined &&
  planned.kind === now.kind &&
  planned.node === now.node &&
  planned.file === now.file &&
  planned.value === now.value &&
  planned.previous === now.previous &&
  planned.instances.map((each) => each.name).join() === now.instances.map((each) => each.name).join();
