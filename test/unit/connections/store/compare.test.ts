import { describe, expect, test } from 'vitest';
import { tableBuilder } from '../../../../main/connections/store/builder.ts';
import { none } from '../../../../main/connections/store/columns.ts';
import { compareTables } from '../../../../main/connections/store/compare.ts';
import type { Connection } from '../../../../shared/domain/connection.ts';
import fc from '../../../support/fast-check.ts';

const tableOf = (connections: readonly Connection[], observed = 1_000) => {
  const builder = tableBuilder(0, observed);
  for (const each of connections) builder.append(each);
  return builder.done();
};

const web = (client: number, fields: Partial<Connection> = {}): Connection => ({
  family: 'ipv4',
  protocol: 'tcp',
  protocolNumber: 6,
  timeout: 300,
  state: 'ESTABLISHED',
  original: { src: `10.1.0.${client}`, dst: '10.2.0.1', sport: 4000, dport: 443 },
  reply: { src: '10.2.0.1', dst: `10.1.0.${client}`, sport: 443, dport: 4000 },
  flags: ['ASSURED'],
  mark: 0,
  use: 1,
  id: client,
  extra: {},
  ...fields,
});

const counted = (client: number, bytes: number, replyBytes: number): Connection => {
  const { original, reply, ...others } = web(client);
  if (!reply) throw new Error('it has one');
  return {
    ...others,
    original: { ...original, packets: 1, bytes },
    reply: { ...reply, packets: 1, bytes: replyBytes },
  };
};

const wide = (client: number, translated: number): Connection =>
  web(client, {
    family: 'ipv6',
    original: { src: `2001:db8::${client.toString(16)}`, dst: '2001:db8:1::1', sport: 1, dport: 2 },
    reply: { src: '2001:db8:1::1', dst: `2001:db8::${translated.toString(16)}`, sport: 2, dport: 1 },
  });

/** A connection as one of few, in one of few forms, so that two tables share many. */
const few = fc
  .record({ client: fc.nat(5), isWide: fc.boolean(), form: fc.nat(4) })
  .map(({ client, isWide, form }) => {
    const fields: Partial<Connection>[] = [
      {},
      { state: 'TIME_WAIT' },
      { mark: 7 },
      { flags: ['FASTNAT'] },
      { timeout: 5, use: 2 },
    ];
    return {
      name: `${isWide} ${client}`,
      form,
      connection: { ...(isWide ? wide(client, 9) : web(client)), ...fields[form] },
    };
  });
/** Of the forms, only the last differs from the first in nothing that counts. */
const kindOf = (form: number): number => (form === 4 ? 0 : form);

describe('a table dumped again', () => {
  test('tells what is new, changed and gone as a map of names would', () => {
    const table = fc.uniqueArray(few, { selector: ({ name }) => name, maxLength: 12 });
    fc.assert(
      fc.property(table, table, (earlier, later) => {
        const old = tableOf(earlier.map(({ connection }) => connection));
        const fresh = tableOf(later.map(({ connection }) => connection));
        const known = new Map(earlier.map(({ name, form }) => [name, form]));
        const found = compareTables(old, fresh);
        const wanted = later.map(({ name, form }) => {
          const was = known.get(name);
          return was === undefined ? 1 : kindOf(was) === kindOf(form) ? 0 : 2;
        });
        expect([...fresh.change.subarray(0, later.length)]).toEqual(wanted);
        expect(found.added).toBe(wanted.filter((each) => each === 1).length);
        expect(found.changed).toBe(wanted.filter((each) => each === 2).length);
        const names = new Set(later.map(({ name }) => name));
        expect([...found.gone]).toEqual(earlier.flatMap(({ name }, row) => (names.has(name) ? [] : [row])));
      }),
      { numRuns: 1000 },
    );
  });

  test('remembers since when a connection is there, and does not pretend to know it of those it met', () => {
    const first = tableOf([web(1)], 1_000);
    const second = tableOf([web(2), web(1)], 1_030.5);
    compareTables(first, second);
    const third = tableOf([web(1), web(2), web(3, { activeSeconds: 4 })], 1_060);
    compareTables(second, third);
    expect([...third.since.subarray(0, 3)]).toEqual([none, 1_030, 1_056]);
    expect([...third.change.subarray(0, 3)]).toEqual([0, 0, 1]);
  });

  test('tells a connection that ended and was opened again by its id', () => {
    const old = tableOf([web(1)], 1_000);
    const fresh = tableOf([web(1, { id: 77 })], 1_010);
    expect(compareTables(old, fresh)).toMatchObject({ added: 1, changed: 0, gone: Uint32Array.of(0) });
    expect(fresh.since[0]).toBe(1_010);
    const { id: _, ...unnamed } = web(1);
    expect(compareTables(old, tableOf([unnamed], 1_010))).toMatchObject({ added: 0, changed: 0 });
  });

  test('takes another translation for a change, and a second telling of a connection for none', () => {
    expect(compareTables(tableOf([wide(1, 1)]), tableOf([wide(1, 9), wide(1, 9)])).changed).toBe(2);
    const twice = compareTables(tableOf([web(1), web(1), web(2), web(2)]), tableOf([web(1), web(1)]));
    expect(twice).toMatchObject({ added: 0, changed: 0, gone: Uint32Array.of(2) });
  });

  test('tells the rate of both directions, and none where counters are missing or were set back', () => {
    const old = tableOf([counted(1, 1_000, 5_000), counted(2, 900, 0), web(4)], 1_000);
    const fresh = tableOf(
      [counted(1, 2_000, 8_000), counted(2, 10, 0), counted(3, 5, 5), counted(4, 5, 5)],
      1_002,
    );
    expect([...compareTables(old, fresh).rate]).toEqual([2_000, Number.NaN, Number.NaN, Number.NaN]);
    expect(compareTables(tableOf([web(1)]), tableOf([web(1)])).rate).toHaveLength(0);
  });
});
