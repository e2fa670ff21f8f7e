/** That lines of a log are put on our clock where they belong, whatever the node's own clock does. */

import { describe, expect, it } from 'vitest';
import { lastStep, type NodeClock, observeClock, placeLines } from '../../../shared/domain/node-clock.ts';
import fc from '../../support/fast-check.ts';

const hour = 3_600_000;
const watched = (
  ...looks: readonly (readonly [at: number, offset: number, uncertainty?: number])[]
): NodeClock =>
  looks.reduce<NodeClock>(
    (clock, [at, offset, uncertainty = 2]) => observeClock(clock, { at, offset, uncertainty }),
    [],
  );

describe("a node's clock", () => {
  it('is known as well as the quickest answer tells, and no better', () => {
    const clock = watched([0, 1_000, 40], [3_000, 1_012, 2], [6_000, 990, 60]);
    expect(clock).toHaveLength(1);
    expect(clock[0]?.best).toMatchObject({ offset: 1_012, uncertainty: 2 });
    expect(lastStep(clock)).toBeUndefined();
  });

  it('that was set is seen to have stepped, between which looks and by how much', () => {
    const clock = watched([0, 0], [3_000, 1], [6_000, hour]);
    expect(lastStep(clock)).toEqual({ from: 3_000, to: 6_000, by: hour - 1 });
  });

  it('that NTP slews fast is followed, and not called stepped', () => {
    const looks = Array.from({ length: 20 }, (_, i) => [i * 1_000, i * 80] as const);
    expect(lastStep(watched(...looks))).toBeUndefined();
    expect(watched(...looks).at(-1)?.best.offset).toBeCloseTo(19 * 80);
  });
});

describe('a line', () => {
  it('of a node an hour ahead is put an hour back, to the second that it tells', () => {
    const clock = watched([10_000, hour], [13_000, hour]);
    const [placed] = placeLines([{ from: hour + 11_000, until: hour + 12_000 }], clock, {
      after: 10_000,
      by: 13_050,
    });
    expect(placed).toEqual({ at: 11_000, until: 12_000, offset: hour, uncertainty: 3, trust: 'measured' });
  });

  it('is no older than the look that did not find it yet', () => {
    const clock = watched([10_600, 0]);
    const [placed] = placeLines([{ from: 10_000, until: 11_000 }], clock, { after: 10_700, by: 10_900 });
    expect(placed).toMatchObject({ at: 10_700, until: 10_900 });
  });

  it('that a busy node wrote a moment after it took its time is still known to the second', () => {
    const clock = watched([10_600, 0]);
    const [placed] = placeLines([{ from: 10_000, until: 11_000 }], clock, { after: 11_030, by: 12_050 });
    expect(placed).toMatchObject({ at: 10_530, until: 11_000, trust: 'measured' });
    const [stepped] = placeLines([{ from: 10_000, until: 11_000 }], clock, { after: 11_600, by: 12_050 });
    expect(stepped).toMatchObject({ at: 11_600, until: 12_050, trust: 'stepped' });
  });

  it('from before we watched is said to rest on what the clock is now', () => {
    const [placed] = placeLines([{ from: 5_000, until: 6_000 }], watched([100_000, 0]), { by: 100_010 });
    expect(placed).toMatchObject({ at: 5_000, trust: 'assumed' });
  });

  it('that a clock set back makes older than its forerunners stays behind them, and all about it are marked', () => {
    // 10:00, 10:05, then the clock was put an hour back: 9:06, 9:10; it is right now.
    const at = (clock: number) => ({ from: clock * 60_000, until: clock * 60_000 + 1_000 });
    const now = 560 * 60_000;
    const placed = placeLines([at(600), at(605), at(546), at(550)], watched([now, 0]), { by: now });
    expect(placed.map((each) => each.trust)).toEqual(['stepped', 'stepped', 'assumed', 'assumed']);
    expect(placed.map((each) => each.at / 60_000)).toEqual([546, 546, 546, 550]);
  });

  it('without a time, or of a clock that was never read, keeps its place and says that its time is unknown', () => {
    expect(placeLines([{}], watched([0, 0]), { after: 5, by: 9 })).toEqual([
      { at: 5, until: 9, trust: 'unknown' },
    ]);
    expect(placeLines([{ from: 7 }], [], { by: 9 })).toEqual([{ at: 9, until: 9, trust: 'unknown' }]);
  });

  it('is between its bounds, in the order of the log, however the clock was set by a second or more', () => {
    // less than what two slow answers leave open passes for the clock's own going
    const leap = fc.integer({ min: 1_000, max: 2 * hour });
    const lookEvery = 3_000;
    const story = fc.record({
      lines: fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 40 }),
      start: fc.integer({ min: -2 * hour, max: 2 * hour }),
      steps: fc.array(
        fc.record({
          // a look lies between two: what was put back before anyone looked, no look can tell
          pause: fc.integer({ min: lookEvery, max: 50_000 }),
          by: fc.oneof(
            leap,
            leap.map((ms) => -ms),
          ),
        }),
        { maxLength: 3 },
      ),
      halfTrips: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 40, maxLength: 40 }),
    });
    fc.assert(
      fc.property(story, ({ lines, start, steps: pauses, halfTrips }) => {
        let set = 0;
        const steps = pauses.map(({ pause, by }) => {
          set += pause;
          return { at: set, by };
        });
        const offsetAt = (at: number) =>
          steps.filter((step) => step.at <= at).reduce((sum, step) => sum + step.by, start);
        let clock: NodeClock = [];
        let written = 0;
        const times = lines.map((pause) => {
          written += pause;
          return written;
        });
        const told: { at: number; until: number; trust: string; uncertainty?: number }[] = [];
        let seen: number | undefined;
        for (let look = 0; told.length < times.length; look += 1) {
          const at = look * lookEvery;
          const uncertainty = halfTrips[look % halfTrips.length] ?? 1;
          clock = observeClock(clock, { at, offset: offsetAt(at), uncertainty });
          const fresh = times.slice(told.length).filter((time) => time < at);
          const logged = fresh.map((time) => {
            const from = Math.floor((time + offsetAt(time)) / 1_000) * 1_000;
            return { from, until: from + 1_000 };
          });
          told.push(...placeLines(logged, clock, { by: at, ...(seen !== undefined && { after: seen }) }));
          seen = at;
        }
        told.forEach((line, index) => {
          const truth = times[index] ?? 0;
          const slack = (line.uncertainty ?? 0) + 1;
          expect(line.at).toBeLessThanOrEqual(line.until);
          expect(line.at).toBeGreaterThanOrEqual(told[index - 1]?.at ?? Number.NEGATIVE_INFINITY);
          if (line.trust !== 'measured') return;
          expect(line.at - slack).toBeLessThanOrEqual(truth);
          expect(line.until + slack).toBeGreaterThanOrEqual(truth);
        });
      }),
      { numRuns: 300 },
    );
  });
});
