import { describe, expect, it } from 'vitest';
import { figureNames } from '../../../main/history/figures.ts';
import { seriesOf } from '../../../main/history/series.ts';
import { high, last, low, merge, type Row, rollUp, summaryOf } from '../../../main/history/summary.ts';
import { tiers, viewOf } from '../../../main/history/tiers.ts';
import fc from '../../support/fast-check.ts';

const value = fc.option(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0),
  { nil: null },
);
const values = fc.array(value, { minLength: figureNames.length, maxLength: figureNames.length });
/** Readings in the order of time, with holes between them. */
const rows = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60_000_000 }), values), { maxLength: 40 })
  .map((all): Row[] =>
    all.map(([at, each]) => ({ at, summary: summaryOf(each) })).sort((a, b) => a.at - b.at),
  );
const step = fc.constantFrom(1_000, 10_000, 60_000, 600_000, 12_345, 6 * 3_600_000);
const figures = figureNames.map((_, index) => index);
const known = (of: readonly Row[], place: number) =>
  of.flatMap(({ summary }) => (summary[place] == null ? [] : [summary[place]]));
const least = (of: readonly number[]) => of.reduce((a, b) => (b < a ? b : a), Number.POSITIVE_INFINITY);
const greatest = (of: readonly number[]) => of.reduce((a, b) => (b > a ? b : a), Number.NEGATIVE_INFINITY);

describe('rolling readings up', () => {
  it('keeps the last between the lowest and the highest', () => {
    fc.assert(
      fc.property(rows, step, (all, each) => {
        for (const { summary } of rollUp(all, each)) {
          for (const figure of figures) {
            const [a, b, c] = [summary[low(figure)], summary[last(figure)], summary[high(figure)]];
            if (a === null || b === null || c === null) expect([a, b, c]).toEqual([null, null, null]);
            else expect((a ?? 0) <= (b ?? 0) && (b ?? 0) <= (c ?? 0)).toBe(true);
          }
        }
      }),
    );
  });

  it('neither invents nor loses an extreme in any span', () => {
    fc.assert(
      fc.property(rows, step, (all, each) => {
        for (const row of rollUp(all, each)) {
          const within = all.filter(({ at }) => Math.floor(at / each) * each === row.at);
          for (const figure of figures) {
            const seen = known(within, last(figure));
            const [lowest, highest] = [row.summary[low(figure)], row.summary[high(figure)]];
            expect(lowest ?? Number.POSITIVE_INFINITY).toBe(least(seen));
            expect(highest ?? Number.NEGATIVE_INFINITY).toBe(greatest(seen));
            expect(row.summary[last(figure)]).toBe(seen.at(-1) ?? null);
          }
        }
      }),
    );
  });

  it('leaves a gap a gap: as many spans as were seen, and unknown where nothing was known', () => {
    fc.assert(
      fc.property(rows, step, (all, each) => {
        const rolled = rollUp(all, each);
        expect(rolled.map(({ at }) => at)).toEqual([
          ...new Set(all.map(({ at }) => Math.floor(at / each) * each)),
        ]);
      }),
    );
    expect(merge(summaryOf([null]), summaryOf([null])).slice(0, 3)).toEqual([null, null, null]);
  });

  it('comes to the same through every tier as at once', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const through = tiers.reduce((finer: Row[], tier) => rollUp(finer, tier.step), all);
        expect(through).toEqual(rollUp(all, 6 * 3_600_000));
      }),
    );
  });
});

describe('a chart', () => {
  it('shows the extremes of everything in its view, and never more points than asked for', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 50 }), (all, points) => {
        const view = viewOf(60_000_000, { seconds: 60_000, points });
        const { from, to } = view;
        const seen = all.filter(({ at }) => at >= from && at < to);
        const { times, nodes } = seriesOf([{ name: 'fw1', rows: seen }], view, []);
        const [fw1] = nodes;
        const shown = (which: 'lowest' | 'highest') =>
          (fw1?.[which]?.connections ?? fw1?.connections ?? []).filter((each) => each !== null);
        expect(least(shown('lowest'))).toBe(least(known(seen, 0)));
        expect(greatest(shown('highest'))).toBe(greatest(known(seen, 1)));
        expect(times.length).toBeLessThanOrEqual(points);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });

  it('reads a year, a month, a day and an hour from the coarsest tier that still has a row for each point', () => {
    const tierOf = (seconds: number, points: number) =>
      tiers[viewOf(1.8e12, { seconds, points }).tier]?.table;
    expect(tierOf(300, 300)).toBe('second');
    expect(tierOf(3_600, 600)).toBe('second');
    expect(tierOf(3_600, 300)).toBe('ten_seconds');
    expect(tierOf(86_400, 300)).toBe('minute');
    expect(tierOf(86_400, 100_000)).toBe('ten_seconds');
    expect(tierOf(30 * 86_400, 600)).toBe('ten_minutes');
    expect(tierOf(365 * 86_400, 600)).toBe('six_hours');
    expect(tierOf(365 * 86_400, 100_000)).toBe('ten_minutes');
  });
});
