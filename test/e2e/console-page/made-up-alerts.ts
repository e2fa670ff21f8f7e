import type { Alert } from '../../../shared/domain/alert.ts';
import { minutes } from './made-up.ts';

/** One alert in each place of its life, as a cluster that is in trouble has them. */
export const madeUpAlerts = (at: number): Alert[] => [
  {
    id: 'sync-silent fw2',
    name: 'sync-silent',
    severity: 'critical',
    node: 'fw2',
    message:
      'fw2 receives nothing from the master: fw1 sent 790 messages a second for 41 s, fw2 received none.',
    remedy: 'Look at the sync link and at the sync agent on the other node.',
    since: at - 41_000,
    phase: { kind: 'firing', raisedAt: at - 31_000 },
  },
  {
    id: 'unprotected',
    name: 'unprotected',
    severity: 'critical',
    message: 'Unprotected: if fw1 failed now, no slave could carry its connections on.',
    since: at - 40_000,
    phase: {
      kind: 'firing',
      raisedAt: at - 30_000,
      acknowledged: { at: at - 12_000, note: 'Mia is at the rack, the cable of sync0 is being changed' },
    },
  },
  {
    id: 'table-full fw1',
    name: 'table-full',
    severity: 'warning',
    node: 'fw1',
    message: 'The table of fw1 is 91.2 % full: 239,073 of 262,144 connections.',
    remedy: 'A full table drops new connections: raise nf_conntrack_max, or find who opens so many.',
    since: at - minutes(6),
    phase: { kind: 'clearing', raisedAt: at - minutes(5), calmMs: 20_000 },
  },
  {
    id: 'takeover-gone fw2',
    name: 'takeover-gone',
    severity: 'critical',
    node: 'fw2',
    message: 'fw2: keepalived does not run.',
    since: at - minutes(3),
    phase: { kind: 'muted', by: 'maintenance' },
  },
  {
    id: 'sync-behind fw2',
    name: 'sync-behind',
    severity: 'warning',
    node: 'fw2',
    message: 'fw2 is behind: holds 1,190 fewer connections than fw1 for 12 s.',
    since: at - 12_000,
    phase: { kind: 'pending', heldMs: 12_000 },
  },
];
