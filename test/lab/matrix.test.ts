/** That every mode, transport, link and cache of conntrackd is told as what it is, in cells in which every two of them meet. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { allCells, type Cell, optionsOf, pairwiseCells } from './cells.ts';
import { type Outcome, runCell, type Situation, situationsOf } from './matrix.ts';
import { table } from './matrix-report.ts';
import { planLab } from './plan.ts';

const state = mkdtempSync(join(tmpdir(), 'handover-matrix-'));
afterAll(() => rmSync(state, { recursive: true, force: true }));

const cells = pairwiseCells();
const valuesOf = (cell: Cell): string[] => Object.entries(cell).map(([name, value]) => `${name} ${value}`);

/**
 * What a run of all tests has time for: those of the pairwise cells that bring a value which none before them had. The
 * others, and every situation in each, are for `npm run -s lab -- matrix`.
 */
const sampled = ((): Cell[] => {
  const met = new Set<string>();
  return cells.filter((cell) => {
    const values = valuesOf(cell);
    const brings = values.some((value) => !met.has(value));
    for (const value of values) met.add(value);
    return brings;
  });
})();
/** Two faults a cell beside the healthy state, dealt so that each is met somewhere. */
function dealt(): { cell: Cell; name: string; situations: Situation[] }[] {
  const met = new Map<Situation, number>();
  return sampled.map((cell) => {
    const [healthy = 'healthy', ...faults] = situationsOf(cell);
    const two = faults.toSorted((a, b) => (met.get(a) ?? 0) - (met.get(b) ?? 0)).slice(0, 2);
    for (const each of two) met.set(each, (met.get(each) ?? 0) + 1);
    return { cell, name: optionsOf(cell).join(' ') || 'plain', situations: [healthy, ...two] };
  });
}

describe('the cells', () => {
  test('the pairwise ones hold every two values that can meet', () => {
    const pairs = (cell: Cell): string[] => {
      const values = valuesOf(cell);
      return values.flatMap((one) => values.map((other) => `${one} with ${other}`));
    };
    const { possible } = allCells();
    expect(possible).toHaveLength(112);
    expect(new Set(cells.flatMap(pairs))).toEqual(new Set(possible.flatMap(pairs)));
    for (const cell of cells) expect(possible).toContainEqual(cell);
  });

  test('each value and each situation is met in those that run here', () => {
    expect(new Set(sampled.flatMap(valuesOf))).toEqual(new Set(cells.flatMap(valuesOf)));
    const wanted = allCells().possible.flatMap(situationsOf);
    expect(new Set(dealt().flatMap(({ situations }) => situations))).toEqual(new Set(wanted));
  });

  test('an impossible one is refused with the reason', () => {
    for (const cell of allCells().refused) expect(() => planLab(cell)).toThrow('is impossible: ');
    expect(() => planLab({ mode: 'alarm', caches: 'none' })).toThrow('syntax error');
  });
});

describe('what is told in each', () => {
  test.each(dealt())(
    '$name',
    async ({ cell, situations }) => {
      const outcomes: Outcome[] = [];
      // what is said counts here; within what time, `npm run -s lab -- matrix` tells on a machine that has it
      for await (const outcome of runCell(cell, { ...process.env, XDG_STATE_HOME: state }, situations, 2)) {
        outcomes.push(outcome);
      }
      expect(
        outcomes.filter(({ seconds }) => seconds === undefined),
        table(outcomes),
      ).toEqual([]);
      expect(outcomes.map(({ situation }) => situation)).toEqual(situations);
      console.warn(table(outcomes));
    },
    700_000,
  );
});
