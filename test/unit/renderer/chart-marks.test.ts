import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { markLabels } from '../../../renderer/components/charts/chart-model.ts';

const mark = (at: number) => ({ at, label: `at ${at}`, severity: 'info' as const });

it('tells marks that would stand on one another once, with how many more there are', () => {
  const labels = markLabels([mark(500), mark(100), mark(110), mark(120), mark(2_000)], 0, 1_000, 0.2);
  expect(labels.map(({ at, label }) => [at, label])).toEqual([
    [100, 'at 100 (+2)'],
    [500, 'at 500'],
  ]);
});

it('leaves every label the room it needs, and forgets no mark', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_000 })), (instants) => {
      const labels = markLabels(instants.map(mark), 0, 1_000, 0.2);
      const spans = labels.map(({ at, side }) => (side === 'left' ? [at - 200, at] : [at, at + 200]));
      for (const [index, [start = 0, end = 0]] of spans.entries()) {
        expect(start).toBeGreaterThanOrEqual(spans[index - 1]?.[1] ?? 0);
        expect(end, 'inside the chart').toBeLessThanOrEqual(1_000);
      }
      const told = labels.map(({ label }) => 1 + Number(/\(\+(\d+)\)$/.exec(label)?.[1] ?? 0));
      expect(told.reduce((sum, each) => sum + each, 0)).toBe(instants.length);
    }),
  );
});
