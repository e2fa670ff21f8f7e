import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFailover, type Failover } from '../../../main/failover/failover.ts';
import type { FailoverRun } from '../../../shared/domain/failover-run.ts';
import { ok } from '../../../shared/lib/result.ts';
import { leverFile, type SimulatedNode, service, simulate } from './simulated-cluster.ts';

let cluster: ReturnType<typeof simulate>;
let failover: Failover;
let lockHeld = false;

const begin = (nodes = 2): void => {
  cluster = simulate(nodes);
  lockHeld = false;
  failover = createFailover(cluster.ports, cluster.audit, () => {
    lockHeld = true;
    return ok(() => {
      lockHeld = false;
    });
  });
};
beforeEach(() => {
  vi.useFakeTimers();
  begin();
});
afterEach(() => {
  vi.useRealTimers();
});

const plan = async (to = 'fw2') => {
  const answer = await failover.plan({ cluster: 'edge', to });
  if (!answer.accepted) throw new Error(answer.reason);
  return answer.plan;
};
const execute = async (to = 'fw2', accept: string[] = []) => {
  const { planId } = await plan(to);
  return failover.execute({ planId, confirmation: 'edge', accept });
};
const last = (): FailoverRun => {
  const run = cluster.world.runs.at(-1);
  if (!run) throw new Error('no run');
  return run;
};
const finished = async (): Promise<FailoverRun> => {
  await vi.advanceTimersByTimeAsync(120_000);
  return last();
};
const step = (run: FailoverRun, id: string) => run.steps.find((each) => each.id === id);
const written = () => cluster.world.writes().map(({ node, command }) => `${node} ${command.stdin?.trim()}`);
const until = async (id: string): Promise<void> => {
  for (let i = 0; i < 600 && !step(last(), id)?.startedAt; i++) await vi.advanceTimersByTimeAsync(50);
};

describe('a failover', () => {
  it('moves the role, waits for addresses and commit, and leaves the old master held down', async () => {
    expect(await execute()).toEqual({ accepted: true });
    const run = await finished();
    expect(run.state).toBe('done');
    expect(run.steps.map((each) => each.outcome)).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect(step(run, 'commit')?.detail).toContain('2,051');
    expect(cluster.world.get('fw2')).toMatchObject({ state: 'MASTER', addresses: service });
    expect(cluster.world.get('fw1').file).toBe('-100');
    expect(written()).toEqual(['fw1 -100']);
    expect(run.summary).toContain('fw1 is held down');
    for (const each of run.steps) expect(each.endedAt).toBeGreaterThanOrEqual(each.startedAt ?? Number.NaN);
    expect(lockHeld).toBe(false);
  });

  it('sends exactly what the plan showed, and takes it down before and after', async () => {
    await execute();
    await finished();
    const lines = cluster.world.audited.map(({ kind, outcome }) => [kind, outcome].filter(Boolean).join(' '));
    expect(lines).toEqual(['plan', 'execute', 'intent', 'outcome done', 'end done']);
    expect(cluster.world.audited.find((each) => each.kind === 'intent')).toMatchObject({
      cluster: 'edge',
      node: 'fw1',
      command: ['/usr/bin/sudo', '-n', '/usr/bin/tee', leverFile],
      stdin: '-100\n',
    });
  });

  it('fails back by releasing the node that it held down: a plan of its own', async () => {
    await execute();
    await finished();
    const made = await plan('fw1');
    expect(made.lever).toBe('release');
    await failover.execute({ planId: made.planId, confirmation: 'edge', accept: [] });
    const run = await finished();
    expect(run.state).toBe('done');
    expect(cluster.world.get('fw1')).toMatchObject({ state: 'MASTER', file: '0' });
    expect(cluster.world.get('fw2').file).toBe('0');
    expect(written()).toEqual(['fw1 -100', 'fw1 0']);
  });

  it('puts the file back when the target is not master in time, and says so', async () => {
    cluster.world.get('fw2').stuck = true;
    await execute();
    const run = await finished();
    expect(run.state).toBe('failed');
    expect(written()).toEqual(['fw1 -100', 'fw1 0']);
    expect(step(run, 'role')).toMatchObject({ outcome: 'failed' });
    expect(step(run, 'put-back')).toMatchObject({ outcome: 'done' });
    expect(run.summary).toMatch(/fw2 was not MASTER within 10 s.*Put back/);
    expect(step(run, 'commit')?.outcome).toBe('skipped');
  });

  it('puts a failed failback back to what held the target down', async () => {
    Object.assign(cluster.world.get('fw1'), {
      state: 'BACKUP',
      file: '-100',
      status: -100,
      addresses: [],
      stuck: true,
    });
    Object.assign(cluster.world.get('fw2'), { state: 'MASTER', addresses: service });
    await execute('fw1');
    expect((await finished()).state).toBe('failed');
    expect(written()).toEqual(['fw1 0', 'fw1 -100']);
  });

  it('says loudly what to run by hand when it cannot put the file back', async () => {
    cluster.world.get('fw2').stuck = true;
    await execute();
    await until('role');
    cluster.world.get('fw1').writeFails = { kind: 'unreachable', message: 'fw1 did not answer.' };
    const run = await finished();
    expect(run.state).toBe('failed');
    expect(run.summary).toContain('NOT PUT BACK');
    expect(run.summary).toContain(`echo 0 | /usr/bin/sudo -n /usr/bin/tee ${leverFile}`);
  });

  it('has nothing to put back when the write was refused', async () => {
    cluster.world.get('fw1').writeFails = { kind: 'no-permission', message: 'sudo: a password is required' };
    await execute();
    const run = await finished();
    expect(run.state).toBe('failed');
    expect(run.summary).toMatch(/a password is required.*holds 0 as before/);
    expect(written()).toEqual(['fw1 -100']);
  });
});

describe('a failover that took place and is not as it should be', () => {
  const different = async (change: Partial<SimulatedNode>, accept: string[] = [], on = 'fw2') => {
    Object.assign(cluster.world.get(on), change);
    await execute('fw2', accept);
    return finished();
  };

  it('tells entries that could not be committed', async () => {
    const commitSays = "[Sun Nov 22 15:09:54 2026] (pid=7) [notice] 12 entries can't be committed\n";
    const run = await different({ commitSays });
    expect(run).toMatchObject({
      state: 'differs',
      summary: expect.stringContaining('12 could not be committed'),
    });
  });

  it('tells a commit that was not seen to end', async () => {
    const commitSays = '[Sun Nov 22 15:09:54 2026] (pid=7) [notice] committing all external caches\n';
    const run = await different({ commitSays });
    expect(run.state).toBe('differs');
    expect(step(run, 'commit')?.detail).toContain('was not seen to end');
  });

  it('does not take an older commit in the log for this one', async () => {
    const at = '[Sun Nov 22 15:09:54 2026] (pid=7) [notice]';
    const log = `${at} committing all external caches\n${at} commit has taken 1.000000 seconds\n`;
    const run = await different({ log, commitSays: undefined });
    expect(step(run, 'commit')?.outcome).toBe('differs');
  });

  it('tells that conntrackd does not run, when that was accepted', async () => {
    const run = await different({ agent: 'stopped' }, ['agent-not-running', 'unprotected']);
    expect(run.state).toBe('differs');
    expect(step(run, 'commit')).toMatchObject({ outcome: 'differs' });
    expect(step(run, 'verify')?.detail).toContain('conntrackd on fw2');
    expect(written()).toEqual(['fw1 -100']);
  });

  it('tells that the agent logs to syslog alone', async () => {
    const run = await different({ config: 'General {\n Syslog on\n}\n' });
    expect(step(run, 'commit')).toMatchObject({
      outcome: 'differs',
      detail: expect.stringContaining('syslog'),
    });
  });

  it('expects no commit where connections go straight into the kernel', async () => {
    const run = await different({ config: 'Sync {\n Mode FTFW {\n DisableExternalCache On\n}\n}\n' });
    expect(run.state).toBe('done');
    expect(step(run, 'commit')?.outcome).toBe('skipped');
  });

  it('tells addresses that stay on the old master, and a second master', async () => {
    cluster.world.tweak = (snapshot) => ({
      ...snapshot,
      nodes: snapshot.nodes.map((node) => {
        const takeover = snapshot.nodes[0]?.readings.takeover;
        if (node.name !== 'fw1' || snapshot.master !== 'fw2' || !takeover?.ok) return node;
        const instances = takeover.value.instances.map((each) => ({ ...each, state: 'MASTER' as const }));
        const addresses = service.map((address) => ({ device: 'lan0', address, prefixLength: 24 }));
        return {
          ...node,
          readings: {
            ...node.readings,
            takeover: { ...takeover, value: { ...takeover.value, instances } },
            addresses: { ok: true, value: addresses, observedAt: Date.now(), source: '' },
          },
        };
      }),
    });
    await execute();
    const run = await finished();
    expect(run.state).toBe('differs');
    expect(step(run, 'addresses')?.detail).toContain('10.77.1.1 is still on fw1');
    expect(step(run, 'verify')?.detail).toContain('fw1 is MASTER of LAN too');
  });
});

describe('before anything is sent', () => {
  it('the cluster’s name must be typed, every warning accepted, and no guard refuse', async () => {
    const made = await plan();
    const refused = { accepted: false, reason: expect.stringContaining('edge') };
    expect(await failover.execute({ planId: made.planId, confirmation: 'Edge', accept: [] })).toEqual(
      refused,
    );
    cluster.world.get('fw2').phase = 'behind';
    expect(await execute()).toMatchObject({
      accepted: false,
      reason: expect.stringContaining('sync-behind'),
    });
    cluster.world.get('fw2').nopreempt = true;
    expect(await execute('fw2', ['sync-behind', 'nopreempt'])).toMatchObject({ accepted: false });
    expect(await failover.execute({ planId: 'none', confirmation: 'edge', accept: [] })).toMatchObject({
      accepted: false,
    });
    await finishedNothing();
  });

  it('a plan is good for ten minutes, and once', async () => {
    const old = await plan();
    await vi.advanceTimersByTimeAsync(10 * 60_000 + 1);
    expect(await failover.execute({ planId: old.planId, confirmation: 'edge', accept: [] })).toMatchObject({
      accepted: false,
    });
    expect(written()).toEqual([]);
    const { planId } = await plan();
    await failover.execute({ planId, confirmation: 'edge', accept: [] });
    await finished();
    expect(await failover.execute({ planId, confirmation: 'edge', accept: [] })).toMatchObject({
      accepted: false,
    });
  });

  it('only one run moves a cluster at a time', async () => {
    const [first, second] = [await plan(), await plan()];
    await failover.execute({ planId: first.planId, confirmation: 'edge', accept: [] });
    const answer = await failover.execute({ planId: second.planId, confirmation: 'edge', accept: [] });
    expect(answer).toMatchObject({ accepted: false, reason: expect.stringContaining('under way') });
    expect((await plan()).guards.find((guard) => guard.code === 'another-run')?.result).toBe('refuse');
    await finished();
    expect(written()).toEqual(['fw1 -100']);
  });

  it.each<[string, () => void]>([
    ['the target fell behind', () => Object.assign(cluster.world.get('fw2'), { phase: 'behind' })],
    [
      'the target’s keepalived stopped',
      () => Object.assign(cluster.world.get('fw2'), { takeover: 'stopped' }),
    ],
    [
      'somebody opened the file to others',
      () =>
        Object.assign(cluster.world.get('fw1'), {
          owners: 'ops ops 666 regular file\nroot root 755 directory\n',
        }),
    ],
    ['somebody wrote the file', () => Object.assign(cluster.world.get('fw1'), { file: '-7' })],
    ['another number would be needed', () => Object.assign(cluster.world.get('fw2'), { base: 20 })],
    [
      'the cluster cannot be read',
      () => {
        throw new Error('gone');
      },
    ],
  ])('the last look refuses when %s', async (_, meanwhile) => {
    const { planId } = await plan();
    cluster.world.onRefresh = meanwhile;
    await failover.execute({ planId, confirmation: 'edge', accept: [] });
    const run = await finished();
    expect(run).toMatchObject({ state: 'refused', summary: expect.stringContaining('nothing was sent') });
    expect(written()).toEqual([]);
    expect(lockHeld).toBe(false);
  });

  async function finishedNothing(): Promise<void> {
    await vi.advanceTimersByTimeAsync(60_000);
    expect([cluster.world.runs, written()]).toEqual([[], []]);
  }
});

describe('an abort', () => {
  it('before the first effect sends nothing', async () => {
    await execute();
    expect(await failover.abort({ cluster: 'edge' })).toEqual({ accepted: true });
    const run = await finished();
    expect(run).toMatchObject({ state: 'aborted', summary: 'Aborted before anything was sent.' });
    expect(written()).toEqual([]);
  });

  it('while the target is awaited puts the file back', async () => {
    await execute();
    await until('role');
    expect(last().onAbort).toContain('puts 0 back');
    await failover.abort({ cluster: 'edge' });
    const run = await finished();
    expect(run.state).toBe('aborted');
    expect(written()).toEqual(['fw1 -100', 'fw1 0']);
    expect(cluster.world.get('fw1').state).toBe('MASTER');
  });

  it.each(['addresses', 'commit', 'verify'])('is not possible any more at %s', async (id) => {
    const answers: Promise<unknown>[] = [];
    const watched = createFailover(
      {
        ...cluster.ports,
        publishRun: (name, run) => {
          cluster.ports.publishRun(name, run);
          const under = step(run, id);
          if (!under?.startedAt || under.endedAt) return;
          expect(run.onAbort).toBeUndefined();
          answers.push(watched.abort({ cluster: name }));
        },
      },
      cluster.audit,
      () => ok(() => {}),
    );
    failover = watched;
    await execute();
    expect((await finished()).state).toBe('done');
    expect(await Promise.all(answers)).toEqual([
      { accepted: false, reason: expect.stringContaining('failback') },
    ]);
  });

  it('of nothing is refused', async () => {
    expect(await failover.abort({ cluster: 'edge' })).toMatchObject({ accepted: false });
  });

  it('comes with closing, which waits until the file is put back', async () => {
    await execute();
    await until('role');
    const closing = failover.close();
    await finished();
    await closing;
    expect(written()).toEqual(['fw1 -100', 'fw1 0']);
    expect(cluster.world.audited.at(-1)).toMatchObject({ kind: 'end', outcome: 'aborted' });
  });
});

describe('the audit log', () => {
  it('that cannot take an effect down keeps it from happening', async () => {
    cluster.world.auditFails = (entry) => (entry.kind === 'intent' ? 'no space left on device' : undefined);
    await execute();
    const run = await finished();
    expect(run.state).toBe('failed');
    expect(run.summary).toContain('no space left on device');
    expect(written()).toEqual([]);
  });

  it('that fails before putting back makes it the operator’s work, and says so', async () => {
    cluster.world.get('fw2').stuck = true;
    await execute();
    await until('role');
    cluster.world.auditFails = () => 'no space left on device';
    const run = await finished();
    expect(run.state).toBe('failed');
    expect(run.summary).toMatch(/NOT PUT BACK.*no space left.*by hand/);
    expect(written()).toEqual(['fw1 -100']);
  });

  it('that loses an outcome makes the run differ', async () => {
    cluster.world.auditFails = (entry) => (entry.kind === 'outcome' ? 'no space left on device' : undefined);
    await execute();
    expect(await finished()).toMatchObject({
      state: 'differs',
      summary: expect.stringContaining('no space left'),
    });
  });
});

it('never changes anything but the handover file, and nothing at all when it refuses', async () => {
  const reads = ['/usr/bin/stat', '/usr/bin/cat', '/usr/bin/tail', '/usr/bin/pgrep'];
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        base: fc.integer({ min: 1, max: 254 }),
        nopreempt: fc.boolean(),
        stuck: fc.boolean(),
        agent: fc.constantFrom('running' as const, 'stopped' as const),
        takeover: fc.constantFrom('running' as const, 'stopped' as const),
        phase: fc.constantFrom('in-step' as const, 'behind' as const, 'silent' as const, 'never' as const),
      }),
      fc.constantFrom<string[]>([], ['sync-behind', 'sync-silent', 'unprotected', 'agent-not-running']),
      fc.nat({ max: 8_000 }),
      async (target, accept, abortAfter) => {
        begin();
        Object.assign(cluster.world.get('fw2'), target);
        const made = await plan();
        const passes = made.guards.every(
          (guard) => guard.result === 'pass' || (guard.result === 'warn' && accept.includes(guard.code)),
        );
        const answer = await failover.execute({ planId: made.planId, confirmation: 'edge', accept });
        expect(answer.accepted).toBe(passes);
        await vi.advanceTimersByTimeAsync(abortAfter);
        await failover.abort({ cluster: 'edge' });
        await vi.advanceTimersByTimeAsync(120_000);
        for (const { command } of cluster.world.sent) {
          if (reads.includes(command.argv[0])) continue;
          expect(command.argv).toEqual(['/usr/bin/tee', leverFile]);
        }
        if (!answer.accepted) expect(written()).toEqual([]);
        else if (['failed', 'aborted'].includes(last().state))
          expect(cluster.world.get('fw1').file).toBe('0');
        else expect(cluster.world.get('fw1').file).not.toBe('0');
      },
    ),
    { numRuns: 60 },
  );
});
