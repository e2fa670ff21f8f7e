import { describe, expect, it } from 'vitest';
import { countedRisk, namedLoss } from '../../../renderer/views/failover/at-stake.ts';
import {
  differences,
  guardsInOrder,
  missing,
  stageOf,
  stepClock,
  stepFace,
  targetsOf,
  verbOf,
} from '../../../renderer/views/failover/failover-model.ts';
import type { SlaveCoverage } from '../../../shared/domain/coverage.ts';
import { cluster, node } from '../../e2e/console-page/made-up.ts';
import {
  failedRun,
  finishedRun,
  plainPlan,
  refusedPlan,
  runningRun,
  warnedPlan,
} from '../../e2e/console-page/made-up-failover.ts';

const at = 1_800_000_000_000;
const otherPlan = { ...plainPlan(at), planId: 'p-2' };

describe('the one page', () => {
  it('is a choice, then the plan, then its run, then its report', () => {
    expect(stageOf(null, undefined, undefined).kind).toBe('choose');
    expect(stageOf(null, plainPlan(at), undefined).kind).toBe('plan');
    expect(stageOf(runningRun(at), plainPlan(at), undefined).kind).toBe('run');
    expect(stageOf(finishedRun(at), plainPlan(at), undefined).kind).toBe('report');
  });

  it('shows a run that goes on before anything else, also one that was started elsewhere', () => {
    expect(stageOf(runningRun(at), otherPlan, undefined).kind).toBe('run');
    expect(stageOf(runningRun(at), undefined, 'r-1').kind).toBe('run');
  });

  it('shows a report until it is put away or another plan is made', () => {
    expect(stageOf(finishedRun(at), undefined, undefined).kind).toBe('report');
    expect(stageOf(finishedRun(at), undefined, 'r-1').kind).toBe('choose');
    expect(stageOf(finishedRun(at), otherPlan, undefined).kind).toBe('plan');
  });
});

describe('a plan may be fired', () => {
  const accepted = ['agent-not-running', 'sync-behind'];

  it('only when every warning is accepted and the very name is typed', () => {
    const plan = warnedPlan(at);
    expect(missing(plan, { accepted, typed: 'edge' }, at)).toEqual([]);
    expect(missing(plan, { accepted: accepted.slice(1), typed: 'edge' }, at)).toEqual([
      '1 warning is not accepted.',
    ]);
    for (const typed of ['', 'Edge', 'edge ', 'fw2']) {
      expect(missing(plan, { accepted, typed }, at)).toEqual(['The name of the cluster is not typed.']);
    }
  });

  it('never when a guard refuses, whatever is ticked and typed', () => {
    const codes = refusedPlan(at).guards.map((guard) => guard.code);
    expect(missing(refusedPlan(at), { accepted: codes, typed: 'edge' }, at)).toEqual([
      'A guard refuses this plan.',
    ]);
  });

  it('not when it is too old', () => {
    const plan = plainPlan(at);
    expect(missing(plan, { accepted: [], typed: 'edge' }, plan.expiresAt)[0]).toMatch(/too old/);
  });
});

it('shows what stands in the way before what is well', () => {
  expect(guardsInOrder(warnedPlan(at).guards.toReversed())[0]?.result).toBe('warn');
  expect(guardsInOrder(refusedPlan(at).guards.toReversed())[0]?.result).toBe('refuse');
});

it('calls the way to a node that is held down a failback', () => {
  const held = cluster(
    at,
    'edge',
    [node(at, 'fw1', 'slave', { heldDownSince: at }), node(at, 'fw2', 'master')],
    {
      master: 'fw2',
    },
  );
  expect(targetsOf(held).map((target) => [target.verb, target.impossible])).toEqual([
    ['Plan the failback to fw1', undefined],
    ['Plan the failover to fw2', 'is master already'],
  ]);
  expect(verbOf({ lever: 'release', to: 'fw1' })).toBe('Fail back to fw1');
  expect(verbOf({ lever: 'handover-file', to: 'fw2' })).toBe('Fail over to fw2');
});

describe('steps', () => {
  it('have a clock that runs while they do, and stands when they have ended', () => {
    const [done, running, toCome] = runningRun(at).steps;
    expect(done && stepClock(done, at + 9000)).toBe(41);
    expect(running && stepClock(running, at)).toBe(1860);
    expect(toCome && stepClock(toCome, at)).toBeUndefined();
    expect([done, running, toCome].map((step) => step && stepFace(step).word)).toEqual([
      'done',
      'running',
      'to come',
    ]);
  });

  it('that went otherwise than planned are named in the report', () => {
    expect(differences(finishedRun(at)).map((step) => step.id)).toEqual(['commit']);
    expect(differences(failedRun(at)).map((step) => step.id)).toEqual(['role']);
  });
});

describe('what a failover would cost', () => {
  const slave = { node: 'fw2', of: 48_210, missing: 0, stale: 0, inFlight: 0, notReplicable: 0 };
  const said = (parts: Partial<typeof slave>) => namedLoss({ ...slave, ...parts } as SlaveCoverage);

  it('is said by name, with what nobody can say as such', () => {
    expect(said({})).toBe('None of 48,210 connections would be lost.');
    expect(said({ missing: 12, stale: 1, inFlight: 3, notReplicable: 2 })).toBe(
      '12 of 48,210 connections would be lost, 1 go on in another state, 3 were still on their way, of 2 nobody can say.',
    );
    expect(said({ of: 0 })).toBe('There is nothing that fw2 would have to carry on.');
  });

  it('is said by count where nothing was compared, and never as none where it is not known', () => {
    const of = (replication: object | undefined) =>
      countedRisk({ nodes: [{ name: 'fw2', replication }] } as never, 'fw2');
    expect(of(undefined)).toBe('How many connections fw2 does not hold is not known.');
    expect(of({ atRisk: 1_240, coverage: { distinguishable: true } })).toMatch(
      /^By count fw2 lacks about 1,240/,
    );
    expect(of({ atRisk: 3, coverage: { distinguishable: false } })).toMatch(/as far as counts can tell/);
  });
});
