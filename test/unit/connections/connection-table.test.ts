import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectionTable, sorted } from '../../../main/connections/connection-table.ts';
import type { Connection } from '../../../shared/domain/connection.ts';

const connection = (src: string, dport: number | undefined, bytes?: number): Connection => ({
  family: 'ipv4',
  protocol: 'tcp',
  protocolNumber: 6,
  original: {
    src,
    dst: '10.2.0.1',
    ...(dport !== undefined && { dport }),
    ...(bytes !== undefined && { bytes }),
  },
  flags: [],
  extra: {},
});

const rows = [
  connection('10.0.0.10', 443, 5),
  connection('10.0.0.9', 22),
  connection('9.9.9.9', undefined, 7),
];
const everything = { filter: '', sort: [], offset: 0, limit: 100 };

describe('the table of a node', () => {
  it('says that nothing was read yet, and that a dump is under way', () => {
    const table = connectionTable();
    expect(table.page(everything)).toMatchObject({ revision: 0, reading: false, total: 0 });
    expect(table.page(everything).observedAt).toBeUndefined();
    table.begin();
    expect(table.page(everything).reading).toBe(true);
  });

  it('gives the window that is asked for, out of what matches', () => {
    const table = connectionTable();
    table.replace({ rows, observedAt: 1, unreadable: 2 });
    const page = table.page({ ...everything, filter: 'src in 10.0.0.0/8', offset: 1, limit: 5 });
    expect(page).toMatchObject({ total: 3, matched: 2, offset: 1, unreadable: 2, revision: 1 });
    expect(page.rows.map((row) => row.original.src)).toEqual(['10.0.0.9']);
  });

  it('keeps the last good table when a dump fails, and says why', () => {
    const table = connectionTable();
    table.replace({ rows, observedAt: 1, unreadable: 0 });
    table.begin();
    table.fail({ kind: 'timed-out', message: 'too slow' });
    const page = table.page(everything);
    expect(page).toMatchObject({ total: 3, observedAt: 1, reading: false, failure: { message: 'too slow' } });
    table.replace({ rows: [], observedAt: 2, unreadable: 0 });
    expect(table.page(everything).failure).toBeUndefined();
  });

  it('answers a filter that makes no sense with its error, not with rows', () => {
    const table = connectionTable();
    table.replace({ rows, observedAt: 1, unreadable: 0 });
    expect(table.page({ ...everything, filter: 'dport ==' })).toMatchObject({
      rows: [],
      matched: 0,
      filterError: { position: 8 },
    });
  });
});

describe('sorting', () => {
  it('orders addresses by number, and what has no value last in both directions', () => {
    const by = (column: 'src' | 'dport', direction: 'asc' | 'desc') =>
      sorted([...rows], [{ column, direction }]).map((row) => row.original.src);
    expect(by('src', 'asc')).toEqual(['9.9.9.9', '10.0.0.9', '10.0.0.10']);
    expect(by('dport', 'asc')).toEqual(['10.0.0.9', '10.0.0.10', '9.9.9.9']);
    expect(by('dport', 'desc')).toEqual(['10.0.0.10', '10.0.0.9', '9.9.9.9']);
  });

  it('is stable, by several columns', () => {
    const port = fc.integer({ min: 1, max: 4 });
    const row = fc.tuple(port, port).map(([bytes, dport]) => connection('10.0.0.1', dport, bytes));
    fc.assert(
      fc.property(fc.array(row), (some) => {
        const result = sorted(
          [...some],
          [
            { column: 'dport', direction: 'asc' },
            { column: 'bytes', direction: 'desc' },
          ],
        );
        expect(result).toHaveLength(some.length);
        for (const [index, next] of result.slice(1).entries()) {
          const before = result[index] as Connection;
          const [a, b] = [before.original.dport ?? 0, next.original.dport ?? 0];
          const [x, y] = [Number(before.original.bytes), Number(next.original.bytes)];
          expect(a < b || (a === b && x >= y)).toBe(true);
          if (a === b && x === y) expect(some.indexOf(before)).toBeLessThan(some.indexOf(next));
        }
      }),
    );
  });
});
