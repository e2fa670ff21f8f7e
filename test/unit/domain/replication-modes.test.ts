import { describe, expect, it } from 'vitest';
import type { SyncAgentState } from '../../../shared/domain/replication.ts';
import { agent, bad, good, type NodeRound, Story } from './build.ts';

type Mode = SyncAgentState['mode'];
type Caches = 'both' | 'internal' | 'external' | 'none';

/** The same figures as an agent would tell them without the caches that are disabled. */
function without(state: SyncAgentState, caches: Caches): SyncAgentState {
  const blind = ({ active: _, ...counters }: NonNullable<SyncAgentState['internal']['counters']>) => counters;
  const { internal, external } = state;
  return {
    ...state,
    ...((caches === 'external' || caches === 'none') &&
      internal.counters && { internal: { kind: 'bypass', counters: blind(internal.counters) } }),
    ...((caches === 'internal' || caches === 'none') &&
      external.counters && { external: { kind: 'inject', counters: blind(external.counters) } }),
  };
}

const master = (state: SyncAgentState): NodeRound => ({ state: 'MASTER', holds: true, agent: state });
const slave = (state: SyncAgentState): NodeRound => ({ state: 'BACKUP', holds: false, agent: state });

function pair(mode: Mode, caches: Caches = 'both') {
  return (second: number) => ({
    fw1: master(without(agent({ mode, internal: 50, received: second }), caches)),
    fw2: slave(without(agent({ mode, external: 50, received: second }), caches)),
  });
}

/** The state with its one channel changed. */
const over = (state: SyncAgentState, ...channels: Partial<SyncAgentState['channels'][number]>[]) => ({
  ...state,
  channels: channels.flatMap((more) => state.channels.map((channel) => ({ ...channel, ...more }))),
});

describe('a cache that is disabled', () => {
  it.each<{ mode: Mode; caches: Caches; replicated: number | undefined }>([
    { mode: 'ftfw', caches: 'internal', replicated: undefined },
    { mode: 'notrack', caches: 'internal', replicated: undefined },
    { mode: 'notrack', caches: 'external', replicated: 50 },
    { mode: 'notrack', caches: 'none', replicated: undefined },
  ])('$mode with caches $caches: in step by its messages, and no figure that cannot be had', (cell) => {
    const story = new Story('fw1', 'fw2');
    expect(story.seconds(8, pair(cell.mode, cell.caches)).verdict).toBe('ok');
    const judged = story.node('fw2').replication;
    expect(judged?.phase).toBe('in-step');
    expect(judged?.evidence).toContain('cannot be compared');
    expect(judged?.replicated).toBe(cell.replicated);
    expect(judged?.coverage).toEqual({ distinguishable: false });
    expect(judged?.excess).toBeUndefined();
  });

  it('does not hide a slave whose link is dead', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, (second) => {
      const { fw1, fw2 } = pair('notrack', 'none')(second);
      return { fw1, fw2: slave(over(fw2.agent as SyncAgentState, { status: 'NO-CARRIER' })) };
    });
    expect(story.snapshot.verdict).toBe('critical');
    expect(story.node('fw2').replication?.phase).toBe('silent');
  });

  it('does not hide a slave that hears the master and takes nothing in', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(10, (second) => ({
      fw1: master(without(agent({ mode: 'notrack', internal: 10 * second, received: second }), 'none')),
      fw2: slave(without(agent({ mode: 'notrack', external: 50, received: second }), 'none')),
    }));
    expect(story.node('fw2').replication).toMatchObject({ phase: 'behind' });
    expect(story.snapshot.verdict).toBe('warning');
  });

  it('does not hide a slave that got nothing since the master has something', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, (second) => ({
      fw1: master(without(agent({ mode: 'notrack', internal: second, received: second }), 'none')),
      fw2: slave(without(agent({ mode: 'notrack', received: second }), 'none')),
    }));
    expect(story.node('fw2').replication?.phase).toBe('never');
  });
});

describe('without acknowledgements', () => {
  it.each(['notrack', 'alarm'] as const)('a gap in %s is real without a window to explain it', (mode) => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, (second) => ({
      fw1: master(agent({ mode, internal: 50, received: second })),
      fw2: slave(agent({ mode, external: 40, received: second })),
    }));
    expect(story.node('fw2').replication).toMatchObject({ phase: 'behind', lag: { kind: 'not-measurable' } });
  });
});

describe('ALARM', () => {
  const still = (internal: number, sent: (second: number) => number, refreshSeconds: number) => {
    const state = (figures: Parameters<typeof agent>[0]): SyncAgentState => ({
      ...agent({ mode: 'alarm', ...figures }),
      refreshSeconds,
    });
    return (second: number) => ({
      fw1: master(over(state({ internal }), { packetsSent: sent(second) })),
      fw2: slave(state({ external: internal, received: 7 })),
    });
  };

  it('is quiet while there is nothing to replicate, and the slave ready all the same', () => {
    const story = new Story('fw1', 'fw2');
    expect(
      story.seconds(
        80,
        still(0, () => 7, 60),
      ).verdict,
    ).toBe('ok');
    expect(story.node('fw2').replication?.phase).toBe('in-step');
  });

  it('is quiet between refreshes, and silent past the configured RefreshTime', () => {
    const story = new Story('fw1', 'fw2');
    expect(
      story.seconds(
        14,
        still(50, () => 7, 10),
      ).verdict,
    ).toBe('ok');
    story.seconds(
      4,
      still(50, () => 7, 10),
    );
    expect(story.node('fw2').replication?.phase).toBe('silent');
  });

  it('over TCP a slave that has nothing to say need not be connected', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(8, (second) => {
      const said = still(50, (second) => second, 60)(second);
      const tcp = (round: NodeRound, more: Parameters<typeof over>[1]) =>
        over(round.agent as SyncAgentState, { ...more, transport: 'tcp' });
      const received = { packetsReceived: second };
      return {
        fw1: master(tcp(said.fw1, { packetsSent: second, sends: true, receives: false })),
        fw2: slave(tcp(said.fw2, { ...received, packetsSent: 0, sends: false, receives: true })),
      };
    });
    expect(story.codes()).toEqual([]);
  });

  it('is silent within 5 s when the master sends and nothing arrives', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(
      5,
      still(50, (second) => second, 60),
    );
    expect(story.node('fw2').replication?.phase).toBe('silent');
    expect(story.node('fw2').replication?.evidence).toContain('while the master goes on sending');
  });
});

describe('one way', () => {
  /** The master sends so many messages a second, and from the fourth second on none arrives. */
  const deaf = (mode: Mode, messages: number) => (second: number) => {
    const { fw1, fw2 } = pair(mode)(Math.min(second, 3));
    return { fw1: master(over(fw1.agent as SyncAgentState, { packetsSent: messages * second })), fw2 };
  };

  it.each<{ mode: Mode; messages: number; seconds: number }>([
    { mode: 'ftfw', messages: 20, seconds: 2 },
    { mode: 'notrack', messages: 20, seconds: 2 },
    { mode: 'alarm', messages: 20, seconds: 2 },
    { mode: 'ftfw', messages: 1, seconds: 4 },
    { mode: 'notrack', messages: 1, seconds: 4 },
  ])('is told in $mode with $messages messages a second after $seconds s', ({ mode, messages, seconds }) => {
    const story = new Story('fw1', 'fw2');
    story.seconds(3, deaf(mode, messages));
    expect(story.node('fw2').replication?.phase).toBe('in-step');
    story.seconds(seconds, (second) => deaf(mode, messages)(second + 3));
    expect(story.node('fw2').replication?.phase).toBe('silent');
    expect(story.snapshot.verdict).toBe('critical');
  });
});

describe('sync links', () => {
  const linked =
    (...channels: Parameters<typeof over>[1][]) =>
    (second: number) => {
      const { fw1, fw2 } = pair('ftfw')(second);
      return { fw1, fw2: slave(over(fw2.agent as SyncAgentState, ...channels)) };
    };

  const two = (first: string, used: 'sync0' | 'sync1'): Parameters<typeof over>[1][] => [
    { device: 'sync0', status: first, active: used === 'sync0' },
    { device: 'sync1', active: used === 'sync1' },
  ];
  const switched = (mode: Mode, masterUses: 'sync0' | 'sync1') => (second: number) => {
    const { fw1, fw2 } = pair(mode)(second);
    return {
      fw1: master(over(fw1.agent as SyncAgentState, ...two('RUNNING', masterUses))),
      fw2: slave(over(fw2.agent as SyncAgentState, ...two('NO-CARRIER', 'sync1'))),
    };
  };

  it('one of two may fail: the other stands in', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(1, switched('ftfw', 'sync0'));
    story.seconds(4, switched('ftfw', 'sync1'));
    expect(story.snapshot.verdict).toBe('ok');
  });

  it.each(['ftfw', 'notrack', 'alarm'] as const)(
    'a master that does not follow in %s sends to nobody',
    (mode) => {
      const story = new Story('fw1', 'fw2');
      story.seconds(3, switched(mode, 'sync0'));
      const judged = story.node('fw2').replication;
      expect(judged?.phase).toBe('silent');
      expect(judged?.evidence).toContain('the master still sends on sync0');
    },
  );

  it('both dead is silence at once, and names both', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(
      1,
      linked({ device: 'sync0', status: 'NO-CARRIER' }, { device: 'sync1', status: 'NO-CARRIER' }),
    );
    const judged = story.node('fw2').replication;
    expect(judged?.phase).toBe('silent');
    expect(judged?.evidence).toMatch(/sync0.*sync1/);
  });

  it.each([
    { receives: false, sends: true, phase: 'silent' },
    { receives: true, sends: false, phase: 'in-step' },
  ])(
    'over TCP a slave needs the connection it receives on: $receives, $sends',
    ({ phase, receives, sends }) => {
      const story = new Story('fw1', 'fw2');
      const said = linked({ transport: 'tcp', receives, sends });
      story.seconds(5, (second) => said(receives ? second : 1));
      expect(story.node('fw2').replication?.phase).toBe(phase);
    },
  );

  it('a TCP connection that is made anew within seconds is no silence', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(3, linked({ transport: 'tcp', receives: true, sends: true }));
    story.seconds(2, linked({ transport: 'tcp', receives: false, sends: true }));
    expect(story.node('fw2').replication?.phase).toBe('in-step');
  });
});

describe('a slave that refuses connections', () => {
  const refusing = (caches: Caches, failed: (second: number) => number) => (second: number) => {
    const { fw1, fw2 } = pair('notrack', caches)(second);
    const state = fw2.agent as SyncAgentState;
    const counters = { ...agent().external.counters, created: 50, updated: 0, destroyed: 0 };
    const external = { ...state.external, counters: { ...counters, failed: failed(second), active: 49 } };
    return { fw1, fw2: slave(without({ ...state, external }, caches)) };
  };

  it('is behind, and its full cache the reason', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(
      4,
      refusing('both', () => 1),
    );
    expect(story.node('fw2').replication).toMatchObject({ phase: 'behind' });
    expect(story.node('fw2').replication?.evidence).toContain(
      'its cache refused to take connections 1 times',
    );
  });

  it('is behind where only the refusals show', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(
      4,
      refusing('none', (second) => second),
    );
    expect(story.node('fw2').replication?.evidence).toContain(
      'its kernel refused to take connections 3 times',
    );
  });
});

describe('three nodes', () => {
  const trio =
    (mode: Mode, third: (story: Story, second: number) => NodeRound) =>
    (story: Story) =>
    (second: number) => ({
      ...pair(mode)(second),
      fw3: third(story, second),
    });
  const down = (story: Story): NodeRound => ({
    state: 'BACKUP',
    holds: false,
    agent: bad('not-running', story.now),
  });

  it.each(['ftfw', 'notrack', 'alarm'] as const)('in %s one slave down is a warning, no more', (mode) => {
    const story = new Story('fw1', 'fw2', 'fw3');
    expect(story.seconds(6, trio(mode, down)(story)).verdict).toBe('warning');
  });

  it('one slave that is down for certain is no riddle, though its hooks are not known either', () => {
    const story = new Story('fw1', 'fw2', 'fw3');
    const facts = (): NodeRound['facts'] => ({
      hooks: good(
        { programs: [], without: ['VI_1'], complete: false, trackedInterfaces: [] },
        story.now,
        'cat',
      ),
    });
    story.seconds(6, trio('ftfw', (its) => ({ ...down(its), facts: facts() }))(story));
    expect(story.snapshot.verdict).toBe('warning');
    expect(story.codes()).toEqual(['agent-not-running']);
  });

  it('in FTFW lag stays unknown while the third cannot be read: it may still acknowledge', () => {
    const story = new Story('fw1', 'fw2', 'fw3');
    story.seconds(6, trio('ftfw', down)(story));
    expect(story.node('fw2').replication?.lag.kind).toBe('unknown');
    expect(story.node('fw2').replication?.backlog).toBeUndefined();
  });

  it('in FTFW a slave that lacks a part is behind, though nobody is acknowledged for alone', () => {
    const story = new Story('fw1', 'fw2', 'fw3');
    const partly = (_: Story, second: number) => slave(agent({ external: 10, received: second }));
    story.seconds(8, trio('ftfw', partly)(story));
    expect(story.node('fw3').replication?.phase).toBe('behind');
  });
});
