import { benchCoverageExact } from './coverage-exact.ts';
import type { BenchFigure } from './figure.ts';
import { benchTableAsk } from './table-ask.ts';
import { benchTableCompare } from './table-compare.ts';
import { benchTableGrowth, growthSizes } from './table-growth.ts';
import { onTableLab, runsFor, type TableBench } from './table-lab.ts';
import { benchTableFirstPage, benchTableOpen } from './table-open.ts';
import { benchTableParse } from './table-parse.ts';
import { benchTableVsIptstate, benchTableVsPipe } from './table-peers.ts';
import { benchTableFilter, benchTableMemory, benchTableSort } from './table-query.ts';
import { benchTableRefresh } from './table-refresh.ts';
import { benchTableScroll } from './table-scroll.ts';

/** The benches of the connection table that need the lab, each by itself. */
const onLab: Readonly<Record<string, TableBench>> = {
  'table-open': benchTableOpen,
  'table-first-page': benchTableFirstPage,
  'table-ask': benchTableAsk,
  'coverage-exact': benchCoverageExact,
  'table-vs-pipe': benchTableVsPipe,
  'table-refresh': benchTableRefresh,
  'table-vs-iptstate': benchTableVsIptstate,
};

type Bench = (n: number) => AsyncIterable<BenchFigure>;

const alone = Object.entries(onLab).map(([name, bench]): [string, Bench] => [
  name,
  (n) => onTableLab(n, n, [bench]),
]);
const growth: Bench = (n) => onTableLab(n, 2 * n, [(on) => benchTableGrowth(on)]);

/** What needs no lab: the tables' thread over made-up rows. */
const inMemory = [benchTableParse, benchTableCompare, benchTableFilter, benchTableSort, benchTableMemory];

/** All of them on one lab: the table grows to its size, is measured, and grows on. */
async function* benchTable(n: number): AsyncGenerator<BenchFigure> {
  for (const bench of inMemory) yield* await bench(n);
  yield* await benchTableScroll(n, runsFor(n));
  const sizes = growthSizes(n);
  yield* onTableLab(n, Math.max(n, ...sizes), [
    (on) =>
      benchTableGrowth(
        on,
        sizes.filter((size) => size <= n),
      ),
    ...Object.values(onLab),
    (on) =>
      benchTableGrowth(
        on,
        sizes.filter((size) => size > n),
      ),
  ]);
}

export const tableBenches: Readonly<Record<string, Bench>> = {
  ...Object.fromEntries(alone),
  'table-growth': growth,
  table: benchTable,
};
