/** `npm run -s lab -- matrix`: the table of MATRIX.md, made anew. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allCells, type Cell, pairwiseCells } from './cells.ts';
import { runCell } from './matrix.ts';
import { type CellReport, holdsAll, nameOf, report } from './matrix-report.ts';

/**
 * Runs cells, or with `--read FILE …` tells of what `--json` printed before, so that `--part 1/2` and `--part 2/2` may
 * run in two labs. Exit status 1: in some cell something else was said than should be, or the lab itself did not work.
 */
export async function matrixCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      full: { type: 'boolean' },
      part: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean' },
      read: { type: 'boolean' },
    },
  });
  const cells = values.full ? allCells().possible : pairwiseCells();
  const chosen = cells.filter(
    (cell) => values.only === undefined || values.only.split(',').includes(nameOf(cell)),
  );
  const told = values.read === true ? positionals.flatMap(readReports) : undefined;
  const reports: CellReport[] = told ?? [];
  if (told === undefined) {
    for await (const each of runCells(partOf(chosen, values.part))) {
      reports.push(each);
      if (values.json) print(JSON.stringify(each));
    }
  }
  if (!values.json) print(report(reports));
  return holdsAll(reports) ? 0 : 1;
}

/** Every so many-th cell: `2/3` are the second, the fifth, … */
function partOf(cells: readonly Cell[], part = '1/1'): Cell[] {
  const [which, of] = part.split('/').map(Number);
  if (!which || !of || which > of) throw new Error(`--part is as 1/2, not ${part}`);
  return cells.filter((_, index) => index % of === which - 1);
}

async function* runCells(cells: readonly Cell[]): AsyncGenerator<CellReport> {
  const state = mkdtempSync(join(tmpdir(), 'handover-matrix-'));
  try {
    for (const [index, cell] of cells.entries()) {
      process.stderr.write(`lab: ${index + 1} of ${cells.length}: ${nameOf(cell)}\n`);
      const outcomes: CellReport['outcomes'][number][] = [];
      try {
        for await (const outcome of runCell(cell, { ...process.env, XDG_STATE_HOME: state })) {
          outcomes.push(outcome);
        }
        yield { cell, outcomes };
      } catch (error) {
        yield { cell, outcomes, failure: error instanceof Error ? error.message : String(error) };
      }
    }
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

const readReports = (file: string): CellReport[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CellReport);

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
