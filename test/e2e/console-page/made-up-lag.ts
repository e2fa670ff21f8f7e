import type { LagEstimate } from '../../../shared/domain/sync-lag.ts';
import { agentSource } from './made-up.ts';

/** A slave that is half a second behind, by counters and by a canary; its queue alone would not tell. */
export const estimates = (at: number): LagEstimate[] => [
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
