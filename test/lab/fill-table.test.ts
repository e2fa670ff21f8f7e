/** That a node's table can be filled with many connections at once, none of which is lost on the way or told twice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillTable, flowOf } from './fill-table.ts';
import { type Lab, up } from './lab.ts';

const entries = 20_000;

let lab: Lab;
beforeAll(async () => {
  lab = await up();
});
afterAll(() => lab?.down());

test('a node holds every connection that was put in, each once, and its slave has them too', async () => {
  await fillTable('fw1', 0, entries / 2);
  await fillTable('fw1', entries / 2, entries);
  const count = Number((await lab.exec('fw1', ['conntrack', '-C'])).stdout);
  expect(count).toBeGreaterThanOrEqual(entries);
  expect(count).toBeLessThan(entries + 200);
  await lab.untilInStep(60_000);
  for (const row of [0, 7, 20, entries - 1]) {
    const { src, dst, sport, dport, protocol } = flowOf(row);
    const words = ['-p', protocol, '-s', src, '-d', dst, '--sport', `${sport}`, '--dport', `${dport}`];
    const found = await lab.exec('fw1', ['conntrack', '-G', ...words]);
    expect(found.stdout).toContain(`src=${src} dst=${dst} sport=${sport} dport=${dport}`);
  }
});
