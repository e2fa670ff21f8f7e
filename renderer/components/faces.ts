import type { AlertSeverity } from '../../shared/domain/alert.ts';
import type { ClusterEvent } from '../../shared/domain/event.ts';
import type { Guard } from '../../shared/domain/failover-plan.ts';
import type { Verdict } from '../../shared/domain/health.ts';
import type { Gate, Readiness } from '../../shared/domain/readiness.ts';
import type { SyncPhase } from '../../shared/domain/replication.ts';
import type { NodeRole } from '../../shared/domain/role.ts';

export type Tone = 'ok' | 'warning' | 'critical' | 'unknown' | 'accent' | 'neutral';
export type Shape =
  | 'disc'
  | 'ring'
  | 'half'
  | 'triangle'
  | 'octagon'
  | 'hatched'
  | 'cross'
  | 'square'
  | 'dotted'
  | 'check';

/** How a state looks: never a colour alone. */
export interface Face {
  readonly word: string;
  readonly shape: Shape;
  readonly tone: Tone;
}

export const verdictFace: Record<Verdict, Face> = {
  ok: { word: 'OK', shape: 'check', tone: 'ok' },
  warning: { word: 'Warning', shape: 'triangle', tone: 'warning' },
  critical: { word: 'Critical', shape: 'octagon', tone: 'critical' },
  unknown: { word: 'Unknown', shape: 'hatched', tone: 'unknown' },
};

export const roleFace: Record<NodeRole, Face> = {
  master: { word: 'master', shape: 'disc', tone: 'accent' },
  slave: { word: 'slave', shape: 'ring', tone: 'accent' },
  mixed: { word: 'master and slave', shape: 'half', tone: 'accent' },
  fault: { word: 'fault', shape: 'cross', tone: 'critical' },
  init: { word: 'starting', shape: 'dotted', tone: 'unknown' },
  stopped: { word: 'stopped', shape: 'square', tone: 'warning' },
  conflict: { word: 'role conflict', shape: 'octagon', tone: 'critical' },
  unknown: { word: 'unknown', shape: 'hatched', tone: 'unknown' },
};

export const phaseFace: Record<SyncPhase, Face> = {
  never: { word: 'never replicated', shape: 'dotted', tone: 'warning' },
  'full-sync': { word: 'full sync', shape: 'half', tone: 'accent' },
  'in-step': { word: 'in step', shape: 'check', tone: 'ok' },
  behind: { word: 'behind', shape: 'triangle', tone: 'warning' },
  silent: { word: 'silent', shape: 'cross', tone: 'critical' },
  unknown: { word: 'unknown', shape: 'hatched', tone: 'unknown' },
};

export const readinessFace: Record<Readiness, Face> = {
  ready: { word: 'Ready', shape: 'check', tone: 'ok' },
  degraded: { word: 'Degraded', shape: 'triangle', tone: 'warning' },
  'not-ready': { word: 'Not ready', shape: 'octagon', tone: 'critical' },
  unknown: { word: 'Unknown', shape: 'hatched', tone: 'unknown' },
};

export const gateFace: Record<Gate['result'], Face> = {
  pass: { word: 'pass', shape: 'check', tone: 'ok' },
  fail: { word: 'fail', shape: 'cross', tone: 'critical' },
  unknown: { word: 'unknown', shape: 'hatched', tone: 'unknown' },
};

export const guardFace: Record<Guard['result'], Face> = {
  pass: { word: 'pass', shape: 'check', tone: 'ok' },
  warn: { word: 'warning', shape: 'triangle', tone: 'warning' },
  refuse: { word: 'refused', shape: 'octagon', tone: 'critical' },
};

export const eventFace: Record<ClusterEvent['severity'], Face> = {
  info: { word: 'info', shape: 'ring', tone: 'neutral' },
  warning: { word: 'warning', shape: 'triangle', tone: 'warning' },
  critical: { word: 'critical', shape: 'octagon', tone: 'critical' },
};

export const alertFace: Record<AlertSeverity, Face> = {
  warning: { word: 'warning', shape: 'triangle', tone: 'warning' },
  critical: { word: 'critical', shape: 'octagon', tone: 'critical' },
};
