import { describe, expect, it } from 'vitest';
import type { NodeReadings } from '../../../shared/domain/cluster-snapshot.ts';
import { syncLogFacts } from '../../../shared/domain/node-facts.ts';
import { expectedCommit, type Gate, type GateCode, readinessOf } from '../../../shared/domain/readiness.ts';
import type { SyncLogRecord } from '../../../shared/domain/replication.ts';
import { agent, bad, good, instance, type NodeRound, Story, takeover, vip } from './build.ts';

type Facts = Partial<NodeReadings>;

/** Everything that only readiness reads, as it is on a sound node. */
const sound = (at: number): Facts => ({
  connections: good(100, at),
  connectionsMax: good(10_000, at),
  settings: good({ 'net.ipv4.ip_forward': '1' }, at, 'sysctl'),
  rules: good({ hash: 'a', lines: 12 }, at, 'nft list ruleset'),
  routes: good([{ destination: 'default', gateways: ['10.0.0.254'], device: 'eth0' }], at),
  neighbours: good([{ address: '10.0.0.254', device: 'eth0', state: 'REACHABLE', confirmedSeconds: 3 }], at),
  helpers: good([], at),
  hooks: good(
    {
      programs: [{ path: '/etc/hook.sh', state: 'executable' }],
      without: [],
      complete: true,
      trackedInterfaces: [],
    },
    at,
    'stat',
  ),
  syncLog: good({ commitRunning: false, bulkSinceStart: true }, at, 'tail'),
  agentChildren: good([], at),
});

interface Told {
  readonly rounds?: (second: number) => Readonly<Record<string, NodeRound>>;
  /** What is read otherwise of the slave, and of the master. */
  readonly slave?: (at: number) => Facts;
  readonly master?: (at: number) => Facts;
  readonly seconds?: number;
}

const masterRound: NodeRound = { state: 'MASTER', holds: true, agent: agent({ internal: 500, resend: 3 }) };
const slaveRound = (second: number, more: Partial<NodeRound> = {}): NodeRound => ({
  state: 'BACKUP',
  holds: false,
  hears: 'fw1',
  agent: agent({ external: 500, received: 10 * second }),
  ...more,
});
const steady = (second: number) => ({ fw1: masterRound, fw2: slaveRound(second) });

function tell({ rounds = steady, slave, master, seconds = 6 }: Told = {}): Story {
  const story = new Story('fw1', 'fw2');
  for (let second = 1; second <= seconds; second += 1) {
    const round = rounds(second);
    story.second(round);
    const at = story.now;
    for (const [node, other] of [
      ['fw1', master],
      ['fw2', slave],
    ] as const) {
      if (!round[node]) continue;
      const addresses = story.node(node).readings.addresses;
      const carried = addresses?.ok ? addresses.value.map((each) => ({ ...each, carrier: true })) : [];
      story.put({
        kind: 'readings',
        node,
        readings: { ...(addresses && { addresses: good(carried, at) }), ...sound(at), ...other?.(at) },
      });
    }
  }
  return story;
}

const gateOf = (story: Story, code: GateCode): Gate => {
  const gate = story.node('fw2').gates?.find((each) => each.code === code);
  if (!gate) throw new Error(`no gate ${code}`);
  return gate;
};

describe('a slave', () => {
  it('of which everything was read and is sound is ready, by eleven gates with age and command', () => {
    const node = tell().node('fw2');
    expect(node.gates?.map((gate) => [gate.code, gate.result, gate.message])).toEqual(
      node.gates?.map((gate) => [gate.code, 'pass', gate.message]),
    );
    expect(node.gates).toHaveLength(11);
    expect(node.gates?.every((gate) => gate.observedAt !== undefined && gate.source)).toBe(true);
    expect(node.readiness).toBe('ready');
  });

  it('that cannot be reached is unknown in every gate, and the master has no gates', () => {
    const story = tell();
    story.put({
      kind: 'session',
      node: 'fw2',
      session: { kind: 'waiting' },
      failure: { kind: 'unreachable', message: 'no route to host' },
    });
    const { readiness, gates } = story.node('fw2');
    expect(readiness).toBe('unknown');
    expect(new Set(gates?.map((gate) => `${gate.result}: ${gate.message}`))).toEqual(
      new Set(['unknown: no route to host']),
    );
    expect(story.node('fw1').gates).toBeUndefined();
  });

  it('leaves the verdict of the cluster as it was: a gate is not a reason yet', () => {
    const story = tell({ slave: (at) => ({ rules: good({ hash: 'b', lines: 13 }, at) }) });
    expect(story.node('fw2').readiness).toBe('degraded');
    expect(story.snapshot.verdict).toBe('ok');
  });
});

const lossy = (kind: 'failed' | 'malformed') => (second: number) => {
  const state = agent({ external: 500, received: 10 * second });
  const lost = second > 3 ? 7 : 0;
  const counters = {
    created: 500,
    updated: 0,
    destroyed: 0,
    failed: kind === 'failed' ? lost : 0,
    active: 500,
  };
  const agentState = {
    ...state,
    malformed: kind === 'malformed' ? lost : 0,
    external: { kind: 'cache' as const, counters },
  };
  return { fw1: masterRound, fw2: slaveRound(second, { agent: agentState }) };
};
const overflowing = (from: number) => (second: number) => {
  const overflowed = second >= from ? 9 : 0;
  const state = agent({ internal: 500, resend: 3 });
  return {
    fw1: { ...masterRound, agent: { ...state, backlog: { resend: 3, transmit: 0, overflowed } } },
    fw2: slaveRound(second),
  };
};
const noPermission = (at: number) => bad('no-permission', at);
const hooksWith = (at: number, state: 'executable' | 'not-executable' | 'missing') =>
  good(
    { programs: [{ path: '/etc/hook.sh', state }], without: [], complete: true, trackedInterfaces: [] },
    at,
  );

interface Case extends Told {
  readonly code: GateCode;
  readonly what: string;
  readonly result: 'fail' | 'unknown';
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    code: 'fresh-data',
    what: 'the addresses are old although the node answers',
    result: 'fail',
    says: /addresses is \d+ s old/,
    seconds: 14,
    rounds: (second) => ({
      fw1: masterRound,
      fw2:
        second > 4
          ? { agent: agent({ external: 500, received: second }), state: 'BACKUP' }
          : slaveRound(second),
    }),
    slave: (at) => ({
      addresses: good([{ device: 'eth0', address: '10.0.0.12', prefixLength: 24 }], Math.min(at, 1_003_000)),
    }),
  },
  {
    code: 'fresh-data',
    what: 'the statistics may not be read',
    result: 'unknown',
    says: /no-permission/,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: noPermission(1_000_000 + second * 1000) }),
    }),
  },
  {
    code: 'agent-answers',
    what: 'the daemon does not answer in time',
    result: 'fail',
    says: /timed-out/,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: bad('timed-out', 1_000_000 + second * 1000) }),
    }),
  },
  {
    code: 'agent-answers',
    what: 'it replicates in another mode than the master',
    result: 'fail',
    says: /NOTRACK, fw1 in FTFW/,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: agent({ external: 500, received: 10 * second, mode: 'notrack' }) }),
    }),
  },
  {
    code: 'agent-answers',
    what: 'its mode is not known',
    result: 'unknown',
    says: /mode is not known/,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: agent({ external: 500, received: 10 * second, mode: 'unknown' }) }),
    }),
  },
  {
    code: 'link-running',
    what: 'its sync link is dead',
    result: 'fail',
    says: /sync0 is NO-CARRIER/,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: agent({ external: 500, received: 60, status: 'NO-CARRIER' }) }),
    }),
  },
  {
    code: 'link-running',
    what: 'nothing arrives although the link is up',
    result: 'fail',
    says: /nothing has arrived/,
    seconds: 8,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: agent({ external: 500, received: 60 }) }),
    }),
  },
  {
    code: 'link-running',
    what: 'too few readings were taken to tell',
    result: 'unknown',
    says: /not known yet/,
    seconds: 1,
  },
  {
    code: 'in-step',
    what: 'it holds nothing of the master',
    result: 'fail',
    says: /never: it has received none/,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: agent({ received: 10 * second }) }),
    }),
  },
  {
    code: 'in-step',
    what: 'it is too early to tell',
    result: 'unknown',
    says: /too few readings/,
    seconds: 1,
  },
  {
    code: 'no-losses',
    what: 'its cache refused entries',
    result: 'fail',
    says: /7 entries that its cache could not take/,
    rounds: lossy('failed'),
  },
  {
    code: 'no-losses',
    what: 'malformed messages came',
    result: 'fail',
    says: /7 malformed/,
    rounds: lossy('malformed'),
  },
  {
    code: 'no-losses',
    what: "the master's resend queue overflows",
    result: 'fail',
    says: /9 messages .* on fw1/,
    rounds: overflowing(4),
  },
  {
    code: 'no-losses',
    what: "the master's resend queue overflowed before anyone looked",
    result: 'unknown',
    says: /whether before or after the last full sync is not known/,
    rounds: overflowing(1),
  },
  {
    code: 'no-losses',
    what: 'its daemon was restarted and took no full sync',
    result: 'fail',
    says: /restarted, and no full sync/,
    seconds: 12,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, {
        agent:
          second === 4
            ? bad('not-running', 1_000_000 + second * 1000)
            : agent({ external: 500, received: second < 4 ? 1000 + second : second }),
      }),
    }),
    slave: (at) => ({ syncLog: good({ commitRunning: false, bulkSinceStart: false }, at) }),
  },
  {
    code: 'room',
    what: 'its table could not hold both its own and the replicated',
    result: 'fail',
    says: /fill 109 % of 550/,
    slave: (at) => ({ connectionsMax: good(550, at) }),
  },
  {
    code: 'room',
    what: 'the size of its table cannot be read',
    result: 'unknown',
    says: /size of the table cannot/,
    slave: (at) => ({ connectionsMax: noPermission(at) }),
  },
  {
    code: 'takeover-standby',
    what: 'its engine is in FAULT',
    result: 'fail',
    says: /FAULT/,
    rounds: (second) => ({ fw1: masterRound, fw2: slaveRound(second, { state: 'FAULT' }) }),
  },
  {
    code: 'takeover-standby',
    what: 'its notify script cannot be run',
    result: 'fail',
    says: /hook\.sh.* is not executable/,
    slave: (at) => ({ hooks: hooksWith(at, 'not-executable') }),
  },
  {
    code: 'takeover-standby',
    what: 'its notify script is gone',
    result: 'fail',
    says: /hook\.sh.* does not exist/,
    slave: (at) => ({ hooks: hooksWith(at, 'missing') }),
  },
  {
    code: 'takeover-standby',
    what: 'nothing is run for an instance',
    result: 'fail',
    says: /nothing is run .* VI_1/,
    slave: (at) => ({
      hooks: good({ programs: [], without: ['VI_1'], complete: true, trackedInterfaces: [] }, at),
    }),
  },
  {
    code: 'takeover-standby',
    what: 'its configuration may not be read',
    result: 'unknown',
    says: /no-permission/,
    slave: (at) => ({ hooks: noPermission(at) }),
  },
  {
    code: 'one-master',
    what: 'nobody is master',
    result: 'fail',
    says: /no master of VI_1/,
    rounds: (second) => ({ fw1: { ...slaveRound(second), hears: 'fw3' }, fw2: slaveRound(second) }),
  },
  {
    code: 'one-master',
    what: 'the other node cannot be seen',
    result: 'unknown',
    says: /whether fw1 is master too cannot be seen/,
    seconds: 12,
    rounds: (second) => (second > 4 ? { fw2: slaveRound(second) } : steady(second)),
  },
  {
    code: 'nothing-pending',
    what: 'a commit is running',
    result: 'fail',
    says: /a commit is running/,
    slave: (at) => ({ syncLog: good({ commitRunning: true, bulkSinceStart: true }, at) }),
  },
  {
    code: 'nothing-pending',
    what: 'a flush of its kernel table is scheduled',
    result: 'fail',
    says: /flush .* due 60 s/,
    slave: (at) => ({ syncLog: good({ commitRunning: false, flushPending: 60, bulkSinceStart: true }, at) }),
  },
  {
    code: 'nothing-pending',
    what: 'its log may not be read',
    result: 'unknown',
    says: /log cannot be read/,
    slave: (at) => ({ syncLog: noPermission(at) }),
  },
  {
    code: 'same-rules',
    what: 'its rules differ',
    result: 'fail',
    says: /its rules differ/,
    slave: (at) => ({ rules: good({ hash: 'b', lines: 13 }, at) }),
  },
  {
    code: 'same-rules',
    what: 'a kernel setting differs',
    result: 'fail',
    says: /ip_forward is 0, there 1/,
    slave: (at) => ({ settings: good({ 'net.ipv4.ip_forward': '0' }, at) }),
  },
  {
    code: 'same-rules',
    what: 'a helper of the master is not loaded',
    result: 'fail',
    says: /nf_conntrack_ftp is not loaded/,
    master: (at) => ({ helpers: good(['nf_conntrack_ftp'], at) }),
  },
  {
    code: 'same-rules',
    what: "the master's rules may not be read",
    result: 'unknown',
    says: /master's firewall rules cannot be read/,
    master: (at) => ({ rules: noPermission(at) }),
  },
  {
    code: 'data-plane',
    what: 'a service interface has no carrier',
    result: 'fail',
    says: /no carrier on eth0/,
    slave: (at) => ({
      addresses: good([{ device: 'eth0', address: '10.0.0.12', prefixLength: 24, carrier: false }], at),
    }),
  },
  {
    code: 'data-plane',
    what: 'a route of the master is missing',
    result: 'fail',
    says: /no route default via 10\.0\.0\.254 dev eth0/,
    slave: (at) => ({ routes: good([], at) }),
  },
  {
    code: 'data-plane',
    what: 'its gateway does not answer',
    result: 'fail',
    says: /gateway 10\.0\.0\.254 does not answer/,
    slave: (at) => ({ neighbours: good([{ address: '10.0.0.254', device: 'eth0', state: 'FAILED' }], at) }),
  },
  {
    code: 'data-plane',
    what: 'nobody ever asked its gateway',
    result: 'unknown',
    says: /nothing was sent to it/,
    slave: (at) => ({ neighbours: good([], at) }),
  },
];

describe('a gate', () => {
  it.each(cases)('$code is $result when $what', (told) => {
    const gate = gateOf(tell(told), told.code);
    expect(gate).toMatchObject({ code: told.code, result: told.result });
    expect(gate.message).toMatch(told.says);
  });

  it('ignores routes that belong to one node alone: connected ones, and those of its service addresses', () => {
    const connected = { destination: `${vip}/32`, gateways: [], device: 'eth0', origin: 'kernel' };
    const story = tell({
      master: (at) => ({
        routes: good([{ destination: 'default', gateways: ['10.0.0.254'], device: 'eth0' }, connected], at),
      }),
    });
    expect(gateOf(story, 'data-plane').result).toBe('pass');
  });

  it('says more than one master when both say so, seen twice, and then there is no slave to ask', () => {
    const both: NodeRound = { state: good(takeover(instance('MASTER')), 1_000_000), holds: true };
    const story = tell({ rounds: () => ({ fw1: masterRound, fw2: { ...both, state: 'MASTER' } }) });
    expect(story.codes()).toContain('split-brain');
    expect(story.node('fw2').gates).toBeUndefined();
  });
});

describe('losses', () => {
  const story = (bulk: number | undefined) =>
    tell({
      seconds: 50,
      rounds: overflowing(4),
      master: (at) => ({
        syncLog: good(
          {
            commitRunning: false,
            bulkSinceStart: true,
            lastBulkAt: bulk !== undefined && at > 1_045_000 ? bulk : 1,
          },
          at,
        ),
      }),
    });

  it('stand until a full sync makes up for them', () => {
    expect(gateOf(story(undefined), 'no-losses').result).toBe('fail');
    expect(gateOf(story(2), 'no-losses').result).toBe('pass');
  });
});

describe('readiness', () => {
  const gates = (...results: [GateCode, Gate['result']][]): Gate[] =>
    results.map(([code, result]) => ({ code, result, message: '' }));

  it('is not ready for a grave failure whatever is unknown, and never ready or degraded while something is unknown', () => {
    expect(readinessOf(gates(['in-step', 'fail'], ['same-rules', 'unknown']))).toBe('not-ready');
    expect(readinessOf(gates(['same-rules', 'fail'], ['room', 'unknown']))).toBe('unknown');
    expect(readinessOf(gates(['same-rules', 'fail'], ['no-losses', 'fail'], ['room', 'pass']))).toBe(
      'degraded',
    );
    expect(readinessOf(gates(['room', 'pass']))).toBe('ready');
  });

  it('expects a commit as fast as the last one in the log, else as slow as is usual', () => {
    expect(expectedCommit(50_000, { entries: 100_000, seconds: 5 })).toEqual({
      seconds: 2.5,
      basis: 'last-commit',
    });
    expect(expectedCommit(100_000, undefined)).toEqual({ seconds: 2, basis: 'typical' });
  });
});

describe('the log of a sync agent', () => {
  const facts = (...kinds: (SyncLogRecord['kind'] | Partial<SyncLogRecord>)[]) =>
    syncLogFacts(
      kinds.map((each) => ({
        kind: 'other',
        level: 'notice',
        text: '',
        ...(typeof each === 'string' ? { kind: each } : each),
      })),
    );

  it('tells a commit that runs, and how fast the last one was', () => {
    expect(facts('commit-started').commitRunning).toBe(true);
    expect(
      facts('commit-started', { kind: 'committed', entries: 10 }, { kind: 'commit-finished', seconds: 0.5 }),
    ).toMatchObject({ commitRunning: false, lastCommit: { entries: 10, seconds: 0.5 } });
  });

  it('tells a flush that is due until it is done or called off', () => {
    const due: Partial<SyncLogRecord> = { kind: 'kernel-flush-scheduled', seconds: 60 };
    expect(facts(due).flushPending).toBe(60);
    for (const end of ['kernel-flushed', 'caches-flushed', 'commit-started', 'started'] as const) {
      expect(facts(due, end).flushPending).toBeUndefined();
    }
  });
});
