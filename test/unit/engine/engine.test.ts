/** The whole engine, over real SSH, on the simulated cluster: what a newcomer sees first. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startDemo } from '../../../main/demo/demo.ts';
import { createEngine, type Engine } from '../../../main/engine.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';

let folder: string;
let engine: Engine;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handover-engine-'));
  engine = await createEngine({
    kind: 'browser',
    version: '0.0.0',
    inventoryPath: join(folder, 'clusters.yaml'),
    stateDir: join(folder, 'state'),
  });
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The first snapshot of the demo cluster that matches. */
function until(
  what: string,
  matches: (cluster: ClusterSnapshot) => boolean,
  ms = 15_000,
): Promise<ClusterSnapshot> {
  return new Promise((resolve, reject) => {
    let last: ClusterSnapshot | undefined;
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      queueMicrotask(() => unsubscribe());
      settle();
    };
    const timer = setTimeout(
      () => finish(() => reject(new Error(`not in ${ms} ms: ${what}; last: ${JSON.stringify(last)}`))),
      ms,
    );
    const unsubscribe = engine.subscribe('fleet', ({ clusters: [cluster] }) => {
      last = cluster;
      if (cluster && matches(cluster)) finish(() => resolve(cluster));
    });
  });
}

const node = (cluster: ClusterSnapshot, name: string) => cluster.nodes.find((each) => each.name === name);

it('opens the demo cluster, finds its master and a slave in step, and fails it over and back', async () => {
  expect(await engine.handlers['inventory.read']({})).toMatchObject({ clusters: [] });
  expect(await engine.handlers['inventory.openDemo']({})).toEqual({ accepted: true });
  const steady = await until('healthy', (cluster) => cluster.verdict === 'ok');
  expect(steady).toMatchObject({ name: 'demo', demo: true, master: 'fw1' });
  expect(node(steady, 'fw2')?.replication).toMatchObject({ phase: 'in-step', lag: { kind: 'below' } });

  const move = async (to: string) => {
    const planned = await engine.handlers['failover.plan']({ cluster: 'demo', to });
    if (!planned.accepted) throw new Error(planned.reason);
    const refused = planned.plan.guards.filter((guard) => guard.result === 'refuse');
    expect(refused).toEqual([]);
    const { planId } = planned.plan;
    const wrong = await engine.handlers['failover.execute']({ planId, confirmation: 'dem', accept: [] });
    expect(wrong.accepted).toBe(false);
    const begun = await engine.handlers['failover.execute']({ planId, confirmation: 'demo', accept: [] });
    expect(begun).toEqual({ accepted: true });
    const ended = await until(
      `a run to ${to} that ended`,
      ({ run }) => run?.planId === planId && run.endedAt !== undefined,
    );
    expect(ended.run).toMatchObject({ state: 'done', to });
    expect(ended.master).toBe(to);
    return ended;
  };
  const moved = await move('fw2');
  const held = await until('fw1 held down', (cluster) => node(cluster, 'fw1')?.heldDownSince !== undefined);
  expect(node(held, 'fw1')?.role).toBe('slave');
  expect(moved.run?.lever).toBe('handover-file');
  await until('fw1 in step', (cluster) => node(cluster, 'fw1')?.replication?.phase === 'in-step');
  expect((await move('fw1')).run?.lever).toBe('release');
  await until('released', (cluster) => node(cluster, 'fw1')?.heldDownSince === undefined);

  const audit = readFileSync(join(folder, 'state', 'audit.log'), 'utf8')
    .trim()
    .split('\n');
  const effects = audit.map((line) => JSON.parse(line)).filter((entry) => entry.kind === 'intent');
  expect(effects.map((entry) => entry.stdin)).toEqual(['-100\n', '0\n']);
}, 60_000);

it('reads the table of a node, filters, sorts and pages it', async () => {
  await engine.handlers['inventory.openDemo']({});
  await until('healthy', (cluster) => cluster.verdict === 'ok');
  const where = { cluster: 'demo', node: 'fw1' };
  const query = { ...where, filter: '', sort: [], offset: 0, limit: 50 };
  expect(await engine.handlers['connections.page'](query)).toMatchObject({ total: 0, revision: 0 });
  const reading = engine.handlers['connections.read'](where);
  expect((await engine.handlers['connections.page'](query)).reading).toBe(true);
  expect(await reading).toEqual({ accepted: true });
  const page = await engine.handlers['connections.page']({
    ...query,
    filter: 'tcp and dport == 443',
    sort: [{ column: 'timeout', direction: 'desc' }],
  });
  expect(page.total).toBeGreaterThan(500);
  expect(page.matched).toBeGreaterThan(0);
  expect(page.matched).toBeLessThan(page.total);
  expect(page.rows.every((row) => row.protocol === 'tcp' && row.original.dport === 443)).toBe(true);
  const timeouts = page.rows.map((row) => row.timeout ?? 0);
  expect(timeouts).toEqual([...timeouts].sort((a, b) => b - a));
  expect(page.unreadable).toBe(0);
  expect(await engine.handlers['connections.read']({ cluster: 'demo', node: 'fw9' })).toMatchObject({
    accepted: false,
  });
}, 30_000);

it('names what the slave does not hold, and why, and not twice in a minute', async () => {
  await engine.handlers['inventory.openDemo']({});
  await until('healthy', (cluster) => cluster.verdict === 'ok');
  const comparing = engine.handlers['coverage.compare']({ cluster: 'demo' });
  const query = { cluster: 'demo', filter: '' };
  expect((await engine.handlers['coverage.report'](query)).progress).toBeDefined();
  expect(await comparing).toEqual({ accepted: true });
  const { report } = await engine.handlers['coverage.report'](query);
  const slave = report?.slaves[0];
  expect(report).toMatchObject({ cluster: 'demo', master: 'fw1', refused: [] });
  expect(slave).toMatchObject({
    node: 'fw2',
    missing: 4,
    missingByReason: { filtered: 4 },
    stale: 0,
    ghosts: 0,
  });
  expect(slave?.of).toBeGreaterThan(500);
  expect(slave?.connections[0]?.evidence).toMatch(/conntrackd\.conf:\d+ Address Ignore/);
  const again = await engine.handlers['coverage.compare']({ cluster: 'demo' });
  expect(again).toMatchObject({ accepted: false, retryAt: expect.any(Number) });
}, 30_000);

it('keeps a course of figures for the charts', async () => {
  await engine.handlers['inventory.openDemo']({});
  const { observedAt } = await until('healthy', (cluster) => cluster.verdict === 'ok');
  await until('a second more', (cluster) => cluster.observedAt > observedAt + 1_100);
  const series = await engine.handlers['history.series']({ cluster: 'demo', seconds: 300, points: 300 });
  const fw2 = series.nodes.find((each) => each.name === 'fw2');
  expect(series.times.length).toBeGreaterThan(0);
  expect(fw2?.replicated).toHaveLength(series.times.length);
  expect(fw2?.replicated.at(-1)).toBeGreaterThan(0);
}, 30_000);

it('adds a cluster to the file, refuses a name twice, and takes it out again', async () => {
  const draft = {
    name: 'edge',
    nodes: [{ name: 'a', host: '127.0.0.1', port: 1, identityFile: '/nowhere' }],
  };
  expect(await engine.handlers['inventory.addCluster'](draft)).toEqual({ accepted: true });
  expect(await engine.handlers['inventory.addCluster'](draft)).toMatchObject({ accepted: false });
  expect((await engine.handlers['inventory.read']({})).clusters.map((each) => each.name)).toEqual(['edge']);
  const unread = await until('refused', (cluster) => cluster.nodes[0]?.failure !== undefined);
  expect(unread.verdict).toBe('unknown');
  expect(await engine.handlers['inventory.removeCluster']({ cluster: 'edge' })).toEqual({ accepted: true });
  expect((await engine.handlers['inventory.read']({})).clusters).toEqual([]);
});

it('tells what is wrong with the inventory instead of a list of clusters', async () => {
  writeFileSync(
    join(folder, 'clusters.yaml'),
    'clusters:\n  - name: edge\n    nodes:\n      - { name: a, host: h, port: ssh }\n',
  );
  expect(await engine.handlers['inventory.read']({})).toMatchObject({
    clusters: [],
    error: { line: 4, path: 'clusters[0].nodes[0].port' },
  });
});

it('says that a key is locked, and logs in once the operator has given its passphrase', async () => {
  const demo = await startDemo(join(folder, 'demo'));
  const key = join(folder, 'key');
  const nodes = demo.definition.nodes.map((node) => ({ ...node, identityFile: key }));
  copyFileSync(demo.definition.nodes[0]?.identityFile ?? '', key);
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', key]);
  const inventoryPath = join(folder, 'locked.yaml');
  writeFileSync(inventoryPath, JSON.stringify({ clusters: [{ name: 'locked', nodes }] }));
  await engine.close();
  engine = await createEngine({
    kind: 'browser',
    version: '0',
    inventoryPath,
    stateDir: join(folder, 'state'),
  });
  try {
    const locked = await until('locked', (cluster) => cluster.nodes.every((each) => each.failure));
    expect(locked.nodes.map((each) => each.failure?.lockedKey)).toEqual([key, key]);
    expect(locked.nodes[0]?.failure?.kind).toBe('login-refused');
    const unlock = (passphrase: string) =>
      engine.handlers['node.unlock']({ cluster: 'locked', node: 'fw1', passphrase });
    expect(await unlock('open sesame')).toEqual({ accepted: true });
    const opened = await until('opened', (cluster) => cluster.verdict === 'ok');
    expect(JSON.stringify(opened)).not.toContain('sesame');
    expect(await unlock('again')).toMatchObject({ accepted: false });
  } finally {
    await engine.close();
    await demo.close();
  }
}, 30_000);

it('remembers over a restart what happened, and says when it cannot', async () => {
  const host = {
    kind: 'browser',
    version: '0',
    inventoryPath: join(folder, 'clusters.yaml'),
    stateDir: join(folder, 'state'),
    keepsHistory: true,
  } as const;
  await engine.close();
  engine = await createEngine(host);
  await engine.handlers['inventory.openDemo']({});
  const { observedAt } = await until('healthy', (cluster) => cluster.verdict === 'ok');
  await until('a second more', (cluster) => cluster.observedAt > observedAt + 1_100);
  const second = await createEngine(host);
  const notices = await new Promise<readonly string[]>((resolve) => {
    second.subscribe('fleet', (fleet) => resolve(fleet.notices ?? []));
  });
  await second.close();
  expect(notices.join(' ')).toMatch(/history/i);

  await engine.close();
  engine = await createEngine(host);
  await engine.handlers['inventory.openDemo']({});
  await until('read again', (cluster) => cluster.nodes.some((each) => each.reachable));
  const series = await engine.handlers['history.series']({ cluster: 'demo', seconds: 300, points: 300 });
  expect(series.times.some((at) => at <= observedAt + 1_100)).toBe(true);
}, 30_000);
