/** The matrix as a page of Markdown. */
import { allCells, type Cell, impossible, optionsOf } from './cells.ts';
import { deadlines, holds, type Outcome, type Said, type Situation } from './matrix.ts';

/** What was seen in one cell; with `failure` the lab itself did not work there. */
export interface CellReport {
  readonly cell: Cell;
  readonly outcomes: readonly Outcome[];
  readonly failure?: string;
}

export const holdsAll = (reports: readonly CellReport[]): boolean =>
  reports.every(({ outcomes, failure }) => failure === undefined && outcomes.every(holds));

/** The last that was reported of a cell counts. */
export function report(all: readonly CellReport[]): string {
  const newest = new Map(all.map((each) => [nameOf(each.cell), each]));
  const reports = allCells().possible.flatMap((cell) => newest.get(nameOf(cell)) ?? []);
  const { possible, refused } = allCells();
  const outcomes = reports.flatMap((each) => each.outcomes);
  const failed = reports.filter(({ failure }) => failure !== undefined);
  return [
    `${reports.length - failed.length} of the ${possible.length} possible cells; ${outcomes.filter(holds).length} of ${outcomes.length} situations are told as they should be.`,
    '',
    '## How long it took',
    '',
    durations(outcomes),
    '',
    '## Every cell',
    '',
    table(outcomes),
    '',
    ...failed.map(({ cell, failure }) => `- ${nameOf(cell)}: the lab did not work: ${failure}`),
    `## ${refused.length} more cells are impossible`,
    '',
    ...impossible.map(({ what, why }) => `- ${what}: ${why}.`),
  ].join('\n');
}

export const nameOf = (cell: Cell): string => optionsOf(cell).join(' ') || 'plain';

const words = ({ verdict, phase, coverage, lag }: Said): string =>
  [verdict, phase, coverage, lag].join(', ').replaceAll('|', ' or ');

const inSeconds = (seconds: number): string => `${seconds.toFixed(1)} s`;

/** A row of Markdown an outcome. */
export function table(outcomes: readonly Outcome[]): string {
  const head = ['cell', 'situation', 'expected: verdict, phase, coverage, lag', 'seen', 'after'];
  return markdown(
    head,
    outcomes.map((outcome) => [
      nameOf(outcome.cell),
      outcome.situation,
      words(outcome.expected),
      outcome.seen ? words(outcome.seen) : 'nothing',
      outcome.seconds === undefined ? '**not seen**' : inSeconds(outcome.seconds),
    ]),
  );
}

/** A row of Markdown a situation and mode, from the quickest cell to the slowest. */
function durations(outcomes: readonly Outcome[]): string {
  const rows = Object.keys(deadlines).flatMap((situation) =>
    ['ftfw', 'notrack', 'alarm'].flatMap((mode) => {
      const seconds = outcomes
        .filter((each) => each.situation === situation && each.cell.mode === mode)
        .flatMap((each) => each.seconds ?? [])
        .sort((a, b) => a - b);
      const [least, middle, most] = [seconds[0], seconds[seconds.length >> 1], seconds.at(-1)];
      if (least === undefined || middle === undefined || most === undefined) return [];
      const within = `${deadlines[situation as Situation]} s`;
      return [[situation, mode, String(seconds.length), ...[least, middle, most].map(inSeconds), within]];
    }),
  );
  return markdown(['situation', 'mode', 'cells', 'least', 'median', 'most', 'must be within'], rows);
}

const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
