import { parseArgs } from 'node:util';
import { benchCharts } from './charts.ts';
import type { BenchFigure } from './figure.ts';
import { benchFleet } from './fleet.ts';
import { benchHistory } from './history.ts';
import { benchLag } from './lag.ts';
import { benchPoll } from './poll.ts';
import { benchTableCompare } from './table-compare.ts';
import { benchTableParse } from './table-parse.ts';
import { benchTableFilter, benchTableMemory, benchTableSort } from './table-query.ts';
import { benchTableScroll } from './table-scroll.ts';
import { tableBenches } from './table-set.ts';

/**
 * `npm run -s bench -- <name>… [--json] [--rows N] [--no-goals]`: measures, prints a line a figure, and ends with 1 if one
 * misses its goal, or with `--no-goals` only if something could not be measured. `rows`: the entries of a table, for what
 * is measured over one.
 */
type Bench = (n: number) => Promise<readonly BenchFigure[]> | AsyncIterable<BenchFigure>;

const benches: Readonly<Record<string, Bench>> = {
  charts: benchCharts,
  fleet: benchWatching,
  history: benchHistory,
  lag: benchLag,
  poll: benchPoll,
  'table-compare': benchTableCompare,
  'table-filter': benchTableFilter,
  'table-memory': benchTableMemory,
  'table-parse': benchTableParse,
  'table-scroll': (n) => benchTableScroll(n),
  'table-sort': benchTableSort,
  ...tableBenches,
};

/** What watching a fleet costs: the console, and then a node of the lab. */
async function* benchWatching(): AsyncGenerator<BenchFigure> {
  yield* await benchFleet();
  yield* await benchPoll();
}

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    rows: { type: 'string', default: '1000000' },
    'no-goals': { type: 'boolean' },
  },
});
const n = Number(values.rows);
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (names.length === 0 || unknown.length > 0 || !(n > 0)) {
  console.error(
    `usage: npm run -s bench -- <name>... [--json] [--rows N] [--no-goals], of ${Object.keys(benches).join(', ')}`,
  );
  process.exit(2);
}
for (const name of names) {
  const figures = benches[name]?.(n) ?? [];
  for await (const figure of Symbol.asyncIterator in figures ? figures : await figures) {
    process.stdout.write(`${values.json ? JSON.stringify(figure) : text(figure)}\n`);
    if (!figure.pass && !values['no-goals']) process.exitCode = 1;
  }
}

function text({ name, n: of, value, unit, baseline, ratio, goal, pass, runs }: BenchFigure): string {
  const beside = ratio === undefined ? '' : `, ${ratio} of ${baseline}`;
  const wanted = goal === null ? '' : `goal: ${goal}; `;
  return `${pass ? 'ok  ' : 'MISS'} ${name} (${of}): ${value} ${unit}${beside} (${wanted}runs: ${runs.join(', ')})`;
}
