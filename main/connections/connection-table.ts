import { addressOrder } from '../../shared/domain/address.ts';
import type { Connection } from '../../shared/domain/connection.ts';
import { parseConnectionFilter } from '../../shared/domain/connection-filter.ts';
import type { ConnectionColumn, ConnectionPage, SortKey } from '../../shared/domain/connection-query.ts';
import type { Failure } from '../../shared/lib/reading.ts';

/** The last good dump of one node's table. */
export interface TableContent {
  readonly rows: readonly Connection[];
  readonly observedAt: number;
  /** Lines that could not be read. */
  readonly unreadable: number;
}

/** One node's table as the console pages through it: a dump replaces it whole, a failed dump leaves it as it was. */
export interface ConnectionTable {
  readonly begin: () => void;
  readonly replace: (content: TableContent) => void;
  readonly fail: (failure: Failure) => void;
  readonly reading: () => boolean;
  readonly page: (query: PageQuery) => ConnectionPage;
}

export interface PageQuery {
  readonly filter: string;
  readonly sort: readonly SortKey[];
  readonly offset: number;
  readonly limit: number;
}

export function connectionTable(): ConnectionTable {
  let content: TableContent | undefined;
  let revision = 0;
  let reading = false;
  let failure: Failure | undefined;
  let view: { key: string; rows: readonly Connection[] } | undefined;

  const select = (filter: string, sort: readonly SortKey[]): readonly Connection[] | undefined => {
    const key = JSON.stringify([revision, filter, sort]);
    if (view?.key === key) return view.rows;
    const parsed = parseConnectionFilter(filter);
    if (!parsed.ok) return undefined;
    const rows = sorted((content?.rows ?? []).filter(parsed.value), sort);
    view = { key, rows };
    return rows;
  };

  return {
    begin: () => {
      reading = true;
    },
    replace: (next) => {
      content = next;
      revision += 1;
      reading = false;
      failure = undefined;
    },
    fail: (why) => {
      reading = false;
      failure = why;
    },
    reading: () => reading,
    page: ({ filter, sort, offset, limit }) => {
      const rows = select(filter, sort);
      const parsed = rows ? undefined : parseConnectionFilter(filter);
      return {
        revision,
        reading,
        ...(content && { observedAt: content.observedAt }),
        total: content?.rows.length ?? 0,
        matched: rows?.length ?? 0,
        offset,
        rows: (rows ?? [])
          .slice(offset, offset + limit)
          .map((each, index) => ({ ...each, row: offset + index })),
        unreadable: content?.unreadable ?? 0,
        ...(parsed && !parsed.ok && { filterError: parsed.error }),
        ...(failure && { failure }),
      };
    },
  };
}

/** What a row is ordered by in a column: addresses as numbers, counters as the sum of both directions. */
const orderOf: Record<ConnectionColumn, (connection: Connection) => string | number | undefined> = {
  protocol: (c) => c.protocol,
  state: (c) => c.state,
  src: (c) => addressOrder(c.original.src),
  sport: (c) => c.original.sport,
  dst: (c) => addressOrder(c.original.dst),
  dport: (c) => c.original.dport,
  timeout: (c) => c.timeout,
  packets: (c) => sum(c.original.packets, c.reply?.packets),
  bytes: (c) => sum(c.original.bytes, c.reply?.bytes),
  mark: (c) => (c.mark === undefined ? undefined : Number(c.mark)),
  zone: (c) => c.zone,
};

const sum = (a: number | string | undefined, b: number | string | undefined): number | undefined =>
  a === undefined && b === undefined ? undefined : Number(a ?? 0) + Number(b ?? 0);

/** A stable sort by several columns; what has no value comes last, whatever the direction. */
export function sorted(rows: Connection[], sort: readonly SortKey[]): Connection[] {
  if (sort.length === 0) return rows;
  const keyed = rows.map((row) => ({ row, keys: sort.map(({ column }) => orderOf[column](row)) }));
  keyed.sort((a, b) => {
    for (const [index, { direction }] of sort.entries()) {
      const [x, y] = [a.keys[index], b.keys[index]];
      if (x === y) continue;
      if (x === undefined) return 1;
      if (y === undefined) return -1;
      return (x < y ? -1 : 1) * (direction === 'asc' ? 1 : -1);
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}
