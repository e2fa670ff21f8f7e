import type { LagEstimate } from '../../../shared/domain/sync-lag.ts';
import { agentSource, cluster, node } from './made-up.ts';

const estimates = (at: number): LagEstimate[] => [
  {
    method: 'backlog',
    kind: 'below',
    seconds: 1,
    note: '412 messages not acknowledged, 806 changes a second',
    observedAt: at - 300,
    source: agentSource,
  },
  {
    method: 'counter-delay',
    kind: 'measured',
    seconds: 0.512,
    resolution: 0.034,
    note: '48 samples; counted from a moment when everything was acknowledged and nothing changed',
    observedAt: at - 21_000,
    source: `${agentSource}, up to 25 times a second for 2 s`,
  },
  {
    method: 'canary',
    kind: 'below',
    seconds: 0.61,
    note: "seen in read 9 of the slave's cache",
    observedAt: at - 310_000,
    source: 'sudo -n /usr/sbin/conntrack -I …; then sudo -n /usr/sbin/conntrackd … -e on fw2',
  },
];

/** A slave that is half a second behind, by counters and by a canary; its queue alone would not tell. */
export const lagging = (at: number) => {
  const slave = node(at, 'fw2', 'slave');
  const replication = slave.replication && {
    ...slave.replication,
    lag: {
      kind: 'measured' as const,
      seconds: 0.512,
      resolution: 0.034,
      from: 'counter-delay' as const,
      observedAt: at - 21_000,
    },
    lagEstimates: estimates(at),
  };
  const nodes = [node(at, 'fw1', 'master'), { ...slave, ...(replication && { replication }) }];
  return cluster(at, 'edge', nodes, { environment: 'production', canary: true });
};

/** A slave that hears nothing any more: its lag is what the queue of the master says. */
export const silent = (at: number) =>
  cluster(
    at,
    'edge',
    [
      node(at, 'fw1', 'master', {
        rates: { messagesSent: 790, messagesReceived: 0, bytesSent: 114_000, bytesReceived: 0, changes: 801 },
      }),
      node(at, 'fw2', 'slave', {
        rates: { messagesSent: 0, messagesReceived: 0, bytesSent: 0, bytesReceived: 0, changes: 0 },
        replication: {
          replicated: 41_022,
          coverage: { value: 0.851, errorBar: 0.0017, distinguishable: true },
          lag: { kind: 'measured', seconds: 41 },
          backlog: 32_511,
          phase: 'silent',
          evidence: 'fw1 sent 790 messages a second for 41 s, fw2 received none; sync0 has NO-CARRIER',
        },
      }),
    ],
    {
      environment: 'production',
      verdict: 'critical',
      sentence: 'fw2 hears nothing from fw1 since 41 s: a failover now would lose about 7,188 connections.',
      reasons: [
        {
          code: 'sync-silent',
          severity: 'critical',
          node: 'fw2',
          message: 'fw1 sent 790 messages a second, fw2 received none; sync0 has NO-CARRIER on fw2.',
          remedy: 'Check the cable of sync0. When it is back, fw2 asks for what it missed by itself.',
        },
      ],
    },
  );
