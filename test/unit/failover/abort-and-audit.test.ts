import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import fc from '../../support/fast-check.ts';
import { operator, stepOf } from './operator.ts';
import { leverFile } from './simulated-cluster.ts';

let op: ReturnType<typeof operator>;
beforeEach(() => {
  vi.useFakeTimers();
  op = operator();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an abort', () => {
  it('before the first effect sends nothing', async () => {
    await op.execute();
    expect(await op.failover.abort({ cluster: 'edge' })).toEqual({ accepted: true });
    const run = await op.finished();
    expect(run).toMatchObject({ state: 'aborted', summary: 'Aborted before anything was sent.' });
    expect(op.written()).toEqual([]);
  });

  it('while the target is awaited puts the file back', async () => {
    await op.execute();
    await op.until('role');
    expect(op.last().onAbort).toContain('puts 0 back');
    await op.failover.abort({ cluster: 'edge' });
    const run = await op.finished();
    expect(run.state).toBe('aborted');
    expect(op.written()).toEqual(['fw1 -100', 'fw1 0']);
    expect(op.world.get('fw1').state).toBe('MASTER');
  });

  it.each(['addresses', 'commit', 'verify'])('is not possible any more at %s', async (id) => {
    const answers: Promise<unknown>[] = [];
    op = operator(2, (ports, failover) => ({
      ...ports,
      publishRun: (name, run) => {
        ports.publishRun(name, run);
        const under = stepOf(run, id);
        if (!under?.startedAt || under.endedAt) return;
        expect(run.onAbort).toBeUndefined();
        answers.push(failover().abort({ cluster: name }));
      },
    }));
    await op.execute();
    expect((await op.finished()).state).toBe('done');
    expect(await Promise.all(answers)).toEqual([
      { accepted: false, reason: expect.stringContaining('failback') },
    ]);
  });

  it('of nothing is refused', async () => {
    expect(await op.failover.abort({ cluster: 'edge' })).toMatchObject({ accepted: false });
  });

  it('comes with closing, which waits until the file is put back', async () => {
    await op.execute();
    await op.until('role');
    const closing = op.failover.close();
    await op.finished();
    await closing;
    expect(op.written()).toEqual(['fw1 -100', 'fw1 0']);
    expect(op.world.audited.at(-1)).toMatchObject({ kind: 'end', outcome: 'aborted' });
  });
});

describe('the audit log', () => {
  it('that cannot take an effect down keeps it from happening', async () => {
    op.world.auditFails = (entry) => (entry.kind === 'intent' ? 'no space left on device' : undefined);
    await op.execute();
    const run = await op.finished();
    expect(run.state).toBe('failed');
    expect(run.summary).toContain('no space left on device');
    expect(op.written()).toEqual([]);
  });

  it('that fails before putting back makes it the operator’s work, and says so', async () => {
    op.world.get('fw2').stuck = true;
    await op.execute();
    await op.until('role');
    op.world.auditFails = () => 'no space left on device';
    const run = await op.finished();
    expect(run.state).toBe('failed');
    expect(run.summary).toMatch(/NOT PUT BACK.*no space left.*by hand/);
    expect(op.written()).toEqual(['fw1 -100']);
  });

  it('that loses an outcome makes the run differ', async () => {
    op.world.auditFails = (entry) => (entry.kind === 'outcome' ? 'no space left on device' : undefined);
    await op.execute();
    expect(await op.finished()).toMatchObject({
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
        op = operator();
        Object.assign(op.world.get('fw2'), target);
        const made = await op.plan();
        const passes = made.guards.every(
          (guard) => guard.result === 'pass' || (guard.result === 'warn' && accept.includes(guard.code)),
        );
        const answer = await op.failover.execute({ planId: made.planId, confirmation: 'edge', accept });
        expect(answer.accepted).toBe(passes);
        await vi.advanceTimersByTimeAsync(abortAfter);
        await op.failover.abort({ cluster: 'edge' });
        await vi.advanceTimersByTimeAsync(120_000);
        for (const { command } of op.world.sent) {
          if (reads.includes(command.argv[0])) continue;
          expect(command.argv).toEqual(['/usr/bin/tee', leverFile]);
        }
        if (!answer.accepted) expect(op.written()).toEqual([]);
        else if (['failed', 'aborted'].includes(op.last().state)) expect(op.world.get('fw1').file).toBe('0');
        else expect(op.world.get('fw1').file).not.toBe('0');
      },
    ),
    { numRuns: 60 },
  );
});
