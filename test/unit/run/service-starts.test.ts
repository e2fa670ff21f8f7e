import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withServiceStartsBlocked } from '../../run/service-starts.ts';

let folder = '';
let policy = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-policy-'));
  policy = join(folder, 'policy-rc.d');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ask = () => spawnSync(policy, ['ssh', 'start']).status;
const identity = () => {
  const { ino, mode, mtimeMs, uid } = lstatSync(policy);
  return { ino, mode, mtimeMs, uid };
};

describe('while packages are installed', () => {
  test('every start of a service is refused', async () => {
    expect(await withServiceStartsBlocked(async () => ask(), policy)).toBe(101);
  });

  test('it is refused though the machine has a policy that allows it', async () => {
    writeFileSync(policy, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    expect(ask()).toBe(0);
    expect(await withServiceStartsBlocked(async () => ask(), policy)).toBe(101);
    expect(ask()).toBe(0);
  });
});

describe('afterwards the machine has the policy that it had', () => {
  test('none', async () => {
    await withServiceStartsBlocked(async () => {}, policy);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('the very same file', async () => {
    writeFileSync(policy, '#!/bin/sh\nexit 104\n');
    chmodSync(policy, 0o710);
    const before = identity();
    await withServiceStartsBlocked(async () => {}, policy);
    expect(identity()).toEqual(before);
    expect(readdirSync(folder)).toEqual(['policy-rc.d']);
  });

  test('a link, even one that leads nowhere', async () => {
    symlinkSync('/nowhere/policy', policy);
    await withServiceStartsBlocked(async () => {}, policy);
    expect(readlinkSync(policy)).toBe('/nowhere/policy');
  });

  test('when the installation fails', async () => {
    writeFileSync(policy, 'before');
    const failing = withServiceStartsBlocked(() => Promise.reject(new Error('no network')), policy);
    await expect(failing).rejects.toThrow('no network');
    expect(readFileSync(policy, 'utf8')).toBe('before');
  });

  test('when the process exits in the middle', () => {
    writeFileSync(policy, 'before');
    const script = `
      import { withServiceStartsBlocked } from ${JSON.stringify(import.meta.resolve('../../run/service-starts.ts'))};
      await withServiceStartsBlocked(async () => process.exit(7), ${JSON.stringify(policy)});`;
    expect(spawnSync(process.execPath, ['--input-type=module', '--eval', script]).status).toBe(7);
    expect(readFileSync(policy, 'utf8')).toBe('before');
  });

  test('when a run before was killed and could put nothing back', async () => {
    writeFileSync(policy, 'before');
    const script = `
      import { withServiceStartsBlocked } from ${JSON.stringify(import.meta.resolve('../../run/service-starts.ts'))};
      await withServiceStartsBlocked(async () => process.kill(process.pid, 'SIGKILL'), ${JSON.stringify(policy)});`;
    spawnSync(process.execPath, ['--input-type=module', '--eval', script]);
    expect(existsSync(policy) && readFileSync(policy, 'utf8')).not.toBe('before');
    await withServiceStartsBlocked(async () => {}, policy);
    expect(readFileSync(policy, 'utf8')).toBe('before');
  });
});
