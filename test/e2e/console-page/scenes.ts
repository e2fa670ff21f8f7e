import type { InventoryError } from '../../../shared/domain/cluster.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { FailoverPlan } from '../../../shared/domain/failover-plan.ts';
import type { ReadinessDiff } from '../../../shared/domain/readiness-diff.ts';
import { cluster, dark, inRole, minutes, node, unreachable } from './made-up.ts';
import { madeUpAlerts } from './made-up-alerts.ts';
import {
  failedRun,
  finishedRun,
  plainPlan,
  refusedPlan,
  runningRun,
  warnedPlan,
} from './made-up-failover.ts';
import { lagging, silent } from './made-up-lag.ts';
import { madeUpDiff, ready } from './made-up-readiness.ts';
import { stalled, withTraps } from './made-up-traps.ts';

/** One state of the world: the snapshot at a moment, and what else the fake engine answers. */
export interface Scene {
  readonly clusters: (at: number) => ClusterSnapshot[];
  readonly inventoryError?: InventoryError;
  readonly plan?: (at: number) => FailoverPlan;
  readonly diff?: (at: number) => ReadinessDiff;
  readonly connected?: boolean;
  readonly timeline?: 'empty' | 'refused';
  /** What the last comparison of the slaves came to. */
  readonly coverage?: 'never' | 'comparing' | 'refused' | 'report' | 'nothing';
  /** What a read of the connection table meets. */
  readonly table?: 'unread' | 'good' | 'followed' | 'reading' | 'failed' | 'empty';
  /** How far back (ms) anything was recorded; all the time if not said. */
  readonly history?: number | 'empty';
}

const two = (at: number) => [node(at, 'fw1', 'master'), node(at, 'fw2', 'slave')];

const edge = (at: number, parts: Partial<ClusterSnapshot> = {}) => cluster(at, 'edge', two(at), parts);

const splitBrain = (at: number) =>
  cluster(at, 'edge', [node(at, 'fw1', 'master'), node(at, 'fw2', 'master', { roleSince: at - 9000 })], {
    environment: 'production',
    verdict: 'critical',
    sentence: 'Split brain: fw1 and fw2 are both master of LAN and WAN.',
    master: null,
    reasons: [
      {
        code: 'split-brain',
        severity: 'critical',
        message: 'fw1 and fw2 both hold 10.77.1.1 and 10.77.2.1, seen twice within 2 s.',
        remedy:
          'Restore the path of VRRP (protocol 112) between the nodes. Afterwards run conntrackd -c on the node that stays master.',
      },
    ],
  });

const noMaster = (at: number) => {
  const stuck = (name: string, engineState: string) => {
    const base = node(at, name, 'slave');
    return {
      ...inRole(base, engineState === 'FAULT' ? 'fault' : 'slave', engineState),
      instances: base.instances.map((instance) => ({
        ...instance,
        role: engineState === 'FAULT' ? ('fault' as const) : ('slave' as const),
      })),
    };
  };
  return cluster(at, 'edge', [stuck('fw1', 'FAULT'), stuck('fw2', 'BACKUP')], {
    verdict: 'critical',
    sentence: 'No master: nobody answers for 10.77.1.1 and 10.77.2.1.',
    master: null,
    reasons: [
      {
        code: 'no-master',
        severity: 'critical',
        message: 'fw1 is in FAULT and fw2 stays BACKUP, because its instance has nopreempt.',
        remedy: 'Clear the fault on fw1 (journalctl -u keepalived), or restart keepalived on fw2.',
      },
    ],
  });
};

const slaveUnreachable = (at: number) =>
  cluster(at, 'edge', [node(at, 'fw1', 'master'), dark(at, 'fw2', unreachable)], {
    environment: 'staging',
    verdict: 'critical',
    sentence: 'fw2 cannot be read, so nothing is known of a slave that could take over.',
    reasons: [
      {
        code: 'node-unreachable',
        severity: 'critical',
        node: 'fw2',
        message: unreachable.message,
        remedy: unreachable.remedy ?? '',
      },
    ],
  });

const unprotected = (at: number) =>
  cluster(at, 'edge', [node(at, 'fw1', 'master')], {
    verdict: 'critical',
    sentence: 'Unprotected: there is no slave, a failure of fw1 ends all 48,210 connections.',
    reasons: [
      {
        code: 'unprotected',
        severity: 'critical',
        message: 'The inventory names one node.',
        remedy: 'Add the second node to the inventory.',
      },
    ],
  });

const threeNodes = (at: number) =>
  cluster(
    at,
    'core',
    [
      node(at, 'fw1', 'master'),
      node(at, 'fw2', 'slave'),
      node(at, 'fw3', 'slave', {
        replication: {
          replicated: 47_020,
          atRisk: 1_190,
          excess: 0,
          coverage: { value: 0.9753, errorBar: 0.0017, bound: 380, distinguishable: true },
          lag: { kind: 'not-measurable' },
          phase: 'behind',
          evidence: 'holds 1,190 fewer connections than fw1 for 12 s',
        },
        ...ready(at, { 'in-step': ['fail', 'behind: holds 1,190 fewer connections than fw1 for 12 s'] }),
      }),
    ],
    {
      environment: 'lab',
      verdict: 'warning',
      sentence: 'fw2 can take over now. fw3 is behind: it holds 47,020 of 48,210 connections.',
      reasons: [
        {
          code: 'sync-behind',
          severity: 'warning',
          node: 'fw3',
          message: 'fw3 has held over 1,000 connections fewer than fw1 for 12 s.',
          remedy: 'Ask for a full sync: conntrackd -n on fw3. With three nodes use NOTRACK mode.',
        },
      ],
    },
  );

const degraded = (at: number) =>
  cluster(
    at,
    'edge',
    [
      node(at, 'fw1', 'master'),
      node(
        at,
        'fw2',
        'slave',
        ready(at, {
          'same-rules': [
            'fail',
            'unlike fw1: its rules differ (21 lines, there 22); net.netfilter.nf_conntrack_tcp_loose is 1, there 0',
          ],
        }),
      ),
    ],
    {
      environment: 'staging',
      verdict: 'warning',
      sentence:
        'fw2 can take over now, but is degraded: unlike fw1: its rules differ (21 lines, there 22); net.netfilter.nf_conntrack_tcp_loose is 1, there 0.',
      reasons: [
        {
          code: 'slave-degraded',
          severity: 'warning',
          node: 'fw2',
          message:
            'fw2 can take over now, but is degraded: unlike fw1: its rules differ (21 lines, there 22); net.netfilter.nf_conntrack_tcp_loose is 1, there 0.',
          remedy: 'Compare the two nodes, and load on this one what its master has.',
        },
      ],
    },
  );

const notReady = (at: number) =>
  cluster(
    at,
    'edge',
    [
      node(at, 'fw1', 'master'),
      node(
        at,
        'fw2',
        'slave',
        ready(at, {
          'data-plane': ['fail', 'no carrier on lan0'],
          'nothing-pending': [
            'unknown',
            "the sync agent's log cannot be read: sudo: a password is required. Install the sudo rule of the README",
          ],
        }),
      ),
    ],
    {
      environment: 'production',
      verdict: 'critical',
      sentence: 'Unprotected: if fw1 failed now, no slave could carry its connections on.',
      reasons: [
        {
          code: 'unprotected',
          severity: 'critical',
          message: 'Unprotected: if fw1 failed now, no slave could carry its connections on.',
        },
        {
          code: 'slave-not-ready',
          severity: 'critical',
          node: 'fw2',
          message: 'fw2 cannot take over now: no carrier on lan0.',
          remedy: 'Look at the links, the routes and the gateways of this node.',
        },
      ],
    },
  );

const heldDown = (at: number) =>
  cluster(
    at,
    'edge',
    [
      node(at, 'fw1', 'slave', { heldDownSince: at - minutes(7), roleSince: at - minutes(7) }),
      node(at, 'fw2', 'master', { roleSince: at - minutes(7) }),
    ],
    {
      environment: 'production',
      master: 'fw2',
      sentence: 'fw1 can take over now. It is held down by its handover file since the last failover.',
    },
  );

const activeActive = (at: number) => {
  const mixed = (name: string, masterOf: number) => {
    const base = node(at, name, 'master', { role: 'mixed', engineState: 'MASTER/BACKUP' });
    return {
      ...base,
      instances: base.instances.map((instance, index) => ({
        ...instance,
        role: index === masterOf ? ('master' as const) : ('slave' as const),
        state: index === masterOf ? ('MASTER' as const) : ('BACKUP' as const),
      })),
    };
  };
  return cluster(at, 'edge', [mixed('fw1', 0), mixed('fw2', 1)], {
    master: null,
    activeActive: true,
    sentence: 'Active/active: fw1 is master of LAN, fw2 is master of WAN.',
  });
};

const allUnknown = (at: number) => {
  const failure = {
    kind: 'login-refused' as const,
    message: 'fw1 does not accept our key',
    remedy: 'Give its passphrase.',
    lockedKey: '/home/ops/.ssh/id_ed25519',
  };
  return cluster(at, 'edge', [dark(at, 'fw1', failure), dark(at, 'fw2', unreachable)], {
    verdict: 'unknown',
    sentence: 'Nothing can be read of this cluster.',
    master: null,
    reasons: [
      {
        code: 'not-readable',
        severity: 'unknown',
        node: 'fw1',
        message: failure.message,
        remedy: failure.remedy,
      },
      { code: 'not-readable', severity: 'unknown', node: 'fw2', message: unreachable.message },
    ],
    events: [],
  });
};

const longName = 'frankfurt-datacentre-3-perimeter-firewalls-for-customers-with-extremely-long-names';

const longNames = (at: number) => {
  const [first, second] = two(at);
  const rename = (base: typeof first, name: string) =>
    base ? [{ ...base, name, host: `${name}.example.net` }] : [];
  return cluster(
    at,
    longName,
    [
      ...rename(first, 'perimeter-firewall-fra3-rack-17-unit-02-primary'),
      ...rename(second, 'perimeter-firewall-fra3-rack-18-unit-02-secondary'),
    ],
    { environment: 'production', master: 'perimeter-firewall-fra3-rack-17-unit-02-primary' },
  );
};

const fleet = (at: number): ClusterSnapshot[] => [
  edge(at, { environment: 'production' }),
  { ...threeNodes(at) },
  { ...splitBrain(at), name: 'branch-lisbon' },
  { ...slaveUnreachable(at), name: 'branch-oslo' },
  { ...allUnknown(at), name: 'warehouse' },
  { ...heldDown(at), name: 'office' },
  { ...edge(at), name: 'demo', demo: true },
  longNames(at),
];

export const scenes: Record<string, Scene> = {
  healthy: { clusters: (at) => [edge(at, { environment: 'production' })], table: 'good', plan: plainPlan },
  'logs-refused': { clusters: (at) => [edge(at)], timeline: 'refused' },
  fleet: { clusters: fleet, table: 'good' },
  empty: { clusters: () => [] },
  'broken-inventory': {
    clusters: () => [],
    inventoryError: {
      file: '/home/ops/.config/handover/clusters.yaml',
      line: 14,
      column: 13,
      path: 'clusters[0].nodes[1].port',
      message: 'The port of fw2 is not a number that a port can have.',
      expected: 'a whole number from 1 to 65535',
    },
  },
  demo: { clusters: (at) => [edge(at, { name: 'demo', demo: true })], table: 'unread', coverage: 'never' },
  'nothing-missing': { clusters: (at) => [edge(at)], coverage: 'nothing' },
  comparing: { clusters: (at) => [edge(at)], coverage: 'comparing' },
  'not-compared': { clusters: (at) => [edge(at)], coverage: 'refused' },
  'one-node': { clusters: (at) => [unprotected(at)], table: 'empty', plan: refusedPlan },
  'three-nodes': {
    clusters: (at) => [threeNodes(at)],
    coverage: 'report',
    table: 'reading',
    plan: warnedPlan,
  },
  'split-brain': { clusters: (at) => [splitBrain(at)], plan: refusedPlan, timeline: 'empty' },
  'no-master': { clusters: (at) => [noMaster(at)], plan: refusedPlan },
  unreachable: { clusters: (at) => [slaveUnreachable(at)], table: 'failed', plan: refusedPlan },
  stalled: { clusters: (at) => [stalled(at)] },
  traps: { clusters: (at) => [withTraps(at)] },
  lagging: { clusters: (at) => [lagging(at)] },
  silent: { clusters: (at) => [silent(at)], plan: warnedPlan },
  degraded: { clusters: (at) => [degraded(at)], diff: madeUpDiff },
  'not-ready': { clusters: (at) => [notReady(at)] },
  alerts: {
    clusters: (at) => [
      { ...silent(at), alerts: madeUpAlerts(at) },
      { ...slaveUnreachable(at), name: 'branch-oslo' },
    ],
  },
  'held-down': { clusters: (at) => [heldDown(at)], plan: plainPlan },
  'active-active': { clusters: (at) => [activeActive(at)] },
  unknown: { clusters: (at) => [allUnknown(at)], table: 'failed' },
  followed: { clusters: (at) => [edge(at)], table: 'followed' },
  'long-names': { clusters: (at) => [longNames(at)], table: 'good', plan: plainPlan },
  disconnected: { clusters: (at) => [edge(at - 25_000)], connected: false },
  warned: {
    clusters: (at) => [edge(at, { environment: 'production' })],
    plan: warnedPlan,
    coverage: 'report',
  },
  refused: { clusters: (at) => [edge(at)], plan: refusedPlan },
  'no-history': { clusters: (at) => [edge(at)], history: 'empty' },
  'short-history': { clusters: (at) => [edge(at)], history: minutes(1.2) },
  running: { clusters: (at) => [edge(at, { environment: 'production', run: runningRun(at) })] },
  done: { clusters: (at) => [{ ...heldDown(at), run: finishedRun(at) }], plan: plainPlan },
  failed: { clusters: (at) => [edge(at, { run: failedRun(at) })], plan: plainPlan },
};
