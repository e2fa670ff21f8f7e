/** `npm run -s lab -- matrix`: the table of MATRIX.md, made anew. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allCells, type Cell, fewCells, impossible, optionsOf, pairwiseCells } from './cells.ts';
import { holds, type Outcome, runCell, table } from './matrix.ts';

/** Exit status 1: in some cell something else was said than should be, or the lab itself did not work. */
export async function matrixCommand(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { full: { type: 'boolean' }, pairwise: { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const { possible, refused } = allCells();
  const cells = values.full ? possible : values.pairwise ? pairwiseCells() : fewCells;
  const state = mkdtempSync(join(tmpdir(), 'handover-matrix-'));
  const outcomes: Outcome[] = [];
  let broken = 0;
  try {
    for (const cell of cells) {
      process.stderr.write(`lab: ${optionsOf(cell).join(' ') || 'plain'}\n`);
      try {
        for await (const outcome of runCell(cell, { ...process.env, XDG_STATE_HOME: state })) {
          outcomes.push(outcome);
          if (values.json) print(JSON.stringify(outcome));
        }
      } catch (error) {
        broken += 1;
        process.stderr.write(`lab: ${error instanceof Error ? error.message : error}\n`);
      }
    }
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
  if (!values.json) print(report(outcomes, cells, possible.length, refused.length));
  return broken === 0 && outcomes.every(holds) ? 0 : 1;
}

function report(
  outcomes: readonly Outcome[],
  cells: readonly Cell[],
  possible: number,
  refused: number,
): string {
  return [
    `${cells.length} of the ${possible} possible cells; ${outcomes.filter(holds).length} of ${outcomes.length} situations are told as they should be.`,
    '',
    table(outcomes),
    '',
    `${refused} more cells are impossible:`,
    '',
    ...impossible.map(({ what, why }) => `- ${what}: ${why}.`),
  ].join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
