/** That every mode, transport, link and cache of conntrackd is told as what it is: the few cells that hold every value. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { allCells, type Cell, dimensions, fewCells, optionsOf, pairwiseCells } from './cells.ts';
import { type Outcome, runCell, type Situation, table } from './matrix.ts';
import { planLab } from './plan.ts';

const state = mkdtempSync(join(tmpdir(), 'handover-matrix-'));
afterAll(() => rmSync(state, { recursive: true, force: true }));

/** What each of the few cells is put to, so that all of them together end within four minutes. */
const briefly = (cell: Cell): Situation[] => [
  'healthy',
  ...(cell.links === 2 ? (['first-sync-link'] as const) : []),
  'sync-link',
  ...(cell.mode === 'ftfw' && cell.caches === 'both' ? (['full-cache'] as const) : []),
  ...(cell.nodes === 3 ? (['node-crash'] as const) : (['agent'] as const)),
];

describe('the cells', () => {
  test('the few hold every value of every dimension', () => {
    for (const [name, values] of Object.entries(dimensions)) {
      expect(new Set<unknown>(fewCells.map((cell) => cell[name as keyof Cell]))).toEqual(
        new Set<unknown>(values),
      );
    }
    for (const cell of [...fewCells, ...pairwiseCells()]) expect(allCells().possible).toContainEqual(cell);
  });

  test('an impossible one is refused with the reason', () => {
    for (const cell of allCells().refused) expect(() => planLab(cell)).toThrow('is impossible: ');
    expect(() => planLab({ mode: 'alarm', caches: 'none' })).toThrow('syntax error');
  });
});

describe('what is told in each', () => {
  test.each(fewCells.map((cell) => ({ cell, name: optionsOf(cell).join(' ') })))(
    '$name',
    async ({ cell }) => {
      const outcomes: Outcome[] = [];
      const wanted = briefly(cell);
      for await (const outcome of runCell(cell, { ...process.env, XDG_STATE_HOME: state }, wanted)) {
        outcomes.push(outcome);
      }
      expect(
        outcomes.filter(({ seconds }) => seconds === undefined),
        table(outcomes),
      ).toEqual([]);
      expect(outcomes.map(({ situation }) => situation)).toEqual(wanted);
      console.warn(table(outcomes));
    },
    700_000,
  );
});
