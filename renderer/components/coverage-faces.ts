import type { CoverageClass, MissingReason } from '../../shared/domain/coverage-class.ts';
import type { Face } from './faces.ts';

export const classFace: Record<CoverageClass, Face> = {
  replicated: { word: 'replicated', shape: 'check', tone: 'ok' },
  missing: { word: 'missing', shape: 'cross', tone: 'critical' },
  stale: { word: 'stale', shape: 'triangle', tone: 'warning' },
  'not-replicable': { word: 'not replicable', shape: 'hatched', tone: 'unknown' },
  'in-flight': { word: 'in flight', shape: 'half', tone: 'accent' },
  ghost: { word: 'ghost', shape: 'dotted', tone: 'neutral' },
};

export const classHelp: Record<CoverageClass, string> = {
  replicated: 'The slave holds it as the master does',
  missing: 'The slave does not hold it: a failover would break it',
  stale: 'The slave holds it in another state',
  'not-replicable': 'The sync agent does not carry what tells it from others',
  'in-flight': 'Younger than what replication may take',
  ghost: 'Only the slave has it: none of the master’s connections',
};

export const reasonWord: Record<MissingReason, string> = {
  filtered: 'filtered',
  'cache-full': 'cache full',
  'expectation-not-synced': 'expectation not synced',
  offloaded: 'offloaded',
  'older-than-agent': 'older than the agent',
  'event-lost': 'event lost',
  unknown: 'reason unknown',
};
