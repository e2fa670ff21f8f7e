import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAuditLog } from '../../../main/failover/audit-log.ts';
import { runLocks } from '../../../main/failover/run-lock.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
});
afterEach(() => rm(folder, { recursive: true }));

const entry = {
  kind: 'intent',
  cluster: 'edge',
  planId: 'p',
  node: 'fw1',
  command: ['/usr/bin/tee', '/f'],
  stdin: '-100\n',
} as const;

it('appends a line an entry: when, who, from where and what, for its owner’s eyes alone', async () => {
  const stateDir = join(folder, 'state');
  const audit = openAuditLog(stateDir, () => Date.UTC(2026, 10, 22));
  expect((await audit(entry)).ok).toBe(true);
  expect((await openAuditLog(stateDir, Date.now)({ ...entry, kind: 'outcome', outcome: 'done' })).ok).toBe(
    true,
  );
  const lines = (await readFile(join(stateDir, 'audit.log'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({ at: '2026-11-22T00:00:00.000Z', ...entry });
  expect(Object.keys(lines[0].who).sort()).toEqual(['host', 'uid', 'user']);
  expect((await stat(join(stateDir, 'audit.log'))).mode & 0o777).toBe(0o600);
  expect((await stat(stateDir)).mode & 0o777).toBe(0o700);
});

it('says why it cannot be written', async () => {
  const blocked = join(folder, 'file');
  await writeFile(blocked, '');
  const result = await openAuditLog(blocked, Date.now)(entry);
  expect(result).toMatchObject({ ok: false, error: expect.stringMatching(/EEXIST|ENOTDIR/) });
});

it('lets one run move a cluster, and another one after it', () => {
  const [mine, theirs] = [runLocks(folder), runLocks(folder)];
  const held = mine('edge / one');
  expect(theirs('edge / one')).toMatchObject({
    ok: false,
    error: expect.stringContaining('Another Handover'),
  });
  expect(theirs('core').ok).toBe(true);
  if (held.ok) held.value();
  expect(theirs('edge / one').ok).toBe(true);
});
