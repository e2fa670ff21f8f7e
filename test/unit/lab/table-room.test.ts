/** Settings that hold for the whole machine come back, however a bench ends. A folder stands in for the kernel's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeTableRoom } from '../../lab/table-room.ts';

const module = new URL('../../lab/table-room.ts', import.meta.url).href;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-room-'));
  writeFileSync(join(folder, 'nf_conntrack_max'), '262144\n');
  writeFileSync(join(folder, 'nf_conntrack_buckets'), '65536\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const settings = () => ({
  max: readFileSync(join(folder, 'nf_conntrack_max'), 'utf8'),
  buckets: readFileSync(join(folder, 'nf_conntrack_buckets'), 'utf8'),
});
const before = { max: '262144\n', buckets: '65536\n' };

test('a million entries have room until it is closed', async () => {
  const room = await makeTableRoom(1_000_500, folder);
  expect(settings()).toEqual({ max: '1000500\n', buckets: '524288\n' });
  await room.close();
  expect(settings()).toEqual(before);
});

test('a table that fits already changes nothing', async () => {
  const room = await makeTableRoom(10_000, folder);
  expect(settings()).toEqual(before);
  await room.close();
  expect(settings()).toEqual(before);
});

test('who comes next waits until they are back, and does not take one’s room for them', async () => {
  const room = await makeTableRoom(1_000_500, folder);
  const next = makeTableRoom(2_000_500, folder);
  await room.close();
  expect(settings().max).not.toBe('1000500\n');
  await (await next).close();
  expect(settings()).toEqual(before);
});

/** A process that makes room and then does `then`. */
async function madeBy(then: string) {
  const script = `const { makeTableRoom } = await import(${JSON.stringify(module)});
    await makeTableRoom(1_000_500, ${JSON.stringify(folder)}); console.log('made'); ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  return { child, ended };
}

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('they come back after %s', async (signal) => {
  const { child, ended } = await madeBy('setInterval(() => undefined, 1_000);');
  expect(settings().max).toBe('1000500\n');
  child.kill(signal);
  await ended;
  await vi.waitFor(() => expect(settings()).toEqual(before), { timeout: 5_000 });
});

test.each([
  ['throws', 'throw new Error("a bench that failed");'],
  ['just ends', 'process.exit(0);'],
])('they come back after a process that %s', async (_, then) => {
  await (await madeBy(then)).ended;
  await vi.waitFor(() => expect(settings()).toEqual(before), { timeout: 5_000 });
});

test('a setting that cannot be put back is told', async () => {
  const room = await makeTableRoom(1_000_500, folder);
  rmSync(folder, { recursive: true });
  await expect(room.close()).rejects.toThrow('could not be put back');
  folder = mkdtempSync(join(tmpdir(), 'handover-room-'));
});
