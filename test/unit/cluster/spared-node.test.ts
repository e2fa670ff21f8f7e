import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FaultyCluster, faultyCluster } from './faulty-cluster.ts';

// the fake clock knows no promises of Node's own
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

let cluster: FaultyCluster;
beforeEach(async () => {
  vi.useFakeTimers();
  cluster = faultyCluster();
  await cluster.seconds(10);
});
afterEach(() => {
  cluster.close();
  vi.useRealTimers();
});

/** How often fw2 was asked for what changes each second, and for what readiness alone rests on, in so many seconds. */
async function asked(seconds: number) {
  const count = { statistics: 0, routes: 0, rules: 0 };
  cluster.fault('fw2', (command, output) => {
    if (command.endsWith(' -s')) count.statistics += 1;
    if (command.includes('route')) count.routes += 1;
    if (command.includes('nft list')) count.rules += 1;
    return output;
  });
  const { verdict } = await cluster.seconds(seconds);
  return { ...count, verdict };
}

it('a node whose table is being read is asked half as often, and what can wait is put off, but not for good', async () => {
  const before = await asked(20);
  const dump = Promise.withResolvers<void>();
  cluster.watch.probe('fw2')?.spare(dump.promise);
  const during = await asked(40);
  expect(during.statistics).toBeGreaterThan(15);
  expect(during.statistics).toBeLessThan(25);
  expect(before.statistics).toBeGreaterThan(18);
  expect(during.routes).toBeGreaterThan(0);
  expect(during.routes).toBeLessThan(before.routes * 2);
  expect(during.verdict).toBe('ok');
  dump.reject(new Error('the session was lost'));
  const after = await asked(20);
  expect(after.statistics).toBeGreaterThan(18);
  expect(after.routes).toBeGreaterThanOrEqual(before.routes - 1);
});
