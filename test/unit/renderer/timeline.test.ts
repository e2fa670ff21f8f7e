/** What the timeline says in words: how exact a time is, how a clock differs, whose log is missing. */
import { describe, expect, it } from 'vitest';
import {
  clockSentence,
  doubt,
  factsOf,
  logProblems,
  rowTime,
  toggled,
} from '../../../renderer/views/timeline/timeline-model.ts';
import type { TimelineEntry } from '../../../shared/domain/timeline.ts';

const now = Date.UTC(2026, 10, 22, 15);
const entry = (more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  ...{ id: 'a 1', at: now + 123, until: now + 123, source: 'conntrackd', level: 'info' },
  ...{ kind: 'other', words: 'words', origin: '/var/log/conntrackd.log' },
  ...more,
});

describe('an entry', () => {
  it('shows thousandths only where its time is that exact', () => {
    expect(rowTime(entry())).toMatch(/:00:00\.123$/);
    expect(rowTime(entry({ until: now + 999 }))).toMatch(/:00:00$/);
  });

  it("tells the node's own time, and by how much its clock differed, with the uncertainty", () => {
    const facts = new Map(
      factsOf(entry({ nodeAt: now + 3_600_000, offset: 3_600_000, uncertainty: 1.2, trust: 'stepped' })),
    );
    expect(facts.get("Node's clock")).toBe('1 h ahead of ours, ± 2 ms');
    expect(facts.get('Clock')).toContain('the order within its log is right');
    expect(new Map(factsOf(entry())).has("Node's clock")).toBe(false);
  });

  it('is marked where its clock was set about then, or its time is unknown', () => {
    expect([doubt(entry({ trust: 'stepped' })), doubt(entry({ trust: 'unknown' }))]).toEqual([
      'clock was set',
      'time unknown',
    ]);
    expect(doubt(entry({ trust: 'measured' }))).toBeUndefined();
  });
});

describe("a node's clock", () => {
  const clock = { node: 'fw2', observedAt: now - 900, offset: 0.4, uncertainty: 2.2 };
  it('is as ours within what can be known', () =>
    expect(clockSentence(clock, now)).toEqual({ text: 'fw2: clock as ours, ± 3 ms', quiet: true }));
  it('that is an hour off, was set, or was not read for long stands out', () => {
    expect(clockSentence({ ...clock, offset: -3_600_000 }, now)).toEqual({
      text: 'fw2: clock 1 h behind ours ± 3 ms',
      quiet: false,
    });
    const step = { from: now - 63_000, to: now - 60_000, by: 3_600_000 };
    expect(clockSentence({ ...clock, step }, now).text).toContain('it was set 1 min ago, by 1 h');
    expect(clockSentence(clock, now + 60_000)).toMatchObject({
      text: expect.stringContaining('last known 1 min ago'),
      quiet: false,
    });
    expect(clockSentence({ node: 'fw2' }, now).text).toBe('fw2: its clock was not read yet');
  });
});

describe('a log', () => {
  const log = { node: 'fw1', program: 'conntrackd', readAt: now - 1_000 } as const;
  const failure = { kind: 'unreachable', message: 'fw1 does not answer' } as const;
  it('that cannot be read is said so once for both programs, with how far it is known', () => {
    const both = [
      { ...log, failure },
      { ...log, program: 'keepalived' as const, readAt: now - 5_000, failure },
    ];
    expect(logProblems([...both, { ...log, node: 'fw2' }], now)).toEqual([
      {
        title: 'fw1: the logs of conntrackd and keepalived cannot be read',
        message: 'fw1 does not answer',
        remedy: undefined,
        knownUntil: now - 5_000,
      },
    ]);
  });
  it('that was not looked at for a while is old, also without a reason', () => {
    expect(logProblems([log], now)).toEqual([]);
    expect(logProblems([log], now + 60_000)).toMatchObject([{ knownUntil: now - 1_000 }]);
  });
});

it('a choice that is taken back leaves all', () => {
  expect(toggled(undefined, 'fw1')).toEqual(['fw1']);
  expect(toggled(['fw1'], 'fw2')).toEqual(['fw1', 'fw2']);
  expect(toggled(['fw1'], 'fw1')).toBeUndefined();
});
