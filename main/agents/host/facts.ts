import type { KernelSettings } from '../../../shared/domain/node-facts.ts';
import { type Command, command } from '../command.ts';

/** Settings that decide whether a taken-over connection goes on: they must be the same on every node. */
const settings = [
  'net.ipv4.ip_forward',
  'net.ipv4.ip_nonlocal_bind',
  'net.ipv4.conf.all.rp_filter',
  'net.ipv6.conf.all.forwarding',
  ...[
    ...['max', 'events', 'acct', 'timestamp', 'checksum', 'helper', 'tcp_loose', 'tcp_be_liberal'],
    ...['tcp_ignore_invalid_rst', 'tcp_timeout_established', 'udp_timeout', 'udp_timeout_stream'],
    'generic_timeout',
  ].map((name) => `net.netfilter.nf_conntrack_${name}`),
];

/** `-e`: a setting that this kernel does not have is no error. */
export const settingsCommand: Command = command(['/usr/sbin/sysctl', '-e', ...settings]);

export const parseSettings = (stdout: string): KernelSettings =>
  Object.fromEntries(
    [...stdout.matchAll(/^([\w.]+)\s*=\s*(.*?)\s*$/gm)].map(([, name = '', value = '']) => [name, value]),
  );

/** A kernel without modules has no such file: its helpers are built in. */
export const modulesCommand: Command = command(['/usr/bin/cat', '/proc/modules']);

const helper =
  /^nf_(?:conntrack|nat)_(?:amanda|broadcast|ftp|h323|irc|netbios_ns|pptp|sane|sip|snmp|snmp_basic|tftp)$/;

/** The connection-tracking helpers among the loaded modules. */
export const parseHelpers = (stdout: string): string[] =>
  stdout
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => helper.test(name))
    .sort();

/** A small text file: a configuration, a script. */
export const fileCommand = (path: string): Command => command(['/usr/bin/cat', path]);

/** The files of a folder whose names match a pattern of the shell, a line each. */
export const filesCommand = (folder: string, pattern: string): Command =>
  command(['/usr/bin/find', folder, '-maxdepth', '1', '-name', pattern]);

/** What a path is and who may run it: `%n %a %F` of each. */
export const programsCommand = (paths: readonly string[]): Command =>
  command(['/usr/bin/stat', '-L', '-c', '%n\t%a\t%F', ...paths]);

export function parsePrograms(stdout: string, paths: readonly string[]) {
  const lines = stdout.split('\n').map((line) => line.split('\t'));
  return paths.map((path) => {
    const [, mode = '', type = ''] = lines.find(([name]) => name === path) ?? [];
    const runs = type.startsWith('regular') && (Number.parseInt(mode, 8) & 0o111) !== 0;
    return { path, state: mode === '' ? 'missing' : runs ? 'executable' : 'not-executable' } as const;
  });
}
