import { describe, expect, it } from 'vitest';
import type { NodeReadings } from '../../../shared/domain/cluster-snapshot.ts';
import { syncLogFacts } from '../../../shared/domain/node-facts.ts';
import { expectedCommit, type Gate, type GateCode, readinessOf } from '../../../shared/domain/readiness.ts';
import type { SyncLogRecord } from '../../../shared/domain/replication.ts';
import { bad, good } from './build.ts';
import { gateOf, overflowing, tell } from './readiness-story.ts';

describe('a slave', () => {
  it('of which everything was read and is sound is ready, by eleven gates with age and command', () => {
    const node = tell().node('fw2');
    expect(node.gates?.map((gate) => [gate.code, gate.result, gate.message])).toEqual(
      node.gates?.map((gate) => [gate.code, 'pass', gate.message]),
    );
    expect(node.gates).toHaveLength(11);
    expect(node.gates?.every((gate) => gate.observedAt !== undefined && gate.source)).toBe(true);
    expect(node.readiness).toBe('ready');
  });

  it('that cannot be reached is unknown in every gate, and the master has no gates', () => {
    const story = tell();
    story.put({
      kind: 'session',
      node: 'fw2',
      session: { kind: 'waiting' },
      failure: { kind: 'unreachable', message: 'no route to host' },
    });
    const { readiness, gates } = story.node('fw2');
    expect(readiness).toBe('unknown');
    expect(new Set(gates?.map((gate) => `${gate.result}: ${gate.message}`))).toEqual(
      new Set(['unknown: no route to host']),
    );
    expect(story.node('fw1').gates).toBeUndefined();
  });

  it.each<{ what: string; slave: (at: number) => NodeReadings; verdict: string; code: string; says: RegExp }>(
    [
      {
        what: 'has other rules than its master can take over, and the verdict says what is degraded',
        slave: (at) => ({ rules: good({ hash: 'b', lines: 13 }, at) }),
        verdict: 'warning',
        code: 'slave-degraded',
        says: /^fw2 can take over now, but is degraded: unlike fw1: its rules differ/,
      },
      {
        what: 'has a commit running is not ready at this moment, and no more than that',
        slave: (at) => ({ syncLog: good({ commitRunning: true, bulkSinceStart: true }, at) }),
        verdict: 'warning',
        code: 'slave-not-ready',
        says: /^fw2 is not ready at this moment: a commit is running\.$/,
      },
      {
        what: 'of which a gate cannot be read is not called green',
        slave: (at) => ({ rules: bad('no-permission', at) }),
        verdict: 'unknown',
        code: 'readiness-unknown',
        says: /^Whether fw2 could take over is not known: the firewall rules cannot be read/,
      },
    ],
  )('that $what', ({ slave, verdict, code, says }) => {
    const { snapshot } = tell({ slave });
    expect(snapshot.verdict).toBe(verdict);
    expect(snapshot.reasons).toMatchObject([{ code, node: 'fw2' }]);
    expect(snapshot.sentence).toMatch(says);
  });

  it('that a gate keeps from taking over leaves the cluster unprotected, and the reason names the gate', () => {
    const { snapshot } = tell({
      slave: (at) => ({
        addresses: good([{ device: 'eth0', address: '10.0.0.12', prefixLength: 24, carrier: false }], at),
      }),
    });
    expect(snapshot.verdict).toBe('critical');
    expect(snapshot.reasons).toMatchObject([
      { code: 'unprotected' },
      { code: 'slave-not-ready', message: 'fw2 cannot take over now: no carrier on eth0.' },
    ]);
    expect(snapshot.reasons[1]?.remedy).toContain('Look at the links');
  });
});

describe('losses', () => {
  const story = (bulk: number | undefined) =>
    tell({
      seconds: 50,
      rounds: overflowing(4),
      master: (at) => ({
        syncLog: good(
          {
            commitRunning: false,
            bulkSinceStart: true,
            lastBulkAt: bulk !== undefined && at > 1_045_000 ? bulk : 1,
          },
          at,
        ),
      }),
    });

  it('stand until a full sync makes up for them', () => {
    expect(gateOf(story(undefined), 'no-losses').result).toBe('fail');
    expect(gateOf(story(2), 'no-losses').result).toBe('pass');
  });
});

describe('readiness', () => {
  const gates = (...results: [GateCode, Gate['result']][]): Gate[] =>
    results.map(([code, result]) => ({ code, result, message: '' }));

  it('is not ready for a grave failure whatever is unknown, and never ready or degraded while something is unknown', () => {
    expect(readinessOf(gates(['in-step', 'fail'], ['same-rules', 'unknown']))).toBe('not-ready');
    expect(readinessOf(gates(['same-rules', 'fail'], ['room', 'unknown']))).toBe('unknown');
    expect(readinessOf(gates(['same-rules', 'fail'], ['no-losses', 'fail'], ['room', 'pass']))).toBe(
      'degraded',
    );
    expect(readinessOf(gates(['room', 'pass']))).toBe('ready');
  });

  it('expects a commit as fast as the last one in the log, else as slow as is usual', () => {
    expect(expectedCommit(50_000, { entries: 100_000, seconds: 5 })).toEqual({
      seconds: 2.5,
      basis: 'last-commit',
    });
    expect(expectedCommit(100_000, undefined)).toEqual({ seconds: 2, basis: 'typical' });
  });
});

describe('the log of a sync agent', () => {
  const facts = (...kinds: (SyncLogRecord['kind'] | Partial<SyncLogRecord>)[]) =>
    syncLogFacts(
      kinds.map((each) => ({
        kind: 'other',
        level: 'notice',
        text: '',
        ...(typeof each === 'string' ? { kind: each } : each),
      })),
    );

  it('tells a commit that runs, and how fast the last one was', () => {
    expect(facts('commit-started').commitRunning).toBe(true);
    expect(
      facts('commit-started', { kind: 'committed', entries: 10 }, { kind: 'commit-finished', seconds: 0.5 }),
    ).toMatchObject({ commitRunning: false, lastCommit: { entries: 10, seconds: 0.5 } });
  });

  it('tells a flush that is due until it is done or called off', () => {
    const due: Partial<SyncLogRecord> = { kind: 'kernel-flush-scheduled', seconds: 60 };
    expect(facts(due).flushPending).toBe(60);
    for (const end of ['kernel-flushed', 'caches-flushed', 'commit-started', 'started'] as const) {
      expect(facts(due, end).flushPending).toBeUndefined();
    }
    expect(facts(due, { kind: 'caches-flushed', text: 'flushing external cache' }).flushPending).toBe(60);
  });

  it('tells when a flush was scheduled only where the zone of its dates is known', () => {
    const due: SyncLogRecord = {
      kind: 'kernel-flush-scheduled',
      level: 'notice',
      text: '',
      seconds: 60,
      at: 7_200_000,
    };
    expect(syncLogFacts([due], 3_600_000).flushAskedAt).toBe(3_600_000);
    expect(syncLogFacts([due]).flushAskedAt).toBeUndefined();
  });
});
