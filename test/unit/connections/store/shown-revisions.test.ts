import { expect, it } from 'vitest';
import { openTable } from '../../../../main/connections/store/table.ts';

const query = { cluster: 'edge', node: 'fw1', filter: '', sort: [], offset: 0, limit: 1 };
const lines = (count: number): Uint8Array =>
  new TextEncoder().encode(
    Array.from(
      { length: count },
      (_, host) =>
        `udp 17 29 src=10.1.0.${host} dst=10.2.0.1 sport=5353 dport=53 src=10.2.0.1 dst=10.1.0.${host} sport=53 dport=5353 mark=0 use=1\n`,
    ).join(''),
  );

it('has two tables and the one that comes at most: one that nobody looked at lately goes when the next dump begins', () => {
  let now = 0;
  let revision = 0;
  const nextRevision = () => {
    revision += 1;
    return revision;
  };
  const table = openTable(nextRevision, () => now);
  const read = (count: number) => {
    const dump = table.begin({ format: 'text', observedAt: now });
    dump.write(lines(count));
    return dump;
  };
  const totalOf = (wanted: number) => table.page({ ...query, revision: wanted }).total;
  read(3).end();
  const old = table.page(query).revision;
  read(7).end();
  expect(totalOf(old)).toBe(3);
  now += 9_000;
  const soon = read(9);
  expect(totalOf(old)).toBe(3);
  soon.end();
  now += 11_000;
  read(11);
  expect(totalOf(old)).toBe(9);
});
