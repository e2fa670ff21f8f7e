/** The timeline of a whole engine over real SSH, on simulated nodes of which one has its clock an hour ahead. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../../main/demo/demo.ts';
import { createEngine, type Engine, type Host } from '../../../main/engine.ts';
import type { TimelineEntry, TimelineFilter } from '../../../shared/domain/timeline.ts';
import type { TimelinePage } from '../../../shared/domain/timeline-page.ts';

const hour = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'handover-timeline-'));
let ahead = hour;
let demo: Demo;
let engine: Engine;
let host: Host;

beforeAll(async () => {
  demo = await startDemo(join(folder, 'nodes'), { ahead: (node) => (node === 'fw2' ? ahead : 0) });
  const inventoryPath = join(folder, 'clusters.yaml');
  const { nodes, takeover } = demo.definition;
  writeFileSync(inventoryPath, JSON.stringify({ clusters: [{ name: 'site', nodes, takeover }] }));
  host = {
    ...{ kind: 'browser', version: '0', inventoryPath, stateDir: join(folder, 'state') },
    ...{ keepsHistory: true, followsLogs: true },
  };
  engine = await createEngine(host);
});
afterAll(async () => {
  await engine.close();
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
});

const read = (filter: TimelineFilter = {}, more: { asOf?: number; offset?: number; limit?: number } = {}) =>
  engine.handlers['timeline.read']({ cluster: 'site', filter, offset: 0, limit: 1_000, ...more });

async function pageWhen(matches: (page: TimelinePage) => boolean, filter: TimelineFilter = {}) {
  let page: TimelinePage | undefined;
  await expect
    .poll(
      async () => {
        page = await read(filter);
        return matches(page);
      },
      { timeout: 20_000, interval: 100 },
    )
    .toBe(true)
    .catch((error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(page)}`);
    });
  if (!page) throw new Error('no page');
  return page;
}
const has = (page: TimelinePage, words: string) => page.entries.some((entry) => entry.words.includes(words));

it('reads the logs of every node, and puts those of a clock an hour ahead where they belong', async () => {
  const page = await pageWhen(
    ({ logs }) => logs.length === 4 && logs.every(({ readAt }) => readAt !== undefined),
  );
  expect(page.logs.every(({ failure }) => failure === undefined)).toBe(true);
  const clock = page.clocks.find(({ node }) => node === 'fw2');
  expect(Math.abs((clock?.offset ?? 0) - hour)).toBeLessThan(500);
  expect(clock?.uncertainty).toBeLessThan(500);
  const started = page.entries.filter(({ words }) => words === 'initialization completed');
  expect(started.map(({ node }) => node).toSorted()).toEqual(['fw1', 'fw2']);
  const [one, other] = started.map(({ at }) => at);
  expect(Math.abs((one ?? 0) - (other ?? 0))).toBeLessThan(2_000);
}, 30_000);

it('tells a failover in the order in which it went, from all four sources', async () => {
  let ended: string | undefined;
  const stop = engine.subscribe('fleet', ({ clusters: [site] }) => {
    ended = site?.run?.endedAt === undefined ? undefined : site.run.state;
  });
  await expect
    .poll(
      async () => {
        const planned = await engine.handlers['failover.plan']({ cluster: 'site', to: 'fw2' });
        if (!planned.accepted) return planned.reason;
        const { planId, guards } = planned.plan;
        const accept = guards.filter(({ result }) => result === 'warn').map(({ code }) => code);
        const begun = await engine.handlers['failover.execute']({ planId, confirmation: 'site', accept });
        return begun.accepted ? 'begun' : begun.reason;
      },
      { timeout: 20_000, interval: 500 },
    )
    .toBe('begun');
  await expect.poll(() => ended, { timeout: 20_000 }).toBe('done');
  const page = await pageWhen(
    (each) =>
      has(each, 'commit has taken') && has(each, 'Entering MASTER STATE') && has(each, 'The failover ended'),
  );
  const entries = page.entries.toReversed();
  const place = (words: string, node?: string) =>
    entries.findIndex((each) => each.words.includes(words) && (node === undefined || each.node === node));
  const order = [
    place('Ordered to fail over to fw2'),
    place('About to run', 'fw1'),
    place('Changing effective priority', 'fw1'),
    entries.findLastIndex((each) => each.words === '(LAN) Entering MASTER STATE' && each.node === 'fw2'),
    place('committing all external caches', 'fw2'),
    place('commit has taken', 'fw2'),
    place('The failover ended'),
  ];
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  const role = place('fw2 is master');
  expect(role).toBeGreaterThan(order[3] ?? 0);
  expect(new Set(entries.map(({ source }) => source))).toEqual(
    new Set(['audit', 'keepalived', 'conntrackd', 'reading']),
  );
  stop();
}, 60_000);

it('stands still while one reads, finds by words and time, and exports what is shown', async () => {
  const page = await read();
  const [newest] = page.entries;
  expect(page.matched).toBe(page.total);
  const second = await read({}, { offset: 3, limit: 2, asOf: page.revision });
  expect(second.entries).toEqual(page.entries.slice(3, 5));
  const master = await read({ text: 'entering master', sources: ['keepalived'] });
  expect(master.entries.length).toBeGreaterThan(0);
  expect(master.entries.every(({ words }) => words.includes('Entering MASTER'))).toBe(true);
  const at = page.entries[6]?.at ?? 0;
  const { row } = await engine.handlers['timeline.row']({ cluster: 'site', filter: {}, at });
  expect(page.entries[row]?.at).toBe(at);
  expect(page.entries[row - 1]?.at ?? Number.POSITIVE_INFINITY).toBeGreaterThan(at);
  const file = await engine.handlers['timeline.export']({ cluster: 'site', filter: {}, format: 'json' });
  expect(file.rows).toBeGreaterThanOrEqual(page.total);
  expect(file.text).toContain(JSON.stringify(newest?.words));
});

it('is the same after a restart, each line once, and marks what was logged around a clock that was set', async () => {
  const before = await read();
  await engine.close();
  engine = await createEngine(host);
  await pageWhen(({ logs }) => logs.length === 4 && logs.every(({ readAt }) => readAt !== undefined));
  const after = await read();
  const lines = (entries: readonly TimelineEntry[]) =>
    entries
      .filter(({ source }) => source === 'keepalived' || source === 'conntrackd')
      .map(({ id, at, words }) => `${id} ${at} ${words}`);
  const known = new Set(lines(after.entries));
  expect(lines(before.entries).filter((line) => !known.has(line))).toEqual([]);
  expect(new Set(after.entries.map(({ id }) => id)).size).toBe(after.entries.length);

  await pageWhen(({ clocks }) => clocks.every(({ offset }) => offset !== undefined));
  ahead = 0;
  const stepped = await pageWhen(({ clocks }) => clocks.some(({ step }) => step !== undefined));
  const step = stepped.clocks.find(({ node }) => node === 'fw2')?.step;
  expect(Math.abs((step?.by ?? 0) + hour)).toBeLessThan(1_000);
}, 60_000);
