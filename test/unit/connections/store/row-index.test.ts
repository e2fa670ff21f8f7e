import { describe, expect, test } from 'vitest';
import { tableBuilder } from '../../../../main/connections/store/builder.ts';
import { matchRows } from '../../../../main/connections/store/match-rows.ts';
import { find, finder, indexOf } from '../../../../main/connections/store/row-index.ts';
import type { Connection } from '../../../../shared/domain/connection.ts';
import { anyConnection } from '../../../support/any-connection.ts';
import fc from '../../../support/fast-check.ts';

const tableOf = (connections: readonly Connection[]) => {
  const builder = tableBuilder();
  for (const each of connections) builder.append(each);
  return builder.done();
};

/** What makes two entries one connection, as a text. */
const nameOf = ({ family, protocolNumber, original, zone = 0, extra }: Connection): string => {
  const { packets: _, bytes: __, ...ends } = original;
  const zoned = Object.hasOwn(extra, 'zone-orig') ? extra['zone-orig'] : undefined;
  return JSON.stringify([family, protocolNumber, zone, zoned, Object.entries(ends).sort()]);
};

/** Two tables that share some connections, in any order, with repetitions. */
const twoTables = fc
  .array(anyConnection, { minLength: 1, maxLength: 12 })
  .chain((all) => fc.tuple(fc.array(fc.constantFrom(...all)), fc.array(fc.constantFrom(...all))));

const tunnel = (srckey: string, extra: Connection['extra'] = {}): Connection => ({
  family: 'ipv4',
  protocol: 'gre',
  protocolNumber: 47,
  original: { src: '10.1.0.1', dst: '10.2.0.1', srckey, dstkey: '0x7' },
  flags: [],
  extra,
});

describe('the same connection in two tables', () => {
  test('is found exactly where a map of names would find it', () => {
    fc.assert(
      fc.property(twoTables, ([from, to]) => {
        const first = new Map<string, number>();
        for (const [row, connection] of to.entries())
          if (!first.has(nameOf(connection))) first.set(nameOf(connection), row);
        const wanted = from.map((connection) => first.get(nameOf(connection)) ?? -1);

        const asked = tableOf(from);
        const held = tableOf(to);
        const lookUp = finder(indexOf(held), asked);
        expect(from.map((_, row) => lookUp(row))).toEqual(wanted);
        expect([...matchRows(asked, held)]).toEqual(wanted);
      }),
      { numRuns: 1000 },
    );
  });

  test('is found among many partitions', () => {
    const at = (index: number): Connection => ({
      ...tunnel('0x1'),
      protocol: 'udp',
      protocolNumber: 17,
      original: { src: `10.1.${index >> 8}.${index & 255}`, dst: '10.2.0.1', sport: index, dport: 53 },
    });
    const held = tableOf(Array.from({ length: 20_000 }, (_, index) => at(index)));
    const asked = tableOf(Array.from({ length: 20_000 }, (_, index) => at(29_999 - index)));
    const found = matchRows(asked, held);
    expect([...found.subarray(0, 10_000)].every((row) => row === -1)).toBe(true);
    expect([...found.subarray(10_000)].every((row, index) => row === 19_999 - index)).toBe(true);
  });

  test('is told apart by the keys of GRE, unless only what the agent carries is compared', () => {
    const master = tableOf([tunnel('0x10'), tunnel('0x20')]);
    const slave = tableOf([tunnel('0x20')]);
    expect(find(indexOf(slave), master, 0)).toBe(-1);
    expect(find(indexOf(slave), master, 1)).toBe(0);
    expect(find(indexOf(slave, 'carried'), master, 0)).toBe(0);
    expect([...matchRows(master, slave, 'carried')]).toEqual([0, 0]);
  });

  test('is told apart by the zone of its first direction, which the agent does not carry', () => {
    const zoned = tableOf([tunnel('0x10', { 'zone-orig': 3 })]);
    const plain = tableOf([tunnel('0x10')]);
    expect([...matchRows(zoned, plain)]).toEqual([-1]);
    expect([...matchRows(zoned, plain, 'carried')]).toEqual([0]);
  });
});
