import { scanText } from '../../main/agents/table/conntrack/scan-text.ts';
import { compareColumns } from '../../main/connections/coverage/compare-columns.ts';
import { pickRows } from '../../main/connections/coverage/pick-rows.ts';
import { applyEvents } from '../../main/connections/store/apply-events.ts';
import { tableBuilder } from '../../main/connections/store/builder.ts';
import type { Columns } from '../../main/connections/store/columns.ts';
import { compareTables } from '../../main/connections/store/compare.ts';
import { connectionOf } from '../../main/connections/store/connection-of.ts';
import type { TableEvent } from '../../main/connections/store/event-lines.ts';
import { textDump } from './dump-bytes.ts';
import { atMost, type BenchFigure, forSize, processorTimes } from './figure.ts';
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

const rowsWhere = (columns: Columns, isTaken: (row: number) => boolean): number[] =>
  Array.from({ length: columns.length }, (_, row) => row).filter(isTaken);

/** The same rows in an order that has nothing to do with the first, as another node's hash gives: by the entry's id. */
const scattered = ({ id }: Columns, rows: readonly number[]): number[] =>
  rows.toSorted((a, b) => (id[a] ?? 0) - (id[b] ?? 0));

/**
 * What a comparison of two tables costs once both are read, processor time: `coverage-compare` a master's with a slave's,
 * where every thousandth is missing and every thousandth a ghost; `refresh-compare` a dump with the one before, where
 * every fiftieth ended and as many are new; `follow-apply` puts ten thousand events into a table: a third each begin, change
 * and end.
 */
export async function benchTableCompare(n: number): Promise<readonly BenchFigure[]> {
  const every = madeUpTable(Math.ceil(n * 1.02), true);
  const master = dumped(
    every,
    rowsWhere(every, (row) => row < n),
    now,
  );
  const earlier = dumped(
    every,
    rowsWhere(every, (row) => row < n && row % 1_009 !== 5),
    now - 5,
  );
  const held = dumped(
    every,
    scattered(
      every,
      rowsWhere(every, (row) => (row < n ? row % 1_000 !== 7 : row < n * 1.001)),
    ),
    now,
  );
  const coverage = processorTimes(() => {
    let others = 0;
    const found = {
      classified: () => {
        others += 1;
      },
      skipped: () => undefined,
    };
    const replicated = compareColumns({ earlier, held, master, seconds: 5 }, found);
    if (replicated + others < n) throw new Error(`${replicated} replicated, ${others} others`);
  });
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
  const refresh = processorTimes(() => {
    const { added, gone } = compareTables(old, fresh);
    if (added === 0 || gone.length === 0) throw new Error('nothing came or went');
  });
  const events = eventsOf(every, n);
  const follow = processorTimes(() => {
    const { counts } = applyEvents(fresh, events, now + 11, undefined);
    if (counts.added === 0 || counts.gone === 0) throw new Error('nothing came or went');
  });
  return [
    atMost(forSize(300, n), 'ms', 'follow-apply', n, follow),
    atMost(forSize(100, n), 'ms', 'coverage-compare', n, coverage),
    atMost(forSize(150, n), 'ms', 'refresh-compare', n, refresh),
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
