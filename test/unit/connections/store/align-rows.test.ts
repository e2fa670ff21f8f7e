import { expect, test } from 'vitest';
import { rowAligner } from '../../../../main/connections/store/align-rows.ts';
import { tableBuilder } from '../../../../main/connections/store/builder.ts';
import type { Connection } from '../../../../shared/domain/connection.ts';

const many = 40_000;

const tableOf = (clients: readonly number[]) => {
  const builder = tableBuilder(clients.length);
  for (const client of clients) builder.append(connection(client));
  return builder.done();
};

const connection = (client: number): Connection => ({
  family: 'ipv4',
  protocol: 'udp',
  protocolNumber: 17,
  original: { src: `10.1.${client >> 8}.${client & 255}`, dst: '10.2.0.1', sport: 4000, dport: 53 },
  flags: [],
  extra: {},
});

/** The pairs that were found side by side, and whether it was given up. */
const aligned = (old: readonly number[], fresh: readonly number[]) => {
  let pairs = 0;
  const { align, isLost } = rowAligner(tableOf(old), (_, row, was) => {
    expect(fresh[row]).toBe(old[was]);
    pairs += 1;
  });
  align(tableOf(fresh), true);
  return { pairs, isLost: isLost() };
};

const clients = Array.from({ length: many }, (_, client) => client);
const without = (isGone: (client: number) => boolean) => clients.filter((client) => !isGone(client));

test('rows of one order find each other side by side, although both tables lack many of the other', () => {
  const found = aligned(
    without((client) => client % 7 === 3),
    without((client) => client % 5 === 1),
  );
  const common = without((client) => client % 7 === 3 || client % 5 === 1).length;
  expect(found).toEqual({ pairs: common, isLost: false });
});

test('rows behind a stretch that the other table lacks find each other again', () => {
  const isNew = (client: number) => client >= 10_000 && client < 10_200;
  const isGone = (client: number) => client >= 30_000 && client < 30_100;
  const found = aligned(without(isNew), without(isGone));
  expect(found.isLost).toBe(false);
  // no more rows than those of the stretches are left for the end
  expect(found.pairs).toBeGreaterThan(many - 2 * 300);
});

test('rows of two orders that have nothing in common are sought side by side no more', () => {
  const scattered = clients.map((client) => (client * 7_919) % many);
  const found = aligned(clients, scattered);
  expect(found.isLost).toBe(true);
  expect(found.pairs).toBeLessThan(many / 100);
});
