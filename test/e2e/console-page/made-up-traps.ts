import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { SyncRemedy } from '../../../shared/domain/sync-remedy.ts';
import type { Trap } from '../../../shared/domain/trap.ts';
import { agentSource, cluster, node } from './made-up.ts';

const config = '/etc/conntrackd/conntrackd.conf';
const configSource = `/usr/bin/cat ${config}`;

const traps = (at: number): Trap[] => [
  {
    code: 'hook-not-executable',
    node: 'fw2',
    state: 'present',
    sentence:
      'The takeover script of fw2 cannot be run: /etc/conntrackd/primary-backup.sh is not executable.',
    why: 'The addresses move all the same: keepalived does not wait for the script. But nothing is committed, so every connection that moves with them breaks.',
    evidence: [
      {
        node: 'fw2',
        what: '/etc/conntrackd/primary-backup.sh is not executable',
        observedAt: at - 21_000,
        source: '/usr/bin/stat -L -c %n\t%a\t%F /etc/conntrackd/primary-backup.sh',
      },
    ],
    remedy: 'Make it executable.',
    sideEffects:
      'None until the next change of role. keepalived looks at its scripts when it starts: see in its log whether it has switched this one off.',
    snippet: {
      where: 'a shell on fw2, as root',
      text: 'chmod 755 /etc/conntrackd/primary-backup.sh && chown root:root /etc/conntrackd/primary-backup.sh',
    },
  },
  {
    code: 'hash-limit',
    node: 'fw2',
    state: 'present',
    sentence: 'fw2 replicates at most 131,072 connections, and its kernel may hold 262,144.',
    why: 'conntrackd refuses what goes beyond HashLimit in each of its caches ("no space left in cache"): a fuller table is replicated only in part, and a commit brings back only that part.',
    evidence: [
      { node: 'fw2', what: 'HashLimit 131072', observedAt: at - 34_000, source: configSource },
      {
        node: 'fw2',
        what: 'nf_conntrack_max 262144',
        observedAt: at - 4_000,
        source: '/usr/bin/cat /proc/sys/net/netfilter/nf_conntrack_max',
      },
    ],
    remedy:
      'Set HashLimit to twice nf_conntrack_max (524,288) on every node, and restart conntrackd, on the slaves first.',
    sideEffects:
      'A slave that restarts loses its external cache until a full sync (conntrackd -n) has arrived. Memory grows with the entries held, not with the limit.',
    snippet: { where: `General { … } of ${config}`, text: 'HashLimit 524288' },
  },
  {
    code: 'shared-group',
    node: 'fw1',
    state: 'possible',
    sentence: 'fw1 hears packets on 225.0.0.50 port 3780 that no node of this cluster sent.',
    why: "What the other cluster sends is taken for this one's: its connections fill the external cache, and a failover would put them into the kernel. The counters are sure, the cause is not: a cluster that is not in the inventory, or a bridge or bond that doubles packets.",
    evidence: [
      {
        node: 'fw1',
        what: 'at least 74 packets received in 61 s beyond all that the others sent',
        observedAt: at - 300,
        source: agentSource,
      },
    ],
    remedy: 'Give each cluster a group or a port of its own, or a sync network of its own.',
    sideEffects:
      'All nodes of the cluster that moves need a restart of conntrackd at about the same time; until they agree, nothing is replicated.',
    snippet: { where: `Multicast { … } of ${config}, on every node of one cluster`, text: 'Group 3790' },
  },
  {
    code: 'external-cache-off-with-script',
    node: 'fw1',
    state: 'unknown',
    sentence:
      'What the takeover scripts of fw1 do is not known: sudo does not allow /usr/bin/cat with these arguments',
    why: '',
    evidence: [],
    remedy: 'Allow this exact command in the sudo rules of the login (assets/node/sudoers-handover).',
  },
];

/** Healthy, with something to know. */
export const withTraps = (at: number): ClusterSnapshot =>
  cluster(at, 'edge', [node(at, 'fw1', 'master'), node(at, 'fw2', 'slave')], {
    environment: 'production',
    traps: traps(at),
  });

const remedy: SyncRemedy = {
  what: 'Restart conntrackd on fw2, then send fw2 a full sync.',
  steps: [
    { node: 'fw2', command: 'sudo systemctl restart conntrackd', what: 'starts its daemon anew' },
    {
      node: 'fw2',
      command: `sudo conntrackd -C ${config} -n`,
      what: 'asks the peers for all that they have',
    },
  ],
  sideEffects:
    'fw2 loses its external cache with the restart: until the full sync has arrived it could carry on nothing. systemd waits up to 90 s for a daemon that does not answer before it kills it, and a killed one leaves its lock file behind, with which it does not start.',
};

/** The slave's daemon hangs. */
export const stalled = (at: number): ClusterSnapshot => {
  const evidence = 'nothing of fw2 has arrived at fw1 for 4 s, and its daemon does not answer';
  const slave = node(at, 'fw2', 'slave', {
    replication: {
      coverage: { distinguishable: false },
      lag: { kind: 'unknown' },
      phase: 'silent',
      evidence,
      direction: { toSlave: 'unknown', toMaster: 'stalled', stalled: 'fw2', evidence },
      remedy,
    },
  });
  return cluster(at, 'edge', [node(at, 'fw1', 'master'), slave], {
    environment: 'production',
    verdict: 'critical',
    sentence: 'Unprotected: if fw1 failed now, no slave could carry its connections on.',
    reasons: [
      {
        code: 'sync-stalled',
        severity: 'critical',
        node: 'fw2',
        message: `conntrackd on fw2 has stalled: ${evidence}.`,
        remedy: remedy.what,
      },
    ],
  });
};
