/** `npm run -s lab -- matrix`: the table of MATRIX.md, made anew. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allCells, type Cell, fewCells, impossible, optionsOf, pairwiseCells } from './cells.ts';
import { holds, type Outcome, runCell, table } from './matrix.ts';

/** Exit status 1: in some cell something else was said than should be. */
export async function matrixCommand(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { full: { type: 'boolean' }, pairwise: { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const { possible, refused } = allCells();
  const cells = values.full ? possible : values.pairwise ? pairwiseCells() : fewCells;
  const state = mkdtempSync(join(tmpdir(), 'handover-matrix-'));
  const outcomes: Outcome[] = [];
  try {
    for (const cell of cells) {
      process.stderr.write(`lab: ${optionsOf(cell).join(' ') || 'plain'}\n`);
      const found = await outcomesOf(cell, { ...process.env, XDG_STATE_HOME: state });
      outcomes.push(...found);
      if (values.json) for (const outcome of found) print(JSON.stringify(outcome));
    }
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
  if (!values.json) print(report(outcomes, cells, possible.length, refused.length));
  return outcomes.length > 0 && outcomes.every(holds) ? 0 : 1;
}

/** A lab that does not come up is an outcome too. */
const outcomesOf = (cell: Cell, environment: NodeJS.ProcessEnv): Promise<Outcome[]> =>
  runCell(cell, environment).catch((error: Error) => {
    process.stderr.write(`lab: ${error.message}\n`);
    return [{ cell, situation: 'healthy', expected: notUp, seen: undefined }];
  });

const notUp = { verdict: 'ok', phase: 'in-step', coverage: 'none', lag: 'unknown' } as const;

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
