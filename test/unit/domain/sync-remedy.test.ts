import { describe, expect, it } from 'vitest';
import type { SyncDirections } from '../../../shared/domain/replication.ts';
import { type RemedyCase, syncRemedy } from '../../../shared/domain/sync-remedy.ts';
import { agent } from './build.ts';

const flows: SyncDirections = { toSlave: 'flows', toMaster: 'flows', evidence: 'all arrives' };

const behind = (more: Partial<RemedyCase> = {}): RemedyCase => ({
  master: { name: 'fw1', state: agent({ internal: 500 }), sudo: true },
  slave: { name: 'fw2', state: agent({ external: 400 }), sudo: true },
  judged: { phase: 'behind' },
  direction: flows,
  slaves: 1,
  config: '/run/conntrackd/conntrackd.conf',
  ...more,
});

const steps = (about: RemedyCase) =>
  syncRemedy(about)?.steps.map(({ node, command }) => `${node}: ${command}`);

describe('the remedy for a slave that is behind', () => {
  it('is a full sync asked for by the slave, with the configuration that its daemon runs with', () => {
    expect(steps(behind())).toEqual(['fw2: sudo conntrackd -C /run/conntrackd/conntrackd.conf -n']);
  });

  it('is sent by the master among three nodes, because a request makes every peer send all that it has', () => {
    expect(steps(behind({ slaves: 2 }))).toEqual([
      'fw1: sudo conntrackd -C /run/conntrackd/conntrackd.conf -B',
    ]);
  });

  it('begins with the master reading its kernel again where the kernel lost events', () => {
    const master = { name: 'fw1', state: { ...agent({ internal: 500 }), netlinkOverruns: 3 }, sudo: false };
    expect(steps(behind({ master }))).toEqual([
      'fw1: conntrackd -C /run/conntrackd/conntrackd.conf -R',
      'fw1: conntrackd -C /run/conntrackd/conntrackd.conf -B',
    ]);
  });

  it('is more room where the slave refused entries: a full sync alone would be refused as well', () => {
    const state = agent({ external: 400 });
    const counters = { active: 400, created: 400, updated: 0, destroyed: 0, failed: 7 };
    const slave = { name: 'fw2', sudo: true, state: { ...state, external: { ...state.external, counters } } };
    expect(syncRemedy(behind({ slave }))?.what).toContain('Raise HashLimit on fw2');
    expect(steps(behind({ slave }))?.[0]).toBe('fw2: sudo systemctl restart conntrackd');
  });

  it('is patience in ALARM mode, which takes neither -n nor -B', () => {
    const slave = {
      name: 'fw2',
      sudo: true,
      state: { ...agent({ mode: 'alarm', external: 400 }), refreshSeconds: 15 },
    };
    expect(steps(behind({ slave }))).toEqual([]);
    expect(syncRemedy(behind({ slave }))?.what).toContain('15 s');
  });

  it('warns of a full sync that is larger than what can be sent again', () => {
    const master = { name: 'fw1', state: agent({ internal: 400_000 }), sudo: true };
    expect(syncRemedy(behind({ master }))?.sideEffects).toContain('cannot be sent again');
    expect(syncRemedy(behind())?.sideEffects).toContain('No connection is touched');
  });

  it('there is none for a slave in step, nor for one of which nothing is known', () => {
    for (const phase of ['in-step', 'unknown', 'full-sync'] as const)
      expect(syncRemedy(behind({ judged: { phase } }))).toBeUndefined();
  });
});
