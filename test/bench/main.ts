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

/**
 * `npm run -s bench -- <name>… [--json] [--n N]`: measures, prints a line a figure, and ends with 1 if one misses its
 * goal. `n`: the entries of a table, for what is measured over one.
 */
const benches: Readonly<Record<string, (n: number) => Promise<readonly BenchFigure[]>>> = {
  charts: benchCharts,
  fleet: benchFleet,
  history: benchHistory,
  lag: benchLag,
  poll: benchPoll,
  'table-compare': benchTableCompare,
  'table-filter': benchTableFilter,
  'table-memory': benchTableMemory,
  'table-parse': benchTableParse,
  'table-scroll': benchTableScroll,
  'table-sort': benchTableSort,
};

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, n: { type: 'string', default: '1000000' } },
});
const n = Number(values.n);
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (names.length === 0 || unknown.length > 0 || !(n > 0)) {
  console.error(
    `usage: npm run -s bench -- <name>... [--json] [--n N], of ${Object.keys(benches).join(', ')}`,
  );
  process.exit(2);
}
for (const name of names) {
  for (const figure of (await benches[name]?.(n)) ?? []) {
    process.stdout.write(`${values.json ? JSON.stringify(figure) : text(figure)}\n`);
    if (!figure.pass) process.exitCode = 1;
  }
}

function text({ name, value, unit, goal, pass, runs }: BenchFigure): string {
  return `${pass ? 'ok  ' : 'MISS'} ${name}: ${value} ${unit} (goal: at most ${goal}; runs: ${runs.join(', ')})`;
}
