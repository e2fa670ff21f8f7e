import type { Columns } from '../../main/connections/store/columns.ts';
import { noChanges, type Revision } from '../../main/connections/store/revision.ts';
import { viewOf } from '../../main/connections/store/view.ts';
import { ConnectionColumn, type SortKey } from '../../shared/domain/connection-query.ts';
import { atMost, type BenchFigure } from './figure.ts';
import { madeUpTable } from './table-rows.ts';

/**
 * What a filter and a sort take in the tables' thread over a made-up table, text to row numbers, and what a connection
 * takes of memory. Of a figure over several filters or columns `value` is the slowest one's median.
 */

const runs = 7;
/** Before they are measured, so that what is measured is compiled. */
const warmUps = 3;

const fieldFilters = [
  'dport == 443',
  'port == 22',
  'port in {22, 80, 8000-9000}',
  'src == 10.1.2.3',
  'dst in 10.2.4.0/22',
  'addr in 2001:db8::/64',
  'proto == udp',
  'state == ESTABLISHED',
  'flag == assured',
  'unreplied',
  'nat',
  'mark == 3',
  'zone == 0',
  'timeout < 1000',
  'id == 12345',
  'bytes > 1M',
  'packets < 10',
];
const textFilters = ['10.1.2.3:22', '10.1.2', ':443', 'estab', 'src contains ".77."', '2001:db8::7'];

const fresh = (columns: Columns): Revision => ({
  number: 1,
  columns,
  observedAt: 0,
  unreadable: 0,
  changes: noChanges,
  views: [],
});

function timed(columns: Columns, filter: string, sort: SortKey[]): number[] {
  const times: number[] = [];
  for (let run = 0; run < runs + warmUps; run += 1) {
    const revision = fresh(columns);
    const startedAt = performance.now();
    const view = viewOf(revision, filter, sort);
    times.push(performance.now() - startedAt);
    if (!view.ok) throw new Error(`${filter}: ${view.error.message}`);
  }
  return times.slice(warmUps);
}

/** The figure whose median is the greatest, under the name of them all. */
function slowest(name: string, figures: readonly BenchFigure[]): BenchFigure {
  const [first] = figures.toSorted((a, b) => b.value - a.value);
  if (!first) throw new Error(`${name}: nothing was measured`);
  return { ...first, name };
}

export async function benchTableFilter(n: number): Promise<readonly BenchFigure[]> {
  const columns = madeUpTable(n, true);
  const each = (filters: readonly string[], goal: number) =>
    filters.map((filter) => atMost(goal, 'ms', `table-filter: ${filter}`, n, timed(columns, filter, [])));
  const [fields, texts] = [each(fieldFilters, 10), each(textFilters, 130)];
  return [slowest('table-filter', fields), slowest('table-filter-text', texts), ...fields, ...texts];
}

export async function benchTableSort(n: number): Promise<readonly BenchFigure[]> {
  const columns = madeUpTable(n, true);
  const figures = ConnectionColumn.options.map((column) =>
    atMost(100, 'ms', `table-sort: ${column}`, n, timed(columns, '', [{ column, direction: 'desc' }])),
  );
  return [slowest('table-sort', figures), ...figures];
}

/** Bytes of the arrays a table holds, with one filtered and sorted view of all its rows. */
export async function benchTableMemory(n: number): Promise<readonly BenchFigure[]> {
  return [false, true].map((counts) => {
    const columns = madeUpTable(n, counts);
    const revision = fresh(columns);
    viewOf(revision, '', [{ column: 'src', direction: 'asc' }]);
    const arrays = [...Object.values(columns), columns.wide.bytes, ...revision.views.map(({ rows }) => rows)];
    const bytes = arrays.reduce<number>(
      (sum, each) => sum + (ArrayBuffer.isView(each) ? each.byteLength : 0),
      0,
    );
    return atMost(100, 'bytes a connection', counts ? 'table-memory' : 'table-memory-uncounted', n, [
      bytes / n,
    ]);
  });
}
