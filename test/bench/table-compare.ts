import { scanText } from '../../main/agents/table/conntrack/scan-text.ts';
import { pickRows } from '../../main/connections/coverage/pick-rows.ts';
import { applyEvents } from '../../main/connections/store/apply-events.ts';
import { tableBuilder } from '../../main/connections/store/builder.ts';
import type { Columns } from '../../main/connections/store/columns.ts';
import { type Comparison, tableComparison } from '../../main/connections/store/compare.ts';
import { connectionOf } from '../../main/connections/store/connection-of.ts';
import type { TableEvent } from '../../main/connections/store/event-lines.ts';
import { askDesk } from '../support/ask-desk.ts';
import { textDump } from './dump-bytes.ts';
import { atMost, type BenchFigure, forSize, processorTimes, published } from './figure.ts';
import { madeUpTable } from './table-rows.ts';

const now = 1_800_000_000;

/** The rows of `columns` as a dump of their own, with its own numbers of IPv6 addresses. */
function dumped(columns: Columns, rows: readonly number[], observed: number): Columns {
  const builder = tableBuilder(rows.length, observed);
  const scan = scanText(builder);
  for (const piece of textDump(pickRows(columns, rows))) scan.write(piece);
  scan.end();
  return builder.done();
}

/** A comparison as its thread does it: each table is made ready while it comes, and the slave's ends last. */
function comparison(n: number, kind: 'carried' | 'exact') {
  const ask = askDesk();
  let dumps = 0;
  const take = (pieces: readonly Uint8Array[], use: 'base' | 'met' | 'sought'): number => {
    dumps += 1;
    const prepare = { kind, use } as const;
    ask('begin', { dump: dumps, format: 'text', expected: n, observedAt: now * 1000, prepare });
    for (const bytes of pieces) ask('chunk', { dump: dumps, bytes });
    return dumps;
  };
  return { ask, take };
}

const rowsWhere = (columns: Columns, isTaken: (row: number) => boolean): number[] =>
  Array.from({ length: columns.length }, (_, row) => row).filter(isTaken);

/** The same rows in an order that has nothing to do with the first, as another node's hash gives: by the entry's id. */
const scattered = ({ id }: Columns, rows: readonly number[]): number[] =>
  rows.toSorted((a, b) => (id[a] ?? 0) - (id[b] ?? 0));

/**
 * What a comparison of two tables costs once both are read, processor time: `coverage-compare` a master's with a slave's,
 * from the slave's last byte on, where every thousandth is missing and every thousandth a ghost; `difference-compare` the
 * same as two kernels' tables; `refresh-compare` a dump with the one before, from its last byte on, where every fiftieth
 * ended and as many are new, and `refresh-compare-whole` with what is compared while it comes; `follow-apply` puts ten
 * thousand events into a table: a third each begin, change and end.
 */
export async function benchTableCompare(n: number): Promise<readonly BenchFigure[]> {
  const every = madeUpTable(Math.ceil(n * 1.02), true);
  const pieces = (rows: readonly number[]) => textDump(pickRows(every, rows));
  const first = pieces(rowsWhere(every, (row) => row < n && row % 1_009 !== 5));
  const second = pieces(rowsWhere(every, (row) => row < n));
  const slave = pieces(
    scattered(
      every,
      rowsWhere(every, (row) => (row < n ? row % 1_000 !== 7 : row < n * 1.001)),
    ),
  );
  /** All but the last byte of the other table has come. */
  const begun = (kind: 'carried' | 'exact') => {
    const { ask, take } = comparison(n, kind);
    const [earlier, master] = [take(first, 'sought'), take(second, 'base')];
    ask('end', { dump: earlier });
    ask('end', { dump: master });
    return { ask, tables: { earlier, master, held: take(slave, 'met') } };
  };
  // a few of them were not there before
  const isExpected = (lone: number) => Math.abs(lone - n / 1_000) <= 2 + n / 10_000;
  const coverage = processorTimes(
    ({ ask, tables }) => {
      ask('end', { dump: tables.held });
      const missing = ask('compare', { slave: 'fw2', seconds: 5, ...tables });
      if (!isExpected(missing)) throw new Error(`${missing} are missing`);
    },
    () => begun('carried'),
  );
  const difference = processorTimes(
    ({ ask, tables }) => {
      ask('end', { dump: tables.held });
      const reading = { seconds: 5, hasCache: false, isOnce: false, base: 'of' } as const;
      const { onlyOf } = ask('differ', { ...reading, ...tables });
      if (!isExpected(onlyOf)) throw new Error(`${onlyOf} are in the first table alone`);
    },
    () => begun('exact'),
  );
  const old = dumped(
    every,
    rowsWhere(every, (row) => row % 51 !== 3),
    now,
  );
  const fresh = dumped(
    every,
    rowsWhere(every, (row) => row % 51 !== 40),
    now + 10,
  );
  const assertMoved = ({ added, gone }: Comparison) => {
    if (added === 0 || gone.length === 0) throw new Error('nothing came or went');
  };
  const refresh = processorTimes(
    (comparison) => assertMoved(comparison.done(fresh)),
    () => {
      const comparison = tableComparison(old, fresh.length);
      comparison.grown(fresh);
      return comparison;
    },
  );
  const refreshWhole = processorTimes(() => assertMoved(tableComparison(old, fresh.length).done(fresh)));
  const events = eventsOf(every, n);
  const follow = processorTimes(() => {
    const { counts } = applyEvents(fresh, events, now + 11, undefined);
    if (counts.added === 0 || counts.gone === 0) throw new Error('nothing came or went');
  });
  return [
    atMost(forSize(300, n), 'ms', 'follow-apply', n, follow),
    atMost(forSize(100, n), 'ms', 'coverage-compare', n, coverage),
    atMost(forSize(150, n), 'ms', 'difference-compare', n, difference),
    atMost(forSize(100, n), 'ms', 'refresh-compare', n, refresh),
    published('ms', 'refresh-compare-whole', n, refreshWhole),
  ];
}

/** Of rows all over a table, by turns. */
function eventsOf(columns: Columns, n: number): TableEvent[] {
  const kinds = ['new', 'update', 'destroy'] as const;
  return Array.from({ length: 10_000 }, (_, index): TableEvent => {
    const kind = kinds[index % kinds.length] ?? 'new';
    const connection = connectionOf(columns, Math.floor((index / 10_000) * n));
    return { kind, connection: kind === 'new' ? { ...connection, id: index, zone: 9 } : connection };
  });
}
