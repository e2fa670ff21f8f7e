import { expect, it } from 'vitest';
import { tableBuilder } from '../../../../main/connections/store/builder.ts';
import { connectionOf } from '../../../../main/connections/store/connection-of.ts';
import { sortRows } from '../../../../main/connections/store/sort.ts';
import { addressOrder } from '../../../../shared/domain/address.ts';
import type { Connection } from '../../../../shared/domain/connection.ts';
import { ConnectionColumn, type SortKey } from '../../../../shared/domain/connection-query.ts';
import fc from '../../../support/fast-check.ts';
import { kernelConnection } from '../../../support/kernel-connection.ts';

const sum = (a: number | string | undefined, b: number | string | undefined) =>
  a === undefined ? undefined : Number(a) + Number(b ?? 0);

const timeouts = { established: 300, udp: 30, udpStream: 120 };
/** The whole timeout of its kind less what is left of it. */
function idleIn({ protocolNumber, state, flags, timeout }: Connection): number | undefined {
  if (timeout === undefined || flags.some((flag) => flag.endsWith('OFFLOAD'))) return undefined;
  const udp = flags.includes('ASSURED') ? timeouts.udpStream : timeouts.udp;
  const tcp = state === 'ESTABLISHED' ? timeouts.established : undefined;
  const full = { 6: tcp, 17: udp }[protocolNumber];
  return full === undefined || timeout > full ? undefined : full - timeout;
}

/** What an operator sees in the column, as a value to compare. */
const seen: Record<
  Exclude<ConnectionColumn, 'rate' | 'change'>,
  (c: Connection) => string | number | undefined
> = {
  protocol: (c) => c.protocol,
  state: (c) => c.state,
  src: (c) => addressOrder(c.original.src),
  dst: (c) => addressOrder(c.original.dst),
  sport: (c) => c.original.sport,
  dport: (c) => c.original.dport,
  'reply.src': (c) => c.reply && addressOrder(c.reply.src),
  'reply.dst': (c) => c.reply && addressOrder(c.reply.dst),
  'reply.sport': (c) => c.reply?.sport,
  'reply.dport': (c) => c.reply?.dport,
  timeout: (c) => c.timeout,
  packets: (c) => sum(c.original.packets, c.reply?.packets),
  bytes: (c) => sum(c.original.bytes, c.reply?.bytes),
  mark: (c) => Number(c.mark ?? 0),
  zone: (c) => c.zone ?? 0,
  id: (c) => c.id && Number(c.id),
  age: (c) => c.activeSeconds,
  idle: idleIn,
};

const columns = ConnectionColumn.options.filter((name) => name !== 'rate' && name !== 'change');
const key = fc.record<SortKey>({
  column: fc.constantFrom(...columns),
  direction: fc.constantFrom('asc', 'desc'),
});

it('sorts as a stable comparison of what is seen would, by any columns, what has no value last', () => {
  fc.assert(
    fc.property(
      fc.array(kernelConnection, { maxLength: 60 }),
      fc.array(key, { minLength: 1, maxLength: 3 }),
      (connections, sort) => {
        const builder = tableBuilder(connections.length, 1_000_000);
        for (const each of connections) builder.append(each);
        const table = builder.done();
        const rows = Array.from(connections.keys());
        const compared = rows.toSorted((a, b) => {
          for (const { column, direction } of sort) {
            const valueIn = seen[column as keyof typeof seen];
            const [x, y] = [valueIn(connectionOf(table, a)), valueIn(connectionOf(table, b))];
            if (x === y) continue;
            if (x === undefined) return 1;
            if (y === undefined) return -1;
            return (x < y ? -1 : 1) * (direction === 'asc' ? 1 : -1);
          }
          return 0;
        });
        expect([...sortRows(table, { timeouts }, undefined, sort)]).toEqual(compared);
      },
    ),
    { numRuns: 500 },
  );
});

it('sorts only the rows that passed a filter, and leaves their list as it was', () => {
  const builder = tableBuilder();
  for (const [connection] of fc.sample(fc.tuple(kernelConnection), { numRuns: 20, seed: 1 }))
    builder.append(connection);
  const rows = Uint32Array.of(9, 3, 12);
  const sorted = sortRows(builder.done(), {}, rows, [{ column: 'src', direction: 'asc' }]);
  expect([...sorted].toSorted((a, b) => a - b)).toEqual([3, 9, 12]);
  expect([...rows]).toEqual([9, 3, 12]);
});

it('sorts by rate, and what has none last', () => {
  const builder = tableBuilder();
  for (const connection of fc.sample(kernelConnection, { numRuns: 4, seed: 1 })) builder.append(connection);
  const rates = Float32Array.of(0.5, Number.NaN, 1e9, 0);
  const by = (direction: SortKey['direction']) => [
    ...sortRows(builder.done(), { rates }, undefined, [{ column: 'rate', direction }]),
  ];
  expect(by('asc')).toEqual([3, 0, 2, 1]);
  expect(by('desc')).toEqual([2, 0, 3, 1]);
});
