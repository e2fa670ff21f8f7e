import { describe, expect, it } from 'vitest';
import { applyEvents } from '../../../../main/connections/store/apply-events.ts';
import { tableBuilder } from '../../../../main/connections/store/builder.ts';
import { type Columns, none } from '../../../../main/connections/store/columns.ts';
import { tableComparison } from '../../../../main/connections/store/compare.ts';
import { connectionOf } from '../../../../main/connections/store/connection-of.ts';
import type { TableEvent } from '../../../../main/connections/store/event-lines.ts';
import type { Connection } from '../../../../shared/domain/connection.ts';
import fc from '../../../support/fast-check.ts';

const tableOf = (connections: Iterable<Connection>, observed = 1_000) => {
  const builder = tableBuilder(0, observed);
  for (const each of connections) builder.append(each);
  return builder.done();
};
const rowsOf = (columns: Columns): Connection[] =>
  Array.from({ length: columns.length }, (_, row) => connectionOf(columns, row));
const sorted = (rows: Iterable<Connection>) => [...rows].map((row) => JSON.stringify(row)).sort();

/** The client of its number: of IPv4, of IPv6, of GRE, and of a protocol whose zone is of one direction. */
function client(number: number, id: number, mark: number): Connection {
  const forms: Partial<Connection>[] = [
    { original: { src: `10.1.0.${number}`, dst: '10.2.0.1', sport: 4_000, dport: 443 } },
    {
      family: 'ipv6',
      original: { src: `2001:db8::${number}`, dst: '2001:db8:1::1', sport: 4_000, dport: 443 },
    },
    {
      protocol: 'gre',
      protocolNumber: 47,
      original: { src: '10.1.0.9', dst: '10.2.0.1', srckey: '0x1', dstkey: `0x${number + 1}` },
    },
    {
      original: { src: '10.1.0.8', dst: '10.2.0.1', sport: 4_000, dport: 443 },
      extra: { 'zone-orig': number },
    },
  ];
  return {
    family: 'ipv4',
    protocol: 'tcp',
    protocolNumber: 6,
    timeout: 300,
    state: 'ESTABLISHED',
    original: { src: '', dst: '' },
    flags: mark % 2 === 0 ? ['ASSURED'] : ['FASTNAT'],
    mark,
    id,
    extra: {},
    ...forms[number % 4],
  };
}

/** A kernel that does these things to these clients in turn, what it tells of it, and its table after each of them. */
function kernel(deeds: readonly { readonly number: number; readonly ends: boolean }[]) {
  const table = new Map<number, Connection>();
  const tables = [[] as Connection[]];
  let id = 0;
  const events = deeds.map(({ number, ends }): TableEvent => {
    id += 1;
    const was = table.get(number);
    const connection = client(number, was ? Number(was.id) : id, was && !ends ? Number(was.mark) + 1 : 0);
    const kind = was === undefined ? 'new' : ends ? 'destroy' : 'update';
    if (kind === 'destroy') table.delete(number);
    else table.set(number, connection);
    tables.push([...table.values()]);
    return { kind, connection, at: 2_000 };
  });
  return { events, at: (step: number) => tables[step] ?? [] };
}

const deeds = fc.array(fc.record({ number: fc.nat(11), ends: fc.boolean() }), { maxLength: 60 });
const part = fc.double({ min: 0, max: 1, noNaN: true });

describe('a table that is followed', () => {
  it('is that of the node, and marks what a comparison of two dumps would', () => {
    fc.assert(
      fc.property(deeds, fc.array(part, { maxLength: 5 }), part, (done, cuts, begin) => {
        const { events, at } = kernel(done);
        const from = Math.floor(begin * events.length);
        const places = cuts.map((cut) => from + Math.floor(cut * (events.length - from)));
        const old = tableOf(at(from));
        let table = old;
        let marks = { added: 0, changed: 0, gone: 0 };
        let last = from;
        for (const next of [...places.sort((a, b) => a - b), events.length]) {
          const after = applyEvents(table, events.slice(last, next), 2_001, marks);
          for (let row = 0; row < after.columns.length; row += 1) {
            const was = after.before[row] ?? -1;
            if (was === -1) continue;
            expect(connectionOf(after.columns, row).id).toBe(connectionOf(table, was).id);
          }
          expect(after.before).toHaveLength(after.columns.length);
          ({ columns: table, counts: marks } = after);
          last = next;
        }
        expect(sorted(rowsOf(table))).toEqual(sorted(at(events.length)));
        const dumped = tableOf(rowsOf(table));
        const { gone, added, changed } = tableComparison(old, dumped.length).done(dumped);
        expect([...table.change.subarray(0, table.length)]).toEqual([
          ...dumped.change.subarray(0, table.length),
        ]);
        expect(marks).toEqual({ added, changed, gone: gone.length });
      }),
      { numRuns: 1_000 },
    );
  });

  it('is that of the node also where it was read somewhere between its events', () => {
    fc.assert(
      fc.property(deeds, part, (done, when) => {
        const { events, at } = kernel(done);
        const dump = tableOf(at(Math.floor(when * events.length)));
        const { columns } = applyEvents(dump, events, 2_001, undefined);
        expect(sorted(rowsOf(columns))).toEqual(sorted(at(events.length)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves the table before as it was', () => {
    const { events, at } = kernel([0, 1, 2, 3, 0, 1].map((number) => ({ number, ends: number === 1 })));
    const old = tableOf(at(4));
    applyEvents(old, events.slice(4), 2_001, undefined);
    expect(sorted(rowsOf(old))).toEqual(sorted(at(4)));
    expect([...old.change.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  });

  it('keeps of a connection what its events do not tell: its state, its counters, and since when it is there', () => {
    const { original, ...rest } = client(0, 1, 0);
    const counted = { ...rest, original: { ...original, packets: 7, bytes: 900 }, activeSeconds: 40 };
    const { state: _, mark: __, ...quiet } = client(0, 1, 0);
    const { columns, counts } = applyEvents(
      tableOf([counted], 1_000),
      [{ kind: 'update', connection: { ...quiet, timeout: 432_000 } }],
      1_100,
      undefined,
    );
    expect(connectionOf(columns, 0)).toEqual({ ...counted, timeout: 432_000, activeSeconds: 140 });
    expect(columns.since[0]).toBe(960);
    expect(counts).toEqual({ added: 0, changed: 0, gone: 0 });
  });

  it('tells since when a connection is there where it told its beginning, and else nothing', () => {
    const { columns } = applyEvents(
      tableOf([]),
      [
        { kind: 'new', connection: client(0, 1, 0), at: 1_990.75 },
        { kind: 'update', connection: client(1, 2, 0), at: 1_991 },
      ],
      2_001,
      undefined,
    );
    expect([...columns.since.subarray(0, 2)]).toEqual([1_990, none]);
  });

  it('believes an end without an id, and not that of an entry before this one', () => {
    const end = (connection: Connection) =>
      applyEvents(tableOf([client(0, 2, 0)]), [{ kind: 'destroy', connection }], 2_001, undefined).columns
        .length;
    const { id: _, ...unnamed } = client(0, 2, 0);
    expect([end(client(0, 2, 0)), end(client(0, 1, 0)), end(unnamed)]).toEqual([0, 1, 0]);
  });

  it('has a connection once that a dump told twice', () => {
    const { columns, counts } = applyEvents(
      tableOf([client(0, 1, 0), client(1, 2, 0), client(0, 1, 0)]),
      [{ kind: 'update', connection: client(0, 1, 1) }],
      2_001,
      undefined,
    );
    expect(sorted(rowsOf(columns))).toEqual(sorted([client(0, 1, 1), client(1, 2, 0)]));
    expect(counts).toEqual({ added: 0, changed: 1, gone: 0 });
  });
});
