import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEvents } from '../../../main/connections/store/apply-events.ts';
import { tableBuilder } from '../../../main/connections/store/builder.ts';
import { connectionOf } from '../../../main/connections/store/connection-of.ts';
import { readEvents } from '../../../main/connections/store/event-lines.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import { asRoot, connectionsIn, startAt, story, sync } from './as-read.ts';

/** Beside each other: what the simulation prints, and what the real programs printed on Debian 12. */
const fixture = (path: string): string =>
  readFileSync(join(import.meta.dirname, '../../fixtures', path), 'utf8');

/** A number and the blanks that pad it, by their width alone. */
const widths = (text: string): string => text.replace(/ *\d+/g, (match) => `<${match.length}>`);
const withoutNumbers = (text: string): string =>
  text.replace(/[0-9a-f]{2}(:[0-9a-f]{2}){5}|fe80:[0-9a-f:]+/g, 'ADDRESS').replace(/\d+/g, 'N');

const { shells } = story();
const [master, backup] = shells;

describe('byte for byte but for the numbers', () => {
  it.each(['network', 'cache', 'runtime', 'link', 'queue'])('conntrackd -s %s', (form) => {
    const real = fixture(`conntrackd/1.4.7/s_${form}_master.txt`).replaceAll('eth0', 'sync');
    const ours = asRoot(master, ['conntrackd', '-s', form]).replaceAll('sync0', 'sync');
    expect(widths(ours).replace(/uptime:.*/, 'uptime')).toBe(widths(real).replace(/uptime:.*/, 'uptime'));
  });

  it.each([master, backup])('conntrackd -s', (shell) => {
    const real = fixture('conntrackd/1.4.7/s_general_master.txt').replaceAll('eth0', 'sync');
    expect(widths(asRoot(shell, ['conntrackd', '-s']).replaceAll('sync0', 'sync'))).toBe(widths(real));
  });

  it('conntrack -S', () => {
    const real = fixture('conntrack/1.4.7/S.txt');
    expect(withoutNumbers(asRoot(master, ['conntrack', '-S']))).toBe(withoutNumbers(real));
  });

  it('conntrack -L tells the number of its entries beside its output', () => {
    const { stdout, stderr } = master.run(['sudo', '-n', 'conntrack', '-L']);
    const shown = stdout.split('\n').length - 1;
    expect(stderr).toBe(`conntrack v1.4.7 (conntrack-tools): ${shown} flow entries have been shown.\n`);
  });
});

describe.each([
  ['master', master],
  ['backup', backup],
] as const)('keepalived and ip on the %s', (role, shell) => {
  const dump = (signal: number, form: string): string => {
    const told = story();
    const own = told.shells[role === 'master' ? 0 : 1];
    asRoot(own, ['pkill', '--signal', String(signal), '-x', 'keepalived', '-F', '/run/keepalived.pid']);
    told.wait(100);
    return asRoot(own, ['cat', `/tmp/keepalived.${form}`]);
  };

  it('JSON: the same keys in the same order, the same kinds of values', () => {
    expect(withoutNumbers(dump(36, 'json'))).toBe(withoutNumbers(fixture(`demo/keepalived_${role}.json`)));
  });

  it('data: no line that the real dump has not, all of them in its order', () => {
    const real = withoutNumbers(
      fixture(`demo/keepalived_${role}.data`).replace(/File = .*\//g, 'File = /'),
    ).split('\n');
    const ours = withoutNumbers(dump(10, 'data').replace(/File = .*\//g, 'File = /')).split('\n');
    // Of the settings at the top and of the interfaces a few lines stand for all; the rest is whole.
    const whole = (lines: string[]) =>
      lines.slice(
        lines.indexOf('------< VRRP Topology >------'),
        lines.indexOf('------< Interfaces >------'),
      );
    const withoutSockets = whole(real)
      .join('\n')
      .replace(/------< VRRP Sockpool >[^<]*(?=------<)/, '');
    expect(whole(ours).join('\n')).toBe(
      withoutSockets.replace('Script security disabled', 'Script security enabled'),
    );
  });

  it('ip -j addr: the same keys in the same order', () => {
    const keys = (text: string) =>
      text
        .replace(/"link_index":\d+,|,"link_netnsid":\d+/g, '')
        .match(/"\w+":/g)
        ?.join('');
    expect(keys(asRoot(shell, ['ip', '-j', 'addr']))).toBe(keys(fixture(`demo/ip_addr_${role}.json`)));
  });
});

it('conntrack -E tells all that makes of one dump the next', () => {
  const told = story();
  const [shell] = told.shells;
  const dump = ['conntrack', '-L', '-o', 'extended,id'];
  const table = tableBuilder();
  for (const connection of connectionsIn(asRoot(shell, dump))) table.append(connection);
  const lines: string[] = [];
  const stop = shell.follow(
    ['sudo', '-n', 'conntrack', '-E', '-o', 'timestamp,id,extended'],
    (line) => void lines.push(line),
  );
  told.wait(30_000);
  stop?.();
  const { events, unreadable } = readEvents(Buffer.from(lines.join('')));
  expect(unreadable).toBe(0);
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['new', 'update', 'destroy']));
  const { columns } = applyEvents(table.done(), events, startAt / 1000 + 30, undefined);
  const followed = Array.from({ length: columns.length }, (_, row) => connectionOf(columns, row));
  const looks = ({ id, state, flags }: Connection) => JSON.stringify([id, state, flags]);
  expect(followed.map(looks).sort()).toEqual(connectionsIn(asRoot(shell, dump)).map(looks).sort());
});

it('ip monitor says which addresses came and went, in one line each', () => {
  const told = story();
  const lines: string[] = [];
  told.shells[1].follow(['ip', '-o', 'monitor', 'address'], (line) => lines.push(line));
  asRoot(told.shells[0], ['tee', '/var/lib/handover/handover'], '-100\n');
  told.wait(5_000);
  asRoot(told.shells[0], ['tee', '/var/lib/handover/handover'], '0\n');
  told.wait(5_000);
  const real = fixture('demo/ip_monitor.txt')
    .split('\n')
    .filter((line) => line.includes('secondary'));
  expect(lines.map((line) => withoutNumbers(line.trimEnd())).sort()).toEqual(real.map(withoutNumbers).sort());
});

it('an unknown program, a missing file and a missing right are refused in the real words', () => {
  expect(master.run(['iptables', 'list'])).toMatchObject({
    exitCode: 127,
    stderr: expect.stringContaining('command not found'),
  });
  expect(master.run(['cat', '/none'])).toMatchObject({
    exitCode: 1,
    stderr: 'cat: /none: No such file or directory\n',
  });
  expect(master.run(['/usr/sbin/conntrack', '-C']).stderr).toContain('you must be root or get CAP_NET_ADMIN');
  expect(master.run(sync.log('/var/log/conntrackd.log').argv).stderr).toContain('Permission denied');
  expect(master.run(['tee', '/var/lib/handover/handover'], '-100\n').exitCode).toBe(1);
  expect(asRoot(master, ['cat', '/var/lib/handover/handover'])).toBe('0\n');
});
