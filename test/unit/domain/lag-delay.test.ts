import { describe, expect, it } from 'vitest';
import { delayByOffset, delayByPattern } from '../../../shared/domain/lag-delay.ts';
import { counterDifference, onlyGrows } from '../../../shared/domain/lag-series.ts';
import fc from '../../support/fast-check.ts';
import { arrivals, randomFrom, read } from './made-up-burst.ts';

const counter = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** Polls once a second before a burst of 2 s; the slave's burst starts when told. */
function burst(seed: number, rate: number, delay: number, counters: readonly number[], slaveFrom = 0) {
  const random = randomFrom(seed);
  const [a = 0, b = 0, c = 0, d = 0] = counters;
  const traffic = {
    created: arrivals(random, rate, -30_000, 12_000),
    destroyed: arrivals(random, rate, -30_000, 12_000),
  };
  const own = { traffic, before: { created: a, destroyed: b }, delay: 0, random };
  const master = [
    ...read({ ...own, from: -10_000, to: -900, every: 1_000 }),
    ...read({ ...own, from: 0, to: 2_000 }),
  ];
  const copy = { traffic, before: { created: c, destroyed: d }, delay, random };
  const slave = read({ ...copy, from: slaveFrom, to: slaveFrom + 2_000 });
  const offset = { created: counterDifference(c, a), destroyed: counterDifference(d, b) };
  return { master, slave, offset };
}

const anyBurst = {
  seed: fc.integer({ min: 1, max: 2 ** 31 }),
  rate: fc.integer({ min: 5, max: 200 }),
  counters: fc.array(counter, { minLength: 4, maxLength: 4 }),
};

describe('the delay of counters whose offset is known', () => {
  it('holds the true delay between its bounds, wherever the counters stand and wrap', () => {
    fc.assert(
      fc.property(
        fc.record({ ...anyBurst, delay: fc.integer({ min: 0, max: 900 }) }),
        ({ seed, rate, counters, delay }) => {
          const { master, slave, offset } = burst(seed, rate, delay, counters);
          const found = delayByOffset(master, slave, offset);
          expect(found).toBeDefined();
          expect(found?.low).toBeLessThanOrEqual(delay);
          expect(found?.high).toBeGreaterThanOrEqual(delay);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is finer than a tenth of a second at the usual traffic', () => {
    for (const delay of [0, 5, 50, 500]) {
      const { master, slave, offset } = burst(7, 60, delay, [0, 0, 0, 0]);
      const found = delayByOffset(master, slave, offset);
      expect((found?.high ?? 999) - (found?.low ?? 0)).toBeLessThan(100);
    }
  });

  it('finds a delay of seconds as well where the slave is sampled that much later', () => {
    const { master, slave, offset } = burst(11, 40, 4_000, [5, 6, 7, 8], 4_000);
    const found = delayByOffset(master, slave, offset);
    expect(found?.low).toBeLessThanOrEqual(4_000);
    expect(found?.high).toBeGreaterThanOrEqual(4_000);
    expect((found?.high ?? 0) - (found?.low ?? 0)).toBeLessThan(1_000);
  });

  it('that trembles by more than the samples tell apart is as wide as it trembles', () => {
    const random = randomFrom(9);
    const created = arrivals(random, 60, -10_000, 4_000);
    const common = { before: { created: 0, destroyed: 0 }, random, from: 0, to: 2_000 };
    const master = read({ ...common, traffic: { created, destroyed: [] }, delay: 0 });
    const late = created.map((at) => at + 100 + 300 * Math.abs(Math.sin(at / 400)));
    const slave = read({ ...common, traffic: { created: late, destroyed: [] }, delay: 0 });
    const found = delayByOffset(master, slave, { created: 0, destroyed: 0 });
    expect(found?.low).toBeLessThan(250);
    expect(found?.high).toBeGreaterThan(250);
    expect(found?.high).toBeLessThan(600);
  });

  it('is not made wider by a counter that has not moved for long', () => {
    const random = randomFrom(9);
    const created = arrivals(random, 60, -10_000, 4_000);
    const destroyed = [-25_000];
    const common = { before: { created: 0, destroyed: 0 }, random };
    const own = { ...common, traffic: { created, destroyed }, delay: 0 };
    const master = [
      ...read({ ...own, from: -30_000, to: -900, every: 1_000 }),
      ...read({ ...own, from: 0, to: 2_000 }),
    ];
    const late = created.map((at) => at + 100 + 300 * Math.abs(Math.sin(at / 400)));
    const slave = read({
      ...common,
      traffic: { created: late, destroyed },
      delay: 0,
      from: 0,
      to: 2_000,
    });
    expect(delayByOffset(master, slave, { created: 0, destroyed: 0 })?.high).toBeLessThan(600);
  });

  it('holds the true delay though tuples were used again, which the master counted and the slave did not', () => {
    fc.assert(
      fc.property(
        fc.record({ ...anyBurst, delay: fc.integer({ min: 0, max: 900 }), reused: fc.nat(40) }),
        fc.constantFrom(1, 0.1),
        ({ seed, rate, delay, reused }, share) => {
          const random = randomFrom(seed);
          const traffic = {
            created: arrivals(random, rate, -30_000, 12_000),
            destroyed: arrivals(random, rate * share, -30_000, 12_000),
          };
          const own = { traffic, before: { created: reused, destroyed: reused }, delay: 0, random };
          const master = [
            ...read({ ...own, from: -10_000, to: -900, every: 1_000 }),
            ...read({ ...own, from: 0, to: 2_000 }),
          ];
          const slave = read({
            ...{ traffic, before: { created: 0, destroyed: 0 }, delay, random },
            ...{ from: 0, to: 2_000 },
          });
          const found = delayByOffset(master, slave, { created: 0, destroyed: 0 });
          expect(found?.low).toBeLessThanOrEqual(delay);
          expect(found?.high).toBeGreaterThanOrEqual(delay);
        },
      ),
      {
        numRuns: 60,
        // of little traffic that pauses at the end of the burst, so that the true number hardly tells
        examples: [
          [{ seed: 22, rate: 11, counters: [0, 0, 0, 0], delay: 1, reused: 3 }, 0.1],
          [{ seed: 1_004_687_108, rate: 5, counters: [0, 0, 0, 0], delay: 4, reused: 38 }, 0.1],
        ],
      },
    );
  });

  it('is none where the slave counts what the master never did: the offset is void', () => {
    const { master, slave, offset } = burst(3, 50, 20, [0, 0, 0, 0]);
    expect(delayByOffset(master, slave, { ...offset, created: offset.created - 40 })).toBeUndefined();
  });
});

describe('the delay of counters whose offset is not known', () => {
  it('where it is found at all, holds the true delay', () => {
    let found = 0;
    fc.assert(
      fc.property(
        fc.record({ ...anyBurst, delay: fc.integer({ min: 0, max: 700 }) }),
        ({ seed, rate, counters, delay }) => {
          const { master, slave } = burst(seed, rate, delay, counters);
          const bounds = delayByPattern(master, slave);
          if (!bounds) return;
          found += 1;
          expect(bounds.low).toBeLessThanOrEqual(delay);
          expect(bounds.high).toBeGreaterThanOrEqual(delay);
        },
      ),
      { numRuns: 40 },
    );
    expect(found).toBeGreaterThan(10);
  });

  it('is not found by chance where the slave is further behind than was looked', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { master, slave } = burst(seed, 60, 2_500, [9, 9, 9, 9]);
      expect(delayByPattern(master, slave)).toBeUndefined();
    }
  });

  it('is never another than the true one where the traffic comes in a rhythm of a second', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 2 ** 31 }),
          each: fc.integer({ min: 10, max: 60 }),
          trembles: fc.integer({ min: 0, max: 8 }),
          delay: fc.integer({ min: 0, max: 3_000 }),
          isAwaited: fc.boolean(),
        }),
        ({ seed, each, trembles, delay, isAwaited }) => {
          const random = randomFrom(seed);
          const beats = () => {
            const shape = Array.from({ length: each }, () => random() * 1_000);
            return Array.from({ length: 42 }, (_, second) =>
              shape.map((at) => (second - 30) * 1_000 + at + random() * trembles),
            )
              .flat()
              .sort((a, b) => a - b);
          };
          const traffic = { created: beats(), destroyed: beats() };
          const own = { traffic, before: { created: 0, destroyed: 0 }, delay: 0, random };
          const from = isAwaited && delay >= 500 ? delay : 0;
          const bounds = delayByPattern(
            [
              ...read({ ...own, from: -10_000, to: -900, every: 1_000 }),
              ...read({ ...own, from: 0, to: 2_000 }),
            ],
            read({ ...own, delay, from, to: from + 2_000 }),
          );
          if (!bounds) return;
          expect(bounds.low).toBeLessThanOrEqual(delay);
          expect(bounds.high).toBeGreaterThanOrEqual(delay);
        },
      ),
      {
        numRuns: 100,
        // of twenty flows that tremble, whose second is now and then a little longer than one
        examples: [[{ seed: 2_007_981_196, each: 20, trembles: 8, delay: 1_028, isAwaited: true }]],
      },
    );
  });

  it('is not made up where nothing changes, or all too evenly', () => {
    const quiet = burst(1, 0.000_001, 100, [1, 2, 3, 4]);
    expect(delayByPattern(quiet.master, quiet.slave)).toBeUndefined();
    const even = Array.from({ length: 4_200 }, (_, index) => -30_000 + index * 10);
    const traffic = { created: even, destroyed: even };
    const random = randomFrom(2);
    const common = { traffic, before: { created: 0, destroyed: 0 }, random, from: 0, to: 2_000 };
    expect(delayByPattern(read({ ...common, delay: 0 }), read({ ...common, delay: 300 }))).toBeUndefined();
  });
});

describe('counters that wrap or restart', () => {
  it('are told apart', () => {
    expect(counterDifference(3, 2 ** 32 - 2)).toBe(5);
    expect(counterDifference(2 ** 32 - 2, 3)).toBe(-5);
    const at = { from: 0, to: 1, destroyed: 0 };
    expect(
      onlyGrows([
        { ...at, created: 2 ** 32 - 1 },
        { ...at, created: 4 },
      ]),
    ).toBe(true);
    expect(
      onlyGrows([
        { ...at, created: 90_000 },
        { ...at, created: 12 },
      ]),
    ).toBe(false);
  });
});
