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
const modeAnd = (cell: Cell, situation: Situation): string => `${cell.mode} ${situation}`;

/** Two situations a cell beside the healthy one, dealt so that each mode meets each: all of it is for `lab -- matrix`. */
function dealt(): { cell: Cell; name: string; situations: Situation[] }[] {
  const met = new Map<string, number>();
  return cells.map((cell) => {
    const times = (situation: Situation): number => met.get(modeAnd(cell, situation)) ?? 0;
    const [healthy = 'healthy', ...faults] = situationsOf(cell);
    const two = faults.toSorted((a, b) => times(a) - times(b)).slice(0, 2);
    for (const each of two) met.set(modeAnd(cell, each), times(each) + 1);
    return { cell, name: optionsOf(cell).join(' ') || 'plain', situations: [healthy, ...two] };
  });
}

describe('the cells', () => {
  test('the pairwise ones hold every two values that can meet', () => {
    const pairs = (cell: Cell): string[] => {
      const values = Object.entries(cell).map(([name, value]) => `${name} ${value}`);
      return values.flatMap((one) => values.map((other) => `${one} with ${other}`));
    };
    const { possible } = allCells();
    expect(possible).toHaveLength(112);
    expect(new Set(cells.flatMap(pairs))).toEqual(new Set(possible.flatMap(pairs)));
    for (const cell of cells) expect(possible).toContainEqual(cell);
  });

  test('each mode meets each situation', () => {
    const wanted = allCells().possible.flatMap((cell) =>
      situationsOf(cell).map((each) => modeAnd(cell, each)),
    );
    const met = dealt().flatMap(({ cell, situations }) => situations.map((each) => modeAnd(cell, each)));
    expect(new Set(met)).toEqual(new Set(wanted));
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
