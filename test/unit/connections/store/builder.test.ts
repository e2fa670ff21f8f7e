import { describe, expect, test } from 'vitest';
import { tableBuilder } from '../../../../main/connections/store/builder.ts';
import { connectionOf } from '../../../../main/connections/store/connection-of.ts';
import type { Connection } from '../../../../shared/domain/connection.ts';
import { anyConnection } from '../../../support/any-connection.ts';
import fc from '../../../support/fast-check.ts';

const tableOf = (connections: readonly Connection[], observed?: number) => {
  const builder = tableBuilder(0, observed);
  for (const each of connections) builder.append(each);
  return builder.done();
};

const web = (index: number): Connection => ({
  family: 'ipv4',
  protocol: 'tcp',
  protocolNumber: 6,
  timeout: index,
  state: 'ESTABLISHED',
  original: { src: '10.1.0.1', dst: '10.2.0.1', sport: index % 65_536, dport: 443 },
  reply: { src: '10.2.0.1', dst: '10.1.0.1', sport: 443, dport: index % 65_536 },
  flags: ['ASSURED'],
  mark: 0,
  use: 1,
  id: index,
  extra: {},
});

describe('a table by column', () => {
  test('gives back every connection exactly as it was put in', () => {
    fc.assert(
      fc.property(fc.array(anyConnection, { maxLength: 8 }), fc.nat(), (connections, observed) => {
        const columns = tableOf(connections, observed);
        expect(columns.length).toBe(connections.length);
        for (const [row, connection] of connections.entries())
          expect(connectionOf(columns, row)).toEqual(connection);
      }),
      { numRuns: 1500 },
    );
  });

  test('grows as it must, wastes little in the end, and keeps nothing beside its columns of usual entries', () => {
    const columns = tableOf(Array.from({ length: 5000 }, (_, index) => web(index)));
    expect(columns.length).toBe(5000);
    expect(columns.src.length).toBeLessThan(5400);
    expect(columns.rest.size).toBe(0);
    expect(columns.packets.length).toBe(0);
    expect(connectionOf(columns, 4321)).toEqual(web(4321));
  });

  test('keeps an address of IPv6 once, however many connections have it', () => {
    const v6 = (index: number): Connection => ({
      ...web(index),
      family: 'ipv6',
      original: { src: '2001:db8::1', dst: '2001:db8::2', sport: index, dport: 443 },
      reply: { src: '2001:db8::2', dst: '2001:db8::1', sport: 443, dport: index },
    });
    const columns = tableOf(Array.from({ length: 500 }, (_, index) => v6(index)));
    expect(columns.wide.size).toBe(2);
    expect(connectionOf(columns, 499)).toEqual(v6(499));
  });

  test('shows what came so far, which later entries leave alone', () => {
    const builder = tableBuilder();
    for (let index = 0; index < 1000; index += 1) builder.append(web(index));
    const early = builder.soFar();
    for (let index = 1000; index < 9000; index += 1) builder.append(web(index));
    expect(early.length).toBe(1000);
    expect(connectionOf(early, 999)).toEqual(web(999));
    expect(connectionOf(builder.done(), 8999)).toEqual(web(8999));
  });

  test('tells since when a connection lives where the node itself says how long', () => {
    const columns = tableOf(
      [
        { ...web(1), activeSeconds: 40 },
        { ...web(2), extra: { 'delta-time': 7 } },
      ],
      1_000,
    );
    expect([...columns.since.subarray(0, 2)]).toEqual([960, 993]);
    expect(columns.rest.size).toBe(0);
  });
});
