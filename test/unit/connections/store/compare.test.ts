import { describe, expect, test } from 'vitest';
import { tableBuilder } from '../../../../main/connections/store/builder.ts';
import { type Columns, none } from '../../../../main/connections/store/columns.ts';
import { tableComparison } from '../../../../main/connections/store/compare.ts';
import type { Connection } from '../../../../shared/domain/connection.ts';
import fc from '../../../support/fast-check.ts';

const tableOf = (connections: readonly Connection[], observed = 1_000) => {
  const builder = tableBuilder(0, observed);
  for (const each of connections) builder.append(each);
  return builder.done();
};

/** Both dumps are whole. */
const compareTables = (old: Columns, fresh: Columns) => tableComparison(old, fresh.length).done(fresh);

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

const wide = (client: number, translated: number, fields: Partial<Connection> = {}): Connection =>
  web(client, {
    family: 'ipv6',
    original: { src: `2001:db8::${client.toString(16)}`, dst: '2001:db8:1::1', sport: 1, dport: 2 },
    reply: { src: '2001:db8:1::1', dst: `2001:db8::${translated.toString(16)}`, sport: 2, dport: 1 },
    ...fields,
  });

/** What of a node's 250 connections, in its order, a dump tells otherwise: by client, or by place. */
interface DumpForm {
  readonly missing: readonly (readonly [from: number, many: number])[];
  readonly moved: readonly (readonly [from: number, to: number])[];
  readonly again: readonly (readonly [client: number, to: number])[];
  readonly changed: readonly number[];
  readonly reopened: readonly number[];
  readonly isShuffled: boolean;
}

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

  test('tells the same whatever the two orders have in common, however it comes in, and although some are told twice', () => {
    const dump = fc.record<DumpForm>({
      missing: fc.array(fc.tuple(fc.nat(250), fc.oneof(fc.nat(2), fc.nat(60))), { maxLength: 6 }),
      moved: fc.array(fc.tuple(fc.nat(250), fc.nat(250)), { maxLength: 4 }),
      again: fc.array(fc.tuple(fc.nat(250), fc.nat(250)), { maxLength: 4 }),
      changed: fc.array(fc.nat(250), { maxLength: 4 }),
      reopened: fc.array(fc.nat(250), { maxLength: 4 }),
      isShuffled: fc.boolean(),
    });
    const told = ({ missing, moved, again, changed, reopened, isShuffled }: DumpForm) => {
      const isMissing = (client: number) =>
        missing.some(([from, many]) => client >= from && client < from + many);
      const order = Array.from({ length: 250 }, (_, client) => client).filter((client) => !isMissing(client));
      for (const [from, to] of moved) order.splice(to, 0, ...order.splice(from, 1));
      for (const [client, to] of again) if (order.includes(client)) order.splice(to, 0, client);
      if (isShuffled) order.sort((a, b) => ((a * 97) % 251) - ((b * 97) % 251));
      return order.map((client) => {
        const id = reopened.includes(client) ? 1_000 + client : client;
        const state = changed.includes(client) ? 'TIME_WAIT' : 'ESTABLISHED';
        return {
          client,
          id,
          state,
          connection: client % 5 === 0 ? wide(client, 9, { id, state }) : web(client, { id, state }),
        };
      });
    };
    fc.assert(
      fc.property(dump, dump, fc.array(fc.integer({ min: 1, max: 90 })), (first, second, pieces) => {
        const [earlier, later] = [told(first), told({ ...second, isShuffled: false })];
        const old = tableOf(earlier.map(({ connection }) => connection));
        const before = new Map(earlier.map((each) => [each.client, each]));
        const after = new Map(later.map((each) => [each.client, each]));
        const builder = tableBuilder(0, 1_010);
        const comparison = tableComparison(old, 0);
        const cuts = [...pieces];
        let next = cuts.shift();
        for (const [row, { connection }] of later.entries()) {
          builder.append(connection);
          if (row + 1 !== next) continue;
          comparison.grown(builder.soFar());
          next += cuts.shift() ?? 0;
        }
        const fresh = builder.done();
        const found = comparison.done(fresh);
        const wanted = later.map(({ client, id, state }) => {
          const was = before.get(client);
          return was?.id !== id ? 1 : was.state === state ? 0 : 2;
        });
        expect([...fresh.change.subarray(0, later.length)]).toEqual(wanted);
        expect(later.map((_, row) => earlier[found.before[row] ?? -1]?.client)).toEqual(
          later.map(({ client }, row) => (wanted[row] === 1 ? undefined : client)),
        );
        expect(found.added).toBe(wanted.filter((each) => each === 1).length);
        expect(found.changed).toBe(wanted.filter((each) => each === 2).length);
        const ended = [...before.values()].filter(({ client, id }) => after.get(client)?.id !== id);
        expect([...found.gone].map((row) => earlier[row]?.client).toSorted()).toEqual(
          ended.map(({ client }) => client).toSorted(),
        );
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
