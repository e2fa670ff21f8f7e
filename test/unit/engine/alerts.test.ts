/** Alerts of the whole engine: raised, told to the operator's command, acknowledged. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEngine, type Engine } from '../../../main/engine.ts';
import { raisedPhase } from '../../../shared/domain/alert.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';

let folder: string;
let engine: Engine;
let newest: ClusterSnapshot | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-alerts-'));
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Watches a node where nothing listens, with a clock that is ten times as fast. */
async function open(command: string[], tellsAlerts: boolean, keepsHistory = false): Promise<void> {
  const inventoryPath = join(folder, 'clusters.yaml');
  const nodes = [{ name: 'fw1', host: '127.0.0.1', port: 1, user: 'kim', identityFile: '/nowhere' }];
  writeFileSync(inventoryPath, JSON.stringify({ clusters: [{ name: 'edge', nodes }], alerts: { command } }));
  const start = Date.now();
  engine = await createEngine(
    {
      kind: 'browser',
      version: '0',
      inventoryPath,
      stateDir: join(folder, 'state'),
      tellsAlerts,
      keepsHistory,
    },
    () => start + (Date.now() - start) * 10,
  );
  engine.subscribe('fleet', ({ clusters: [cluster] }) => {
    newest = cluster;
  });
}

const latest = (): ClusterSnapshot | undefined => newest;
const raised = () => (newest?.alerts ?? []).filter(raisedPhase).map(({ id }) => id);

it('a dead node is raised, told to the command as JSON, and can be acknowledged with a note', async () => {
  const told = join(folder, 'told');
  await open(
    [process.execPath, '-e', `fs.appendFileSync(${JSON.stringify(told)}, fs.readFileSync(0))`],
    true,
  );
  const acknowledge = (alert: string) =>
    engine.handlers['alerts.acknowledge']({ cluster: 'edge', alert, note: 'new power supply' });
  expect(await acknowledge('node-gone fw1')).toMatchObject({ accepted: false });
  await vi.waitFor(() => expect(raised()).toEqual(['node-gone fw1']), 15_000);
  expect(await acknowledge('node-gone fw1')).toEqual({ accepted: true });
  const lines = () => readFileSync(told, 'utf8').trim().split('\n');
  await vi.waitFor(() => expect(lines()).toHaveLength(2), 15_000);
  expect(lines().map((line) => JSON.parse(line))).toMatchObject([
    { event: 'raised', cluster: 'edge', alert: { name: 'node-gone', node: 'fw1' } },
    { event: 'acknowledged', alert: { acknowledged: { note: 'new power supply' } } },
  ]);
  expect(newest?.events.at(-1)).toMatchObject({ kind: 'alert', node: 'fw1' });
  expect(newest?.events.at(-1)?.message).toContain('Note: new power supply');
}, 40_000);

it('a command that fails is an event of the cluster, and the engine goes on', async () => {
  await open(['/nowhere/page'], true);
  await vi.waitFor(
    () => expect(newest?.events.some(({ source }) => source === 'alert command')).toBe(true),
    15_000,
  );
  expect(newest?.events.find(({ source }) => source === 'alert command')?.message).toContain(
    'The alert command /nowhere/page was not told that "node-gone fw1" was raised',
  );
  const revision = newest?.revision ?? 0;
  await vi.waitFor(() => expect(newest?.revision).toBeGreaterThan(revision), 5_000);
}, 30_000);

it('a command line that only asks once raises alerts and tells nobody', async () => {
  await open(['/nowhere/page'], false);
  await vi.waitFor(() => expect(raised()).toEqual(['node-gone fw1']), 15_000);
  expect(newest?.events.filter(({ kind }) => kind === 'alert')).toEqual([]);
}, 30_000);

it('after a restart an alert that stands is raised as before, with its note, and is not told again', async () => {
  const told = join(folder, 'told');
  const command = [process.execPath, '-e', `fs.appendFileSync(${JSON.stringify(told)}, fs.readFileSync(0))`];
  const events = () => (existsSync(told) ? readFileSync(told, 'utf8').trim().split('\n') : []);
  await open(command, true, true);
  await vi.waitFor(() => expect(events()).toHaveLength(1), 15_000);
  await engine.handlers['alerts.acknowledge']({ cluster: 'edge', alert: 'node-gone fw1', note: 'mine' });
  await vi.waitFor(() => expect(events()).toHaveLength(2), 15_000);
  const before = newest?.alerts?.[0];
  await engine.close();

  newest = undefined;
  await open(command, true, true);
  await vi.waitFor(() => expect(latest()?.nodes[0]?.failure).toBeDefined(), 15_000);
  expect(latest()?.alerts?.[0]?.phase).toEqual(before?.phase);
  const revision = latest()?.revision ?? 0;
  await vi.waitFor(() => expect(latest()?.revision).toBeGreaterThan(revision + 3), 15_000);
  expect(events()).toHaveLength(2);
}, 60_000);

it('the command is the one that the inventory names when there is something to tell', async () => {
  const told = join(folder, 'told');
  await open(['/nowhere/page'], true);
  const path = join(folder, 'clusters.yaml');
  const text = readFileSync(path, 'utf8');
  const command = [process.execPath, '-e', `fs.appendFileSync(${JSON.stringify(told)}, fs.readFileSync(0))`];
  writeFileSync(path, JSON.stringify({ ...JSON.parse(text), alerts: { command } }));
  await vi.waitFor(() => expect(existsSync(told)).toBe(true), 15_000);
  expect(JSON.parse(readFileSync(told, 'utf8'))).toMatchObject({ event: 'raised' });
}, 40_000);
