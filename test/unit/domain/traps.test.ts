import { describe, expect, it } from 'vitest';
import type { NodeReadings } from '../../../shared/domain/cluster-snapshot.ts';
import type { SyncAgentState } from '../../../shared/domain/replication.ts';
import type { Trap, TrapCode } from '../../../shared/domain/trap.ts';
import type { HookScripts, SyncSetup } from '../../../shared/domain/trap-facts.ts';
import { agent, bad, good, Story } from './build.ts';

const setup: SyncSetup = {
  file: '/etc/conntrackd/conntrackd.conf',
  mode: 'ftfw',
  channels: [],
  disableInternalCache: false,
  disableExternalCache: false,
  hashLimit: 524_288,
  startupResync: true,
  lockFile: '/var/lock/conntrack.lock',
};
const path = '/etc/conntrackd/primary-backup.sh';
const stock: HookScripts = {
  scripts: [
    {
      path,
      steps: [
        { branch: 'primary', option: '-c', line: 31 },
        { branch: 'primary', option: '-f', line: 40 },
        { branch: 'backup', option: '-t', line: 93 },
      ],
      checks: [],
    },
  ],
  complete: true,
};
const sysctl = (value: string) => ({ 'net.netfilter.nf_conntrack_events': value });

/** A node of which everything is read, and nothing is wrong. */
const sound = (at: number): NodeReadings => ({
  agent: good(agent(), at),
  syncSetup: good(setup, at),
  connectionsMax: good(262_144, at),
  settings: good(sysctl('1'), at),
  lockFile: good({ path: setup.lockFile, exists: true, agentRuns: true }, at),
  hookScripts: good(stock, at),
  hooks: good(
    { programs: [{ path, state: 'executable' }], without: [], complete: true, trackedInterfaces: [] },
    at,
  ),
});

type Change = (at: number) => Partial<NodeReadings>;

/** The traps of a cluster whose fw2 differs so from a sound node, except those that are only not decided yet. */
function traps(change: Change, names = ['fw1', 'fw2']): Trap[] {
  const story = new Story(...names);
  story.now += 1_000;
  const at = story.now;
  for (const node of names)
    story.put({
      kind: 'readings',
      node,
      readings: { ...sound(at), ...(node === 'fw2' ? change(at) : {}) },
    });
  story.put({ kind: 'tick' });
  return (story.snapshot.traps ?? []).filter(({ pending }) => !pending);
}

const state = (more: Partial<SyncAgentState>): SyncAgentState => ({ ...agent(), ...more });
const bypass = state({ mode: 'notrack', internal: { kind: 'bypass' } });
const inject = state({ external: { kind: 'inject' } });
const unread: Change = (at) => ({ syncSetup: bad('no-permission', at) });
const noScript: Change = (at) => ({ hookScripts: bad('no-permission', at) });

/** What makes each trap be there, be known not to be there, and be impossible to judge. */
const cases: Partial<Record<TrapCode, { present: Change[]; absent: Change[]; unknown: Change[] }>> = {
  'hash-limit': {
    present: [(at) => ({ syncSetup: good({ ...setup, hashLimit: 1_000 }, at) })],
    absent: [(at) => ({ syncSetup: good({ ...setup, hashLimit: 262_144 }, at) })],
    unknown: [unread, (at) => ({ connectionsMax: bad('unreadable', at) })],
  },
  'no-startup-resync': {
    present: [(at) => ({ syncSetup: good({ ...setup, startupResync: false }, at) })],
    absent: [(at) => ({ syncSetup: good({ ...setup, mode: 'alarm', startupResync: false }, at) })],
    unknown: [unread],
  },
  'internal-cache-off-with-flush': {
    present: [
      (at) => ({ agent: good(bypass, at) }),
      (at) => ({
        agent: bad('no-permission', at),
        syncSetup: good({ ...setup, disableInternalCache: true }, at),
      }),
    ],
    absent: [
      (at) => ({
        agent: good(bypass, at),
        hookScripts: good(
          { ...stock, scripts: stock.scripts.map((each) => ({ ...each, checks: ['internal' as const] })) },
          at,
        ),
      }),
      (at) => ({
        agent: good(bypass, at),
        hookScripts: good(
          {
            complete: true,
            scripts: [{ path, checks: [], steps: [{ branch: 'primary', option: '-f external', line: 3 }] }],
          },
          at,
        ),
      }),
      // a cache that the daemon shows is there, whatever the file says meanwhile
      (at) => ({ syncSetup: good({ ...setup, disableInternalCache: true }, at) }),
    ],
    unknown: [
      (at) => ({ agent: good(bypass, at), ...noScript(at) }),
      (at) => ({
        agent: good(bypass, at),
        hookScripts: good({ complete: true, scripts: [{ path, unread: 'denied', checks: [] }] }, at),
      }),
      (at) => ({ agent: good(bypass, at), hookScripts: good({ complete: false, scripts: [] }, at) }),
      (at) => ({ agent: bad('no-permission', at), ...unread(at) }),
    ],
  },
  'external-cache-off-with-script': {
    present: [(at) => ({ agent: good(inject, at) })],
    absent: [(at) => ({ agent: good(inject, at), hookScripts: good({ complete: true, scripts: [] }, at) })],
    unknown: [
      (at) => ({ agent: good(inject, at), ...noScript(at) }),
      (at) => ({ agent: bad('timed-out', at), ...unread(at) }),
    ],
  },
  events: {
    present: [(at) => ({ settings: good(sysctl('2'), at) }), (at) => ({ settings: good(sysctl('0'), at) })],
    absent: [],
    unknown: [(at) => ({ settings: good({}, at) }), (at) => ({ settings: bad('not-installed', at) })],
  },
  'stale-lock': {
    present: [
      (at) => ({
        agent: bad('not-running', at),
        lockFile: good({ path: '/run/lock/x', exists: true, agentRuns: false }, at),
      }),
    ],
    absent: [
      (at) => ({
        agent: bad('not-running', at),
        lockFile: good({ path: '/run/lock/x', exists: false, agentRuns: false }, at),
      }),
      // looked at while the daemon still ran: that lock was its own
      (at) => ({ agent: bad('not-running', at) }),
      (at) => ({ agent: bad('timed-out', at) }),
    ],
    unknown: [(at) => ({ agent: bad('not-running', at), lockFile: bad('unreadable', at) })],
  },
  'hook-not-executable': {
    present: (['not-executable', 'missing'] as const).map(
      (state): Change =>
        (at) => ({
          hooks: good(
            { programs: [{ path, state }], without: [], complete: true, trackedInterfaces: [] },
            at,
          ),
        }),
    ),
    absent: [],
    unknown: [
      (at) => ({ hooks: bad('no-permission', at) }),
      (at) => ({ hooks: good({ programs: [], without: [], complete: false, trackedInterfaces: [] }, at) }),
    ],
  },
};

describe('the known traps', () => {
  it('are none where everything was read and nothing is wrong', () => {
    expect(traps(() => ({}))).toEqual([]);
  });

  for (const [code, { present, absent, unknown }] of Object.entries(cases)) {
    const of = (change: Change) => traps(change).filter((trap) => trap.code === code);

    it.each(present.map((change, index) => ({ change, index })))(
      `${code} is named when it is there ($index)`,
      ({ change }) => {
        const [trap, ...more] = of(change);
        expect(more).toEqual([]);
        expect(trap).toMatchObject({ node: 'fw2', state: 'present' });
        expect(trap?.why).not.toBe('');
        expect(trap?.remedy).toBeDefined();
        expect(trap?.sideEffects).toBeDefined();
        expect(trap?.evidence.length).toBeGreaterThan(0);
        expect(trap?.evidence.every(({ observedAt, source }) => observedAt > 0 && source !== '')).toBe(true);
      },
    );

    if (absent.length > 0)
      it.each(absent.map((change, index) => ({ change, index })))(
        `${code} is not named when it is not there ($index)`,
        ({ change }) => {
          expect(of(change)).toEqual([]);
        },
      );

    it.each(unknown.map((change, index) => ({ change, index })))(
      `${code} is unknown, never fine, when it cannot be judged ($index)`,
      ({ change }) => {
        expect(of(change)).toMatchObject([{ node: 'fw2', state: 'unknown' }]);
      },
    );
  }

  it('are not known to be absent on a node of which nothing was read yet', () => {
    const story = new Story('fw1', 'fw2');
    story.put({ kind: 'tick' });
    const codes = (story.snapshot.traps ?? [])
      .filter(({ state }) => state === 'unknown')
      .map(({ code }) => code);
    expect(new Set(codes).size).toBe(9);
  });
});

describe('a trap', () => {
  const three = ['fw1', 'fw2', 'fw3'];
  const put = (story: Story, mode: SyncAgentState['mode'], more: NodeReadings = {}) => {
    for (const node of three)
      story.put({ kind: 'readings', node, readings: { ...more, agent: good(agent({ mode }), story.now) } });
  };
  const seen = (story: Story) => (story.snapshot.traps ?? []).some(({ code }) => code === 'three-nodes-ftfw');
  const watched = () => {
    const story = new Story(...three);
    put(story, 'notrack', sound(story.now));
    return story;
  };

  it('that counters alone tell is looked for again within five seconds', () => {
    const story = watched();
    for (let second = 1; second <= 5; second += 1) {
      story.now += 1_000;
      put(story, 'ftfw');
      expect(seen(story)).toBe(second === 5);
    }
  });

  it('is looked for at once where what it rests on was read', () => {
    const story = watched();
    story.now += 1_000;
    put(story, 'ftfw', { syncSetup: sound(story.now).syncSetup });
    expect(seen(story)).toBe(true);
  });

  it('does not wait where our clock was set back', () => {
    const story = watched();
    story.now -= 3_600_000;
    put(story, 'ftfw');
    expect(seen(story)).toBe(true);
  });
});

describe('three nodes in FTFW', () => {
  const three = ['fw1', 'fw2', 'fw3'];
  const named = (change: Change, names = three) =>
    traps(change, names).filter(({ code }) => code === 'three-nodes-ftfw');
  const all = (mode: SyncAgentState['mode']) => {
    const story = new Story(...three);
    story.now += 1_000;
    for (const node of three)
      story.put({
        kind: 'readings',
        node,
        readings: { ...sound(story.now), agent: good(agent({ mode }), story.now) },
      });
    story.put({ kind: 'tick' });
    return (story.snapshot.traps ?? []).filter(({ code }) => code === 'three-nodes-ftfw');
  };

  it('is named for the cluster, with the mode to use', () => {
    const [trap] = named(() => ({}));
    expect(trap).toMatchObject({ state: 'present', sentence: expect.stringContaining('3 nodes') });
    expect(trap?.node).toBeUndefined();
    expect(trap?.snippet?.text).toContain('Mode NOTRACK');
  });

  it('is none of two nodes, nor of three in another mode; and unknown where the mode is', () => {
    expect(named(() => ({}), ['fw1', 'fw2'])).toEqual([]);
    expect(all('notrack')).toEqual([]);
    const story = new Story(...three);
    story.put({ kind: 'tick' });
    expect(story.snapshot.traps?.find(({ code }) => code === 'three-nodes-ftfw')?.state).toBe('unknown');
  });
});

describe('"lost messages"', () => {
  const told = (change: Partial<SyncAgentState>, names?: string[]) =>
    traps((at) => ({ agent: good(state({ lost: 13, ...change }), at) }), names).filter(
      ({ code }) => code === 'lost-is-not-loss',
    );

  it('were sent again in FTFW, unless a resend queue overflowed', () => {
    expect(told({})).toMatchObject([{ state: 'present', sentence: expect.stringContaining('sent again') }]);
    expect(told({ backlog: { resend: 0, transmit: 0, overflowed: 4 } })).toMatchObject([
      { state: 'possible', sentence: expect.stringContaining('may be losses') },
    ]);
  });

  it('are noise with three nodes, real gaps in NOTRACK, and never counted in ALARM', () => {
    expect(told({ mode: 'notrack' }, ['fw1', 'fw2', 'fw3'])[0]?.sentence).toContain('noise');
    expect(told({ mode: 'notrack' })[0]).toMatchObject({ state: 'possible' });
    expect(told({ mode: 'notrack' })[0]?.why).toContain('n + 2');
    expect(told({ mode: 'alarm', lost: 0 })[0]?.sentence).toContain('says nothing in ALARM');
  });

  it('are nothing to tell where there are none, and unknown where they cannot be read', () => {
    expect(told({ lost: 0 })).toEqual([]);
    expect(
      traps((at) => ({ agent: bad('no-permission', at) })).find(({ code }) => code === 'lost-is-not-loss'),
    ).toMatchObject({ node: 'fw2', state: 'unknown' });
  });
});
