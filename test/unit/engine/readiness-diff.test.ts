/** That two nodes are read and compared when an operator asks what a slave has otherwise than its master. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createEngine, type Engine } from '../../../main/engine.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';

let folder: string;
let engine: Engine;
let newest: ClusterSnapshot | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handover-compare-'));
  engine = await createEngine({
    kind: 'browser',
    version: '0',
    inventoryPath: join(folder, 'clusters.yaml'),
    stateDir: join(folder, 'state'),
  });
  await engine.handlers['inventory.openDemo']({});
  engine.subscribe('fleet', ({ clusters: [cluster] }) => {
    newest = cluster;
  });
  await vi.waitFor(() => expect(newest?.verdict).toBe('ok'), 30_000);
}, 60_000);
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

it('a slave is compared with its master, each part with the command that read it just now', async () => {
  const slave = newest?.nodes.find((node) => node.name !== newest?.master)?.name ?? '';
  const before = Date.now();
  const answer = await engine.handlers['readiness.diff']({ cluster: newest?.name ?? '', node: slave });
  if (!answer.accepted) throw new Error(answer.reason);
  expect(answer.diff).toMatchObject({ node: slave, master: newest?.master });
  expect(answer.diff.parts.map(({ what, lines, left, failure }) => [what, lines, left, failure])).toEqual([
    ['rules', [], 0, undefined],
    ['settings', [], 0, undefined],
    ['helpers', [], 0, undefined],
    ['routes', [], 0, undefined],
  ]);
  expect(answer.diff.parts[0]?.source).toContain('nft list ruleset');
  expect(answer.diff.parts[3]?.source).toMatch(/ip -j route; .*ip -j -6 route/);
  expect(answer.diff.parts.every(({ observedAt }) => observedAt >= before)).toBe(true);
}, 30_000);

it('there is nothing to compare the master with, nor a node that is not there', async () => {
  const ask = (node: string) => engine.handlers['readiness.diff']({ cluster: newest?.name ?? '', node });
  expect(await ask(newest?.master ?? '')).toMatchObject({
    accepted: false,
    reason: expect.stringContaining('is the master'),
  });
  expect(await ask('fw9')).toMatchObject({ accepted: false });
});
