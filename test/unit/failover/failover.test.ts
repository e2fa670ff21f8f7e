import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { operator, stepOf } from './operator.ts';
import { leverFile, type SimulatedNode, service } from './simulated-cluster.ts';

let op: ReturnType<typeof operator>;
beforeEach(() => {
  vi.useFakeTimers();
  op = operator();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a failover', () => {
  it('moves the role, waits for addresses and commit, and leaves the old master held down', async () => {
    expect(await op.execute()).toEqual({ accepted: true });
    const run = await op.finished();
    expect(run.state).toBe('done');
    expect(run.steps.map((each) => each.outcome)).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect(stepOf(run, 'commit')?.detail).toContain('2,051');
    expect(op.world.get('fw2')).toMatchObject({ state: 'MASTER', addresses: service });
    expect(op.world.get('fw1').file).toBe('-100');
    expect(op.written()).toEqual(['fw1 -100']);
    expect(run.summary).toContain('fw1 is held down');
    for (const each of run.steps) expect(each.endedAt).toBeGreaterThanOrEqual(each.startedAt ?? Number.NaN);
    expect(op.isLocked()).toBe(false);
  });

  it('sends exactly what the plan showed, and takes it down before and after', async () => {
    await op.execute();
    await op.finished();
    const lines = op.world.audited.map(({ kind, outcome }) => [kind, outcome].filter(Boolean).join(' '));
    expect(lines).toEqual(['plan', 'execute', 'intent', 'outcome done', 'end done']);
    expect(op.world.audited.find((each) => each.kind === 'intent')).toMatchObject({
      cluster: 'edge',
      node: 'fw1',
      command: ['/usr/bin/sudo', '-n', '/usr/bin/tee', leverFile],
      stdin: '-100\n',
    });
  });

  it('fails back by releasing the node that it held down: a plan of its own', async () => {
    await op.execute();
    await op.finished();
    const made = await op.plan('fw1');
    expect(made.lever).toBe('release');
    await op.confirm(made.planId);
    const run = await op.finished();
    expect(run.state).toBe('done');
    expect(op.world.get('fw1')).toMatchObject({ state: 'MASTER', file: '0' });
    expect(op.world.get('fw2').file).toBe('0');
    expect(op.written()).toEqual(['fw1 -100', 'fw1 0']);
  });

  it('puts the file back when the target is not master in time, and says so', async () => {
    op.world.get('fw2').stuck = true;
    await op.execute();
    const run = await op.finished();
    expect(run.state).toBe('failed');
    expect(op.written()).toEqual(['fw1 -100', 'fw1 0']);
    expect(stepOf(run, 'role')).toMatchObject({ outcome: 'failed' });
    expect(stepOf(run, 'put-back')).toMatchObject({ outcome: 'done' });
    expect(run.summary).toMatch(/fw2 was not MASTER within 10 s.*Put back/);
    expect(stepOf(run, 'commit')?.outcome).toBe('skipped');
  });

  it('puts a failed failback back to what held the target down', async () => {
    Object.assign(op.world.get('fw1'), {
      state: 'BACKUP',
      file: '-100',
      status: -100,
      addresses: [],
      stuck: true,
    });
    Object.assign(op.world.get('fw2'), { state: 'MASTER', addresses: service });
    await op.execute('fw1');
    expect((await op.finished()).state).toBe('failed');
    expect(op.written()).toEqual(['fw1 0', 'fw1 -100']);
  });

  it('says loudly what to run by hand when it cannot put the file back', async () => {
    op.world.get('fw2').stuck = true;
    await op.execute();
    await op.until('role');
    op.world.get('fw1').writeFails = { kind: 'unreachable', message: 'fw1 did not answer.' };
    const run = await op.finished();
    expect(run.state).toBe('failed');
    expect(run.summary).toContain('NOT PUT BACK');
    expect(run.summary).toContain(`echo 0 | /usr/bin/sudo -n /usr/bin/tee ${leverFile}`);
  });

  it('has nothing to put back when the write was refused', async () => {
    op.world.get('fw1').writeFails = { kind: 'no-permission', message: 'sudo: a password is required' };
    await op.execute();
    const run = await op.finished();
    expect(run.state).toBe('failed');
    expect(run.summary).toMatch(/a password is required.*holds 0 as before/);
    expect(op.written()).toEqual(['fw1 -100']);
  });
});

describe('a failover that took place and is not as it should be', () => {
  const different = async (change: Partial<SimulatedNode>, accept: string[] = [], on = 'fw2') => {
    Object.assign(op.world.get(on), change);
    await op.execute('fw2', accept);
    return op.finished();
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
    expect(stepOf(run, 'commit')?.detail).toContain('was not seen to end');
  });

  it('does not take an older commit in the log for this one', async () => {
    const at = '[Sun Nov 22 15:09:54 2026] (pid=7) [notice]';
    const log = `${at} committing all external caches\n${at} commit has taken 1.000000 seconds\n`;
    const run = await different({ log, commitSays: undefined });
    expect(stepOf(run, 'commit')?.outcome).toBe('differs');
  });

  it('tells that conntrackd does not run, when that was accepted', async () => {
    const run = await different({ agent: 'stopped' }, ['agent-not-running', 'unprotected']);
    expect(run.state).toBe('differs');
    expect(stepOf(run, 'commit')).toMatchObject({ outcome: 'differs' });
    expect(stepOf(run, 'verify')?.detail).toContain('conntrackd on fw2');
    expect(op.written()).toEqual(['fw1 -100']);
  });

  it('tells that the agent logs to syslog alone', async () => {
    const run = await different({ config: 'General {\n Syslog on\n}\n' });
    expect(stepOf(run, 'commit')).toMatchObject({
      outcome: 'differs',
      detail: expect.stringContaining('syslog'),
    });
  });

  it('expects no commit where connections go straight into the kernel', async () => {
    const run = await different({ config: 'Sync {\n Mode FTFW {\n DisableExternalCache On\n}\n}\n' });
    expect(run.state).toBe('done');
    expect(stepOf(run, 'commit')?.outcome).toBe('skipped');
  });

  it('tells addresses that stay on the old master, and a second master', async () => {
    op.world.tweak = (snapshot) => ({
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
    await op.execute();
    const run = await op.finished();
    expect(run.state).toBe('differs');
    expect(stepOf(run, 'addresses')?.detail).toContain('10.77.1.1 is still on fw1');
    expect(stepOf(run, 'verify')?.detail).toContain('fw1 is MASTER of LAN too');
  });
});

describe('before anything is sent', () => {
  it('the cluster’s name must be typed, every warning accepted, and no guard refuse', async () => {
    const made = await op.plan();
    const refused = { accepted: false, reason: expect.stringContaining('edge') };
    expect(await op.failover.execute({ planId: made.planId, confirmation: 'Edge', accept: [] })).toEqual(
      refused,
    );
    op.world.get('fw2').phase = 'behind';
    expect(await op.execute()).toMatchObject({
      accepted: false,
      reason: expect.stringContaining('sync-behind'),
    });
    op.world.get('fw2').nopreempt = true;
    expect(await op.execute('fw2', ['sync-behind', 'nopreempt'])).toMatchObject({ accepted: false });
    expect(await op.failover.execute({ planId: 'none', confirmation: 'edge', accept: [] })).toMatchObject({
      accepted: false,
    });
    await finishedNothing();
  });

  it('a plan is good for ten minutes, and once', async () => {
    const old = await op.plan();
    await vi.advanceTimersByTimeAsync(10 * 60_000 + 1);
    expect(await op.confirm(old.planId)).toMatchObject({
      accepted: false,
    });
    expect(op.written()).toEqual([]);
    const { planId } = await op.plan();
    await op.confirm(planId);
    await op.finished();
    expect(await op.confirm(planId)).toMatchObject({
      accepted: false,
    });
  });

  it('only one run moves a cluster at a time', async () => {
    const [first, second] = [await op.plan(), await op.plan()];
    await op.confirm(first.planId);
    const answer = await op.confirm(second.planId);
    expect(answer).toMatchObject({ accepted: false, reason: expect.stringContaining('under way') });
    expect((await op.plan()).guards.find((guard) => guard.code === 'another-run')?.result).toBe('refuse');
    await op.finished();
    expect(op.written()).toEqual(['fw1 -100']);
  });

  it.each<[string, () => void]>([
    ['the target fell behind', () => Object.assign(op.world.get('fw2'), { phase: 'behind' })],
    ['the target’s keepalived stopped', () => Object.assign(op.world.get('fw2'), { takeover: 'stopped' })],
    [
      'somebody opened the file to others',
      () =>
        Object.assign(op.world.get('fw1'), {
          owners: 'ops ops 666 regular file\nroot root 755 directory\n',
        }),
    ],
    ['somebody wrote the file', () => Object.assign(op.world.get('fw1'), { file: '-7' })],
    ['another number would be needed', () => Object.assign(op.world.get('fw2'), { base: 20 })],
    [
      'the cluster cannot be read',
      () => {
        throw new Error('gone');
      },
    ],
  ])('the last look refuses when %s', async (_, meanwhile) => {
    const { planId } = await op.plan();
    op.world.onRefresh = meanwhile;
    await op.confirm(planId);
    const run = await op.finished();
    expect(run).toMatchObject({ state: 'refused', summary: expect.stringContaining('nothing was sent') });
    expect(op.written()).toEqual([]);
    expect(op.isLocked()).toBe(false);
  });

  async function finishedNothing(): Promise<void> {
    await vi.advanceTimersByTimeAsync(60_000);
    expect([op.world.runs, op.written()]).toEqual([[], []]);
  }
});
