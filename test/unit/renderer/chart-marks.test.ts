import { expect, it } from 'vitest';
import { placeMarks } from '../../../renderer/components/charts/marks.ts';
import fc from '../../support/fast-check.ts';

const mark = (at: number, severity: 'info' | 'warning' | 'critical' = 'info') => ({
  at,
  label: `at ${at}`,
  severity,
});
const span = { from: 0, to: 1_000 };

it('tells marks that would stand on one another once, with how many more there are', () => {
  const placed = placeMarks([mark(500), mark(100), mark(110), mark(120), mark(2_000)], span, 500, 1);
  expect(placed.map(({ mark, more }) => [mark.at, more.map(({ at }) => at)])).toEqual([
    [120, [110, 100]],
    [500, []],
  ]);
});

it('tells the graver one where there is room for one only', () => {
  const placed = placeMarks([mark(500), mark(505, 'critical'), mark(510, 'warning')], span, 500, 1);
  expect(placed.map(({ mark, more }) => [mark.at, more.length])).toEqual([[505, 2]]);
});

it('leaves every label the room it needs, and forgets no mark', () => {
  const severity = fc.constantFrom('info' as const, 'warning' as const, 'critical' as const);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 1_000 }), severity)),
      fc.integer({ min: 60, max: 2_000 }),
      fc.integer({ min: 1, max: 3 }),
      (instants, width, lanes) => {
        const placed = placeMarks(
          instants.map(([at, grave]) => mark(at, grave)),
          span,
          width,
          lanes,
        );
        for (const [index, one] of placed.entries()) {
          expect(one.left).toBeGreaterThanOrEqual(0);
          expect(one.left + one.width, 'inside the chart').toBeLessThanOrEqual(width);
          for (const other of placed.slice(index + 1)) {
            const apart = one.left + one.width <= other.left || other.left + other.width <= one.left;
            expect(one.lane !== other.lane || apart).toBe(true);
          }
        }
        expect(placed.reduce((sum, { more }) => sum + 1 + more.length, 0)).toBe(instants.length);
      },
    ),
  );
});
