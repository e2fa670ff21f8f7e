import { describe, expect, it } from 'vitest';
import { formatClock } from '../../../shared/domain/format.ts';
import { good } from './build.ts';
import { gateOf, tell } from './readiness-story.ts';

const hour = 3_600_000;

/** A slave whose clock is an hour ahead, `age` seconds after its log told of a flush in 15 s. */
const flushAskedFor = (age: number) => {
  let dueAt = 0;
  const story = tell({
    slave: (at) => {
      dueAt = at + (15 - age) * 1_000;
      const flushAskedAt = at + hour - age * 1_000;
      return {
        clockOffset: good(hour, at),
        syncLog: good({ commitRunning: false, flushPending: 15, flushAskedAt, bulkSinceStart: true }, at),
      };
    },
  });
  return { story, gate: gateOf(story, 'nothing-pending'), due: formatClock(dueAt) };
};

describe('a slave that waits for PurgeTimeout after its change of role', () => {
  it('says what it waits for and until when, on our clock, and is amber', () => {
    const { story, gate, due } = flushAskedFor(4);
    expect(gate).toMatchObject({
      result: 'fail',
      message: `it still holds what it carried, and empties its kernel table of it at ${due} (PurgeTimeout, 15 s, after its change of role)`,
    });
    expect(story.snapshot).toMatchObject({ verdict: 'warning' });
  });

  it('is no longer amber once that moment is past: whether it happened is then not known', () => {
    const { story, gate, due } = flushAskedFor(25);
    expect(gate).toMatchObject({ result: 'unknown' });
    expect(gate.message).toContain(`at ${due}, and its log does not say that it did`);
    expect(story.snapshot).toMatchObject({ verdict: 'unknown' });
  });
});
