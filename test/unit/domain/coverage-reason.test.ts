import { describe, expect, it } from 'vitest';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import type { NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import { explainer, type ReplicationLimits } from '../../../shared/domain/coverage-reason.ts';
import type { SyncAgentState } from '../../../shared/domain/replication.ts';
import { compileFilter } from '../../../shared/domain/replication-filter.ts';
import { agent, good, Story } from './build.ts';
import { lineOf } from './coverage-tables.ts';

const file = '/etc/conntrackd/conntrackd.conf';
const tcp = lineOf(
  'ipv4 2 tcp 6 431997 ESTABLISHED src=10.1.0.1 dst=192.0.2.9 sport=40001 dport=443 src=10.9.0.5 dst=10.1.0.1 sport=8443 dport=40001 [ASSURED] mark=0 delta-time=400 use=1',
);
const igmp = lineOf('ipv4 2 unknown 2 597 src=10.1.0.10 dst=224.0.0.22 src=224.0.0.22 dst=10.1.0.10 use=1');

const filterOf = (...clauses: string[]) =>
  conntrackd.parseConfig(`General {\nFilter From Userspace {\n${clauses.join('\n')}\n}\n}\n`).filter;

describe('the line of the filter that keeps a connection back', () => {
  const kept = (connection: Connection, ...clauses: string[]) => {
    const filter = filterOf(...clauses);
    return filter && compileFilter(filter)(connection);
  };
  it.each<[string, Connection, string[], { line: number; text: string } | undefined]>([
    [
      'who opened it',
      tcp,
      ['Address Ignore {', 'IPv4_address 10.1.0.1', '}'],
      { line: 4, text: 'Address Ignore 10.1.0.1' },
    ],
    [
      'who answers it behind a translation',
      tcp,
      ['Address Ignore {', 'IPv4_address 10.9.0.0/24', '}'],
      { line: 4, text: 'Address Ignore 10.9.0.0/24' },
    ],
    [
      'not the address that was translated',
      tcp,
      ['Address Ignore {', 'IPv4_address 192.0.2.9', '}'],
      undefined,
    ],
    [
      'an address that is not accepted',
      tcp,
      ['Address Accept {', 'IPv4_address 10.7.0.0/16', '}'],
      { line: 3, text: 'Address Accept does not name 10.1.0.1 or 10.9.0.5' },
    ],
    [
      'a protocol that is not accepted',
      igmp,
      ['Protocol Accept {', 'TCP', 'UDP', '}'],
      { line: 3, text: 'Protocol Accept does not name igmp' },
    ],
    ['a protocol that is', tcp, ['Protocol Accept {', 'TCP', '}'], undefined],
    [
      'a state that is not accepted',
      tcp,
      ['State Accept {', 'SYN_SENT CLOSED for TCP', '}'],
      { line: 3, text: 'State Accept does not name ESTABLISHED' },
    ],
    ['a state, of TCP alone', igmp, ['State Accept {', 'ESTABLISHED for TCP', '}'], undefined],
    [
      'an IPv6 address, not by an IPv4 list',
      lineOf('tcp 6 ESTABLISHED src=2001:db8::5 dst=2001:db8:1::1 sport=1 dport=22'),
      ['Address Ignore {', 'IPv6_address 2001:DB8:1:0::1', '}'],
      { line: 4, text: 'Address Ignore 2001:DB8:1:0::1' },
    ],
  ])('is found by %s', (_, connection, clauses, expected) => {
    expect(kept(connection, ...clauses)).toEqual(expected);
  });
});

/** Both nodes as they are after a few good seconds, with what is different. */
function nodes(
  different: { fw1?: Partial<SyncAgentState>; fw2?: Partial<SyncAgentState>; status?: string } = {},
) {
  const story = new Story('fw1', 'fw2');
  story.seconds(8, (second) => ({
    fw1: {
      state: 'MASTER',
      holds: true,
      agent: { ...agent({ internal: 500, received: second }), ...different.fw1 },
    },
    fw2: {
      state: 'BACKUP',
      holds: false,
      agent: {
        ...agent({ external: 500, received: second, status: different.status ?? 'RUNNING' }),
        ...different.fw2,
      },
      hears: 'fw1',
    },
  }));
  return { fw1: story.node('fw1'), fw2: story.node('fw2') };
}

const explain = (
  { fw1, fw2 }: { fw1: NodeSnapshot; fw2: NodeSnapshot },
  connection: Connection = tcp,
  limits: Partial<ReplicationLimits> = {},
) => {
  const own = { file, expectationSync: false, ...limits };
  const { reason, evidence } = explainer(
    { snapshot: fw1, limits: own },
    { snapshot: fw2, limits: own },
  )(connection);
  return [reason, evidence];
};

const held = (active: number, failed: number): Partial<SyncAgentState> => ({
  external: { kind: 'cache', counters: { active, created: active, updated: 0, destroyed: 0, failed } },
});

describe('the reason why a connection is missing', () => {
  it('is not made up', () => {
    expect(explain(nodes())).toEqual(['unknown', 'nothing that was read explains it']);
  });

  it('is the filter of the master, with its line', () => {
    const filter = filterOf(
      'Protocol Accept {',
      'TCP',
      '}',
      'Address Ignore {',
      'IPv4_address 10.9.0.5',
      '}',
    );
    expect(explain(nodes({ status: 'NO-CARRIER' }), tcp, { filter })).toEqual([
      'filtered',
      `${file}:7 Address Ignore 10.9.0.5`,
    ]);
  });

  it('is a cache that is full and refuses connections', () => {
    expect(explain(nodes({ fw2: held(500, 31) }), tcp, { cacheLimit: 500 })).toEqual([
      'cache-full',
      `the external cache of fw2 holds 500 of at most 500 (HashLimit in ${file}) and refused 31 times to take more`,
    ]);
  });

  it('is a cache that was full, unless something else is known', () => {
    expect(explain(nodes({ fw2: held(500, 31) }), tcp, { cacheLimit: 4_000 })[0]).toBe('cache-full');
    expect(explain(nodes({ fw2: held(500, 31), status: 'DOWN' }), tcp, { cacheLimit: 4_000 })[0]).toBe(
      'event-lost',
    );
  });

  it('is a cache that was full rather than the gap that this left', () => {
    const gap = nodes({ fw2: held(100, 31) });
    expect(gap.fw2.replication?.phase).toBe('behind');
    expect(explain(gap, tcp, { cacheLimit: 4_000 })[0]).toBe('cache-full');
    expect(explain(nodes({ fw2: held(100, 0) }))).toMatchObject([
      'event-lost',
      expect.stringMatching(/^fw2: it holds 100 of/),
    ]);
  });

  it('is a link that is down', () => {
    expect(explain(nodes({ status: 'NO-CARRIER' }))).toMatchObject([
      'event-lost',
      expect.stringMatching(/fw2: .*NO-CARRIER/),
    ]);
  });

  it("is the kernel's events that overran, messages that did not fit or were lost for good", () => {
    expect(explain(nodes({ fw1: { netlinkOverruns: 2 } }))).toMatchObject([
      'event-lost',
      expect.stringMatching(/fw1.*2 times/),
    ]);
    const backlog = { resend: 0, transmit: 0, overflowed: 12 };
    expect(explain(nodes({ fw1: { backlog } }))).toMatchObject([
      'event-lost',
      expect.stringMatching(/^12 messages/),
    ]);
    const lossy = nodes({ fw1: { mode: 'notrack' }, fw2: { mode: 'notrack', lost: 4 } });
    expect(explain(lossy)).toMatchObject(['event-lost', expect.stringMatching(/NOTRACK/)]);
    expect(explain(nodes({ fw2: { lost: 4 } }))[0]).toBe('unknown');
  });

  it('is the offload, of which the kernel tells nothing', () => {
    expect(explain(nodes(), { ...tcp, flags: ['OFFLOAD'] })[0]).toBe('offloaded');
  });

  it("is its age, where the kernel's events begin with the daemon", () => {
    const { fw1, fw2 } = nodes({ fw1: { uptimeMinutes: 5 } });
    const auto = { ...fw1.readings, settings: good({ 'net.netfilter.nf_conntrack_events': '2' }, 1) };
    expect(explain({ fw1: { ...fw1, readings: auto }, fw2 })).toMatchObject([
      'older-than-agent',
      expect.stringMatching(/400 s old/),
    ]);
    const younger = { ...tcp, extra: { 'delta-time': 300 } };
    expect(explain({ fw1: { ...fw1, readings: auto }, fw2 }, younger)[0]).toBe('unknown');
    expect(explain({ fw1, fw2 })[0]).toBe('unknown');
  });

  it('is a slave that was started after it, and got no full sync since', () => {
    const { fw1, fw2 } = nodes({ fw2: { uptimeMinutes: 0 } });
    const log = good({ commitRunning: false, bulkSinceStart: false }, 1);
    expect(explain({ fw1, fw2: { ...fw2, readings: { ...fw2.readings, syncLog: log } } })).toMatchObject([
      'older-than-agent',
      expect.stringMatching(/fw2/),
    ]);
  });
});
