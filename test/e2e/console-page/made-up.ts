import { protectionOf } from '../../../shared/domain/cluster-protection.ts';
import type { ClusterSnapshot, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { ClusterEvent } from '../../../shared/domain/event.ts';
import type { SyncAgentState } from '../../../shared/domain/replication.ts';
import type { NodeRole, Witness } from '../../../shared/domain/role.ts';
import type { TakeoverState } from '../../../shared/domain/takeover.ts';
import type { Failure, Reading } from '../../../shared/lib/reading.ts';
import { ready, unreadable } from './made-up-readiness.ts';

/** Plausible pieces of a snapshot; each scene says only what is special about it. */

export const minutes = (count: number): number => count * 60_000;

export const addresses = ['10.77.1.1', '10.77.2.1'];

const read = <T>(value: T, at: number, source: string): Reading<T> => ({
  ok: true,
  value,
  observedAt: at,
  source,
});

export const agentSource = 'sudo -n /usr/sbin/conntrackd -C /etc/conntrackd/conntrackd.conf -s';

const counters = (active: number) => ({
  active,
  total: active + 3,
  created: active + 91_244,
  updated: 402_118,
  destroyed: 91_244,
  failed: 0,
});

export const agentState = (internal: number, external: number, resend: number): SyncAgentState => ({
  mode: 'ftfw',
  internal: { kind: 'cache', counters: counters(internal) },
  external: { kind: 'cache', counters: counters(external) },
  channels: [
    {
      transport: 'multicast',
      device: 'sync0',
      status: 'RUNNING',
      active: true,
      bytesSent: 82_133_412,
      bytesReceived: 1_822_340,
      packetsSent: 610_233,
      packetsReceived: 22_871,
      errorsSent: 0,
      errorsReceived: 0,
    },
  ],
  backlog: { resend, transmit: 0, overflowed: 0 },
  malformed: 0,
  lost: 0,
  netlinkOverruns: 0,
  uptimeMinutes: 12_402,
});

const takeoverOf = (state: 'MASTER' | 'BACKUP'): TakeoverState => ({
  instances: ['LAN', 'WAN'].map((name, index) => ({
    name,
    vrid: 71 + index,
    interface: index === 0 ? 'lan0' : 'wan0',
    state,
    basePriority: 150,
    effectivePriority: 150,
    addresses: [addresses[index] ?? ''],
    nopreempt: false,
    advertIntervalSeconds: 1,
  })),
});

const witnesses = (role: 'master' | 'slave', at: number): Witness[] => [
  {
    kind: 'daemon',
    says: role,
    evidence: `keepalived says ${role === 'master' ? 'MASTER' : 'BACKUP'}, priority 150`,
    observedAt: at - 700,
    source: 'keepalived JSON',
  },
  {
    kind: 'addresses',
    says: role,
    evidence: role === 'master' ? '10.77.1.1 is on lan0' : '10.77.1.1 is on no interface',
    observedAt: at - 400,
    source: 'ip -j addr',
  },
  {
    kind: 'adverts',
    says: role,
    evidence: role === 'master' ? 'fw2 hears its adverts' : 'hears the adverts of 10.77.1.2',
    observedAt: at - 700,
    source: 'keepalived JSON',
  },
];

export function node(
  at: number,
  name: string,
  role: 'master' | 'slave',
  parts: Partial<NodeSnapshot> = {},
): NodeSnapshot {
  const master = role === 'master';
  const engineState = master ? 'MASTER' : 'BACKUP';
  const connections = master ? 48_210 : 48_231;
  return {
    name,
    host: `10.77.250.${name.slice(-1)}`,
    session: { kind: 'connected', since: at - minutes(190) },
    reachable: true,
    role,
    roleSince: at - minutes(124),
    engineState,
    instances: ['LAN', 'WAN'].map((instance, index) => ({
      name: instance,
      vrid: 71 + index,
      state: engineState,
      role,
      addresses: [addresses[index] ?? ''],
      effectivePriority: master ? 150 : 100,
      witnesses: witnesses(role, at),
    })),
    readings: {
      takeover: read(takeoverOf(engineState), at - 700, 'kill -s 36, then /tmp/keepalived.json'),
      addresses: read([], at - 400, 'ip -j addr'),
      agent: read(master ? agentState(48_210, 0, 12) : agentState(0, 48_198, 0), at - 300, agentSource),
      connections: read(connections, at - 300, 'sudo -n /usr/sbin/conntrack -C'),
      connectionsMax: read(262_144, at - 300, 'sysctl net.netfilter.nf_conntrack_max'),
    },
    rates: master
      ? { messagesSent: 812, messagesReceived: 2.4, bytesSent: 118_200, bytesReceived: 310, changes: 806 }
      : { messagesSent: 2.4, messagesReceived: 812, bytesSent: 310, bytesReceived: 118_200, changes: 0 },
    ...(master
      ? {}
      : {
          replication: {
            replicated: 48_198,
            atRisk: 12,
            excess: 0,
            coverage: { value: 0.99975, errorBar: 0.0017, bound: 380, distinguishable: false },
            lag: { kind: 'below', seconds: 1 },
            backlog: 12,
            phase: 'in-step',
            evidence:
              'replicates 48,198 of 48,210; 12 messages not acknowledged; 812 messages a second arrive',
          },
          ...ready(at),
        }),
    observedAt: at - 300,
    ...parts,
  };
}

/** A node of which nothing can be read: what was last read is gone, and the failure says why. */
export const dark = (at: number, name: string, failure: Failure): NodeSnapshot => ({
  name,
  host: `10.77.250.${name.slice(-1)}`,
  session: { kind: 'waiting', since: at - 14_000, retryAt: at + 6000 },
  reachable: false,
  failure,
  role: 'unknown',
  engineState: 'UNKNOWN',
  instances: [],
  readings: {
    connections: { ok: false, failure, observedAt: at - 14_000, source: 'sudo -n /usr/sbin/conntrack -C' },
    agent: { ok: false, failure, observedAt: at - 14_000, source: agentSource },
  },
  ...unreadable(at, failure.message),
  observedAt: at - 14_000,
});

export const unreachable: Failure = {
  kind: 'unreachable',
  message: 'fw2 (10.77.250.2:22) does not answer: no route to host',
  remedy: 'Check its management link and power; Handover tries again by itself.',
};

const recentEvents = (at: number): ClusterEvent[] => [
  {
    id: 1,
    at: at - minutes(190),
    kind: 'recovery',
    severity: 'info',
    message: 'Connected to fw1 and fw2',
    source: 'ssh',
  },
  {
    id: 2,
    at: at - minutes(126),
    kind: 'replication',
    severity: 'warning',
    node: 'fw1',
    message: 'fw1 fell behind: 3,412 messages not acknowledged',
    source: agentSource,
  },
  {
    id: 3,
    at: at - minutes(125),
    kind: 'replication',
    severity: 'info',
    node: 'fw1',
    message: 'fw1 is in step',
    source: agentSource,
  },
  {
    id: 4,
    at: at - minutes(124),
    kind: 'failover',
    severity: 'info',
    node: 'fw1',
    message: 'Failed over from fw2 to fw1 in 2.8 s, by root@console',
    source: 'handover',
  },
  {
    id: 5,
    at: at - minutes(124) + 900,
    kind: 'role',
    severity: 'info',
    node: 'fw1',
    message: 'fw1 is master, fw2 is slave',
    source: 'keepalived JSON',
  },
];

export function cluster(
  at: number,
  name: string,
  nodes: NodeSnapshot[],
  parts: Partial<ClusterSnapshot> = {},
): ClusterSnapshot {
  const master = parts.master === undefined ? 'fw1' : parts.master;
  return {
    ...(master !== null && {
      protection: protectionOf(nodes, master),
      eligibility: { value: 0.9782, baseline: 0.9791, baselineSeconds: 3_540, dropped: false },
    }),
    name,
    revision: at,
    observedAt: at - 300,
    verdict: 'ok',
    sentence: 'fw2 can take over now: it holds 48,198 of 48,210 connections and is less than 1 s behind.',
    reasons: [],
    master: 'fw1',
    activeActive: false,
    nodes,
    events: recentEvents(at),
    run: null,
    ...parts,
  };
}

/** The same node in another role, as the witnesses would then say it. */
export const inRole = (snapshot: NodeSnapshot, role: NodeRole, engineState: string): NodeSnapshot => ({
  ...snapshot,
  role,
  engineState,
});
