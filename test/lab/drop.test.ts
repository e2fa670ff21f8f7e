/** That a connection is dropped on a real node by its exact tuple: its neighbours live, and the audit line stands before. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, up } from './lab.ts';

const command = new URL('../../main/cli/main.ts', import.meta.url).pathname;
const state = mkdtempSync(join(tmpdir(), 'handover-drop-'));

const drop = (...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const options = { env: { ...process.env, XDG_STATE_HOME: state } };
    execFile(
      process.execPath,
      [command, 'drop', '--cluster', 'lab', ...words],
      options,
      (failed, stdout, stderr) => resolve({ code: Number(failed?.code ?? 0), stdout, stderr }),
    );
  });

let lab: Lab;
beforeAll(async () => {
  lab = await up();
  await lab.untilInStep();
}, 120_000);
afterAll(async () => {
  await lab?.down();
  rmSync(state, { recursive: true, force: true });
});

/** Entries that nothing else makes, which differ in one thing each. */
const entries: readonly (readonly string[])[] = [
  ['-s', '198.51.100.7', '-d', '198.51.100.8', '-p', 'tcp', '--sport', '41000', '--dport', '443'],
  ['-s', '198.51.100.7', '-d', '198.51.100.8', '-p', 'tcp', '--sport', '41000', '--dport', '443', '-w', '7'],
  ['-s', '198.51.100.7', '-d', '198.51.100.8', '-p', 'tcp', '--sport', '41001', '--dport', '443'],
  ['-s', '198.51.100.7', '-d', '198.51.100.8', '-p', 'udp', '--sport', '41000', '--dport', '443'],
  [
    ...['-s', '198.51.100.7', '-d', '198.51.100.8', '-p', 'icmp'],
    '--icmp-type',
    '8',
    '--icmp-code',
    '0',
    '--icmp-id',
    '77',
  ],
  [
    ...['-s', '198.51.100.7', '-d', '198.51.100.8', '-p', 'icmp'],
    '--icmp-type',
    '8',
    '--icmp-code',
    '0',
    '--icmp-id',
    '78',
  ],
  ['-s', '2001:db8::7', '-d', '2001:db8::8', '-p', 'udp', '--sport', '41000', '--dport', '53'],
];
const ours = 'addr in {198.51.100.7, 2001:db8::7}';

async function insertAll(): Promise<void> {
  for (const entry of entries) {
    const isTcp = entry.includes('tcp');
    await lab.exec('fw1', [
      ...['/usr/sbin/conntrack', '-I', ...entry, '-t', '300'],
      ...(isTcp ? ['--state', 'ESTABLISHED', '-u', 'SEEN_REPLY,ASSURED'] : []),
    ]);
  }
}

/** What is left of them, a line each without what moves. */
async function left(): Promise<string[]> {
  const lists = await Promise.all(
    ['ipv4', 'ipv6'].map((family) => lab.exec('fw1', ['/usr/sbin/conntrack', '-L', '-f', family])),
  );
  return lists
    .flatMap(({ stdout }) => stdout.split('\n'))
    .filter((line) => /src=(198\.51\.100\.7|2001:db8::7) /.test(line));
}

describe('dropping by exact tuple', () => {
  test.each([
    ['a TCP connection, not its twin in another zone', 'tcp and sport == 41000 and zone == 0'],
    ['one of a zone', 'tcp and sport == 41000 and zone == 7'],
    ['a UDP flow', 'udp and ipv4'],
    ['one echo of two', 'icmp.id == 77'],
    ['a flow of IPv6', 'ipv6 and udp'],
  ])('%s', async (_what, filter) => {
    await insertAll();
    const before = await left();
    expect(before).toHaveLength(entries.length);
    const words = ['--node', 'fw1', '--filter', `${ours} and ${filter}`, '--inventory', lab.inventory.ops];
    const preview = await drop(...words, '--json');
    expect(preview.code, preview.stderr).toBe(0);
    expect((JSON.parse(preview.stdout) as { entries: unknown[] }).entries).toHaveLength(1);
    expect(await left()).toHaveLength(entries.length);

    const done = await drop(...words, '--confirm', 'lab', '--json');
    expect(done.code, done.stderr + done.stdout).toBe(0);
    expect(await left()).toHaveLength(entries.length - 1);
    const audit = readFileSync(join(state, 'handover', 'audit.log'), 'utf8')
      .trim()
      .split('\n')
      .slice(-2);
    expect(audit.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(['intent', 'outcome']);
  });

  test('is refused to a login without a rule for it, with what helps, and nothing is sent', async () => {
    await insertAll();
    const words = [
      '--node',
      'fw1',
      '--filter',
      ours,
      '--inventory',
      lab.inventory.viewer,
      '--confirm',
      'lab',
    ];
    const refused = await drop(...words);
    expect([2, 3]).toContain(refused.code);
    expect(refused.stderr).toMatch(/sudo/);
    expect(await left()).toHaveLength(entries.length);
  });
});
