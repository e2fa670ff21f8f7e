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
      for (const [index, label] of labels.slice(1).entries()) {
        expect(label.at - (labels[index]?.at ?? 0)).toBeGreaterThanOrEqual(200);
      }
      const told = labels.map(({ label }) => 1 + Number(/\(\+(\d+)\)$/.exec(label)?.[1] ?? 0));
      expect(told.reduce((sum, each) => sum + each, 0)).toBe(instants.length);
    }),
  );
});
