import { describe, expect, it } from 'vitest';
import { agent, bad, good, instance, type NodeRound, readings, Story, takeover, vip } from './build.ts';

const steady = (second: number): Record<string, NodeRound> => ({
  fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 50, received: second }) },
  fw2: { state: 'BACKUP', holds: false, agent: agent({ external: 50, received: second }) },
});

describe('a healthy pair', () => {
  it('names the master, and says that the slave can take over', () => {
    const story = new Story('fw1', 'fw2');
    const snapshot = story.seconds(4, steady);
    expect(snapshot.master).toBe('fw1');
    expect(snapshot.verdict).toBe('ok');
    expect(snapshot.sentence).toContain('fw2 can take over now');
    expect(story.node('fw2').replication).toMatchObject({
      phase: 'in-step',
      replicated: 50,
      lag: { kind: 'below', seconds: 1 },
    });
    expect(story.node('fw2').replication?.coverage.value).toBe(1);
  });

  it('is not called healthy before it is seen that messages arrive', () => {
    const story = new Story('fw1', 'fw2');
    expect(story.seconds(1, steady).verdict).toBe('unknown');
  });

  it.each(['fw1', 'fw2'])(
    'is not called healthy before the takeover engine of %s itself was read',
    (node) => {
      const story = new Story('fw1', 'fw2');
      const before = story.seconds(4, (second) => {
        const rounds = steady(second);
        const { state: _, ...unread } = rounds[node] ?? {};
        return { fw1: { ...rounds.fw1 }, fw2: { ...rounds.fw2, hears: 'fw1' }, [node]: unread };
      });
      expect(before.verdict).toBe('unknown');
      expect(before.reasons.map(({ message }) => message).join()).toMatch(
        new RegExp(`${node}: its takeover engine is being read|role of ${node} is not known`),
      );
      expect(story.seconds(2, steady).verdict).toBe('ok');
    },
  );

  it('tells a change of role with the next reading', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, steady);
    const moved = story.second({
      fw1: { state: 'BACKUP', holds: false, agent: agent({ external: 50, received: 9 }) },
      fw2: { state: 'MASTER', holds: true, agent: agent({ internal: 50, received: 9 }) },
    });
    expect(moved.master).toBe('fw2');
    const roles = moved.events.filter((event) => event.kind === 'role');
    expect(roles.slice(-2).map((event) => event.message)).toEqual([
      'fw1 is slave (BACKUP), was master',
      'fw2 is master (MASTER), was slave',
    ]);
  });
});

it('what was read before a change of roles says nothing about the new slave', () => {
  const story = new Story('fw1', 'fw2');
  story.seconds(4, steady);
  story.now += 100;
  const moved: [string, NodeRound][] = [
    ['fw1', { state: 'BACKUP', holds: false }],
    ['fw2', { state: 'MASTER', holds: true }],
  ];
  for (const [node, round] of moved) {
    story.put({ kind: 'readings', node, readings: readings(node, round, story.now) });
  }
  expect(story.snapshot).toMatchObject({ master: 'fw2', verdict: 'unknown' });
  expect(story.node('fw1').replication).toMatchObject({ phase: 'unknown', lag: { kind: 'unknown' } });
  expect(story.node('fw1').replication?.replicated).toBeUndefined();
});

describe('witnesses of a role', () => {
  it('one witness alone leaves the role unknown', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, () => ({
      fw1: { state: bad('no-permission', story.now), holds: true },
      fw2: { state: bad('no-permission', story.now), holds: false },
    }));
    expect(story.node('fw1').role).toBe('unknown');
    expect(story.snapshot.verdict).toBe('unknown');
  });

  it('what a peer hears completes the pair where the daemon cannot be asked', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, () => ({
      fw1: { state: bad('no-permission', story.now), holds: true },
      fw2: { state: 'BACKUP', holds: false, hears: 'fw1' },
    }));
    expect(story.node('fw1').role).toBe('master');
    expect(story.snapshot.master).toBe('fw1');
  });

  it('an engine that is gone while the node still holds the address is a conflict', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, steady);
    story.seconds(3, (second) => ({
      fw1: {
        state: bad('not-running', story.now),
        holds: true,
        agent: agent({ internal: 50, received: second }),
      },
      fw2: { state: 'MASTER', holds: true, agent: agent({ external: 50, received: 10 + second }) },
    }));
    expect(story.node('fw1').role).toBe('conflict');
    expect(story.codes()).toContain('role-conflict');
    expect(story.codes()).toContain('takeover-not-running');
    expect(story.snapshot.verdict).toBe('critical');
  });

  it('holding only a part of the addresses fits no role', () => {
    const story = new Story('fw1');
    const two = instance('MASTER', { addresses: [vip, '10.9.9.9'] });
    story.seconds(3, () => ({ fw1: { state: good(takeover(two), story.now + 1_000), holds: true } }));
    expect(story.node('fw1').role).toBe('conflict');
  });

  it('a disagreement seen once is not told yet: nodes are not read at one instant', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, steady);
    story.second({ fw1: { state: 'MASTER', holds: false, agent: agent({ internal: 50, received: 9 }) } });
    expect(story.node('fw1').role).toBe('master');
    expect(story.codes()).not.toContain('role-conflict');
  });

  it('readings grow old: an engine that was not read for 7 s no longer says anything', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, steady);
    story.seconds(7, (second) => ({
      fw1: { holds: true, agent: agent({ internal: 50, received: 10 + second }) },
      fw2: { holds: false, agent: agent({ external: 50, received: 10 + second }) },
    }));
    expect(story.node('fw1').role).toBe('unknown');
  });
});

it('a failover of ours stands in the timeline when it begins and when it ends, once each', () => {
  const story = new Story('fw1', 'fw2');
  story.seconds(4, steady);
  const base = {
    runId: 'r',
    planId: 'p',
    cluster: 'edge',
    from: 'fw1',
    to: 'fw2',
    lever: 'handover-file',
  } as const;
  const run = { ...base, startedAt: story.now, guards: [], steps: [], summary: 'Waiting.' };
  story.put({ kind: 'run', run: { ...run, state: 'checking' } });
  story.put({ kind: 'run', run: { ...run, state: 'running' } });
  story.put({ kind: 'run', run: { ...run, state: 'done', summary: 'fw2 is master.' } });
  story.put({ kind: 'tick' });
  const told = story.snapshot.events.filter((event) => event.kind === 'failover');
  expect(told.map((event) => event.message)).toEqual(['Failing over to fw2, from here', 'fw2 is master.']);
});

describe('faults', () => {
  it('two masters of one instance are a split brain', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, steady);
    story.seconds(2, (second) => ({
      fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 50, received: 10 + second }) },
      fw2: { state: 'MASTER', holds: true, agent: agent({ external: 50, received: 10 + second }) },
    }));
    expect(story.codes()).toContain('split-brain');
    expect(story.snapshot).toMatchObject({ verdict: 'critical', master: null });
  });

  it('two masters seen once are no split brain yet, and not green either', () => {
    const story = new Story('fw1', 'fw2');
    story.second({
      fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 50 }) },
      fw2: { state: 'MASTER', holds: true, agent: agent({ internal: 50 }) },
    });
    expect(story.snapshot.verdict).toBe('unknown');
    expect(story.codes()).toEqual(['role-unknown']);
  });

  it('nobody master although all can be read is no master', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, steady);
    story.seconds(2, () => ({
      fw1: { state: 'FAULT', holds: false, agent: agent({}) },
      fw2: { state: 'FAULT', holds: false, agent: agent({}) },
    }));
    expect(story.codes()).toContain('no-master');
    expect(story.snapshot.verdict).toBe('critical');
  });

  it('one node is unprotected', () => {
    const story = new Story('fw1');
    story.seconds(4, (second) => ({
      fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 5, received: second }) },
    }));
    expect(story.codes()).toEqual(['unprotected']);
    expect(story.snapshot.verdict).toBe('critical');
  });

  it('a stopped sync agent on both nodes is unprotected, and says which', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(3, () => ({
      fw1: { state: 'MASTER', holds: true, agent: bad('not-running', story.now) },
      fw2: { state: 'BACKUP', holds: false, agent: bad('not-running', story.now) },
    }));
    expect(story.codes()).toEqual(['unprotected', 'agent-not-running', 'agent-not-running']);
    expect(story.snapshot.verdict).toBe('critical');
    expect(story.node('fw2').replication?.phase).toBe('unknown');
  });

  it('with another slave ready the same fault is a warning', () => {
    const story = new Story('fw1', 'fw2', 'fw3');
    story.seconds(4, (second) => ({
      ...steady(second),
      fw3: { state: 'BACKUP', holds: false, agent: bad('not-running', story.now) },
    }));
    expect(story.snapshot.reasons).toMatchObject([
      { code: 'agent-not-running', severity: 'warning', node: 'fw3' },
    ]);
    expect(story.snapshot.verdict).toBe('warning');
  });

  it('an unreachable slave is critical, unknown in itself, and never its last colour', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, steady);
    const failure = { kind: 'refused', message: 'nothing listens on port 22' } as const;
    story.put({ kind: 'session', node: 'fw2', session: { kind: 'waiting', retryAt: 0 }, failure });
    expect(story.node('fw2')).toMatchObject({ reachable: false, role: 'unknown', failure });
    expect(story.snapshot.verdict).toBe('critical');
    expect(story.codes()).toEqual(['node-unreachable']);
  });

  it('an unreachable node stays so, calmly, while it is tried again', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, steady);
    const failure = { kind: 'refused', message: 'nothing listens on port 22' } as const;
    const fw2 = { kind: 'session', node: 'fw2' } as const;
    story.put({ ...fw2, session: { kind: 'waiting', retryAt: 0 }, failure });
    const { events } = story.snapshot;
    story.put({ ...fw2, session: { kind: 'connecting' }, failure: undefined });
    expect(story.codes()).toEqual(['node-unreachable']);
    story.put({ ...fw2, session: { kind: 'waiting', retryAt: 0 }, failure });
    expect(story.snapshot.events).toEqual(events);
    story.put({ ...fw2, session: { kind: 'connected', since: 0 }, failure: undefined });
    expect(story.node('fw2').failure).toBeUndefined();
  });

  it('a session that stands but does not answer is unreachable within five seconds', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, steady);
    story.seconds(5, (second) => ({ fw1: steady(10 + second).fw1 as NodeRound }));
    expect(story.node('fw2').reachable).toBe(false);
    expect(story.node('fw2').failure?.kind).toBe('unreachable');
  });

  it('a cluster of which nothing can be read is unknown', () => {
    const story = new Story('fw1', 'fw2');
    const failure = { kind: 'unreachable', message: 'no answer' } as const;
    for (const node of ['fw1', 'fw2']) {
      story.put({ kind: 'session', node, session: { kind: 'waiting', retryAt: 0 }, failure });
    }
    expect(story.snapshot.verdict).toBe('unknown');
    expect(story.codes()).toEqual(['node-unreachable', 'node-unreachable']);
  });
});

describe('replication', () => {
  const withSlave =
    (figures: (second: number) => Parameters<typeof agent>[0], resend = 0) =>
    (second: number) => ({
      fw1: {
        state: 'MASTER',
        holds: true,
        agent: agent({ internal: 50, received: second, resend }),
      } as const,
      fw2: { state: 'BACKUP', holds: false, agent: agent(figures(second)) } as const,
    });

  it('nothing arriving for more than three seconds is silence', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(
      4,
      withSlave((second) => ({ external: 50, received: second })),
    );
    story.seconds(
      4,
      withSlave(() => ({ external: 50, received: 4 })),
    );
    expect(story.node('fw2').replication?.phase).toBe('silent');
    expect(story.codes()).toContain('sync-silent');
    expect(story.snapshot.verdict).toBe('critical');
  });

  it('a sync link without carrier is silence at once', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(
      1,
      withSlave(() => ({ external: 50, received: 4, status: 'NO-CARRIER' })),
    );
    expect(story.node('fw2').replication?.phase).toBe('silent');
  });

  it('a slave that never received anything says never, whatever else rises', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(
      4,
      withSlave((second) => ({ external: 0, externalCreated: 0, received: second })),
    );
    expect(story.node('fw2').replication?.phase).toBe('never');
    expect(story.snapshot.verdict).toBe('critical');
    expect(story.codes()).toContain('unprotected');
  });

  it('a small table that a restarted slave holds in part is behind, and not in step', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(
      8,
      withSlave((second) => ({ external: 10, externalCreated: 10, received: second })),
    );
    expect(story.node('fw2').replication?.phase).toBe('behind');
    expect(story.snapshot.verdict).toBe('warning');
  });

  it('a backlog past the window and a second of changes is behind, and its lag a time', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(6, (second) => ({
      fw1: {
        state: 'MASTER',
        holds: true,
        agent: agent({ internal: 5_000, created: 5_000 + second * 100, received: second, resend: 2_000 }),
      },
      fw2: { state: 'BACKUP', holds: false, agent: agent({ external: 5_000, received: second }) },
    }));
    expect(story.node('fw2').replication).toMatchObject({
      phase: 'behind',
      lag: { kind: 'measured', seconds: 20 },
    });
  });

  it('an empty master has nothing to replicate: no coverage is shown, not 100 %', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, (second) => ({
      fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 0, received: second }) },
      fw2: { state: 'BACKUP', holds: false, agent: agent({ external: 0, received: second }) },
    }));
    expect(story.node('fw2').replication?.coverage.value).toBeUndefined();
    expect(story.snapshot.verdict).toBe('ok');
  });

  it('without acknowledgements lag is not measurable', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, (second) => ({
      fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 5, received: second, mode: 'notrack' }) },
      fw2: {
        state: 'BACKUP',
        holds: false,
        agent: agent({ external: 5, received: second, mode: 'notrack' }),
      },
    }));
    expect(story.node('fw2').replication?.lag.kind).toBe('not-measurable');
  });

  it('with three nodes FTFW acknowledges for nobody in particular: lag is unknown', () => {
    const story = new Story('fw1', 'fw2', 'fw3');
    story.seconds(4, (second) => ({
      ...steady(second),
      fw3: { state: 'BACKUP', holds: false, agent: agent({ external: 50, received: second }) },
    }));
    expect(story.node('fw2').replication?.lag.kind).toBe('unknown');
    expect(story.snapshot.verdict).toBe('ok');
  });

  it('a restarted daemon starts its counters anew: no rate is made of the difference', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(
      4,
      withSlave((second) => ({ external: 50, received: 1_000 + second })),
    );
    story.second(withSlave(() => ({ external: 0, externalCreated: 0, received: 1 }))(5));
    expect(story.node('fw2').rates).toBeUndefined();
  });
});
