/** One firewall node: its files, its namespaces, its services. */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installedStatusReader } from '../../main/agents/status-reader.ts';
import { installedReader } from '../../main/agents/table/conntrack/read-ways.ts';
import { conntrackdConf, conntrackdFile } from './conntrackd-conf.ts';
import { hosts, keepalivedConf, levers, ruleset, sshdConfig, sysctls } from './node-files.ts';
import type { LabPlan, NodePlan } from './plan.ts';
import { type CommandOptions, type CommandResult, must, run } from './shell.ts';
import { enter, keptFolder, startProcess, stateFolder, untilUp } from './spaces.ts';

/** The accounts that a console may use: `ops` with the sudo allow list, `viewer` without any. Root's key is the same. */
const accounts = [
  { name: 'ops', id: 7001 },
  { name: 'viewer', id: 7002 },
] as const;

const ownFile = (name: string): string => fileURLToPath(new URL(`./node/${name}`, import.meta.url));
const assetFile = (name: string): string =>
  fileURLToPath(new URL(`../../assets/node/${name}`, import.meta.url));

/** Writes the node's files where its process 1 finds them and lays them over the machine's own. */
export async function stageNode(node: NodePlan, plan: LabPlan, consoleKey: string): Promise<void> {
  const root = `${stateFolder}/nodes/${node.name}`;
  const put = (path: string, content: string, mode = 0o644): void => {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, content);
    chmodSync(root + path, mode);
  };
  const copy = (from: string, path: string, mode: number): void => {
    mkdirSync(dirname(root + path), { recursive: true });
    copyFileSync(from, root + path);
    chmodSync(root + path, mode);
  };

  put('/etc/hostname', `${node.name}\n`);
  put('/etc/hosts', hosts(plan));
  put('/etc/nftables.conf', ruleset);
  put(conntrackdFile, conntrackdConf(node, plan));
  copy(ownFile('primary-backup.sh'), '/etc/conntrackd/primary-backup.sh', 0o755);
  put('/etc/keepalived/keepalived.conf', keepalivedConf(node, plan), 0o600);
  copy(assetFile('keepalived-handover.conf'), '/etc/keepalived/handover.conf', 0o644);
  copy(assetFile('sudoers-handover'), '/etc/sudoers.d/handover', 0o440);
  copy(assetFile('conntrack-dump.pl'), installedReader, 0o755);
  copy(assetFile('status-reader'), installedStatusReader, 0o755);
  put('/etc/sudoers.d/handover-more', 'ops ALL=(root) NOPASSWD: HANDOVER_CANARY, HANDOVER_DROP\n', 0o440);
  put('/etc/ssh/sshd_config', sshdConfig(node));
  for (const suffix of ['', '.pub']) {
    copy(
      `${await hostKey(node)}${suffix}`,
      `/etc/ssh/ssh_host_ed25519_key${suffix}`,
      suffix === '' ? 0o600 : 0o644,
    );
  }
  for (const log of ['conntrackd', 'keepalived']) put(`/var/log/${log}.log`, '');
  for (const lever of levers) put(lever, '0\n');

  put(
    '/accounts/passwd',
    accounts.map(({ name, id }) => `${name}:x:${id}:${id}::/home/${name}:/bin/bash\n`).join(''),
  );
  put('/accounts/group', accounts.map(({ name, id }) => `${name}:x:${id}:\n`).join(''));
  put('/accounts/shadow', accounts.map(({ name }) => `${name}:*:20000:0:99999:7:::\n`).join(''), 0o600);
  for (const { home, id } of [
    { home: '/root', id: 0 },
    ...accounts.map(({ name, id }) => ({ home: `/home/${name}`, id })),
  ]) {
    // Every remote command reads .bashrc: the machine's own may be slow.
    put(`${home}/.bashrc`, '');
    put(`${home}/.ssh/authorized_keys`, consoleKey, 0o600);
    chmodSync(root + home, 0o700);
    chmodSync(`${root}${home}/.ssh`, 0o700);
    for (const path of ['', '/.bashrc', '/.ssh', '/.ssh/authorized_keys'])
      chownSync(root + home + path, id, id);
  }
}

/** The path of the node's private host key, made at the first `up` and kept over all later ones. */
export async function hostKey(node: NodePlan): Promise<string> {
  const path = `${keptFolder}/${node.name}/ssh_host_ed25519_key`;
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', node.name, '-f', path]);
  }
  return path;
}

/** Gives the node its namespaces and files. It has no cable yet, and nothing runs. */
export async function startNode(node: NodePlan): Promise<void> {
  // a copy: the machine's /root, where a clone may lie, is the node's own; and one each, for they start at one time
  const init = `${stateFolder}/nodes/${node.name}.sh`;
  cpSync(ownFile('init.sh'), init);
  startProcess(node.name, [
    'unshare',
    '--net',
    '--mount',
    '--uts',
    '--ipc',
    '--pid',
    '--fork',
    '--kill-child',
    '--',
    '/bin/bash',
    init,
    node.name,
    `${stateFolder}/nodes/${node.name}`,
    `${stateFolder}/spaces/${node.name}`,
  ]);
  await untilUp(node.name);
  rmSync(`${stateFolder}/nodes/${node.name}`, { recursive: true });
}

/** After the cables are in: the kernel's settings and the rules. */
export async function configureKernel(node: NodePlan): Promise<void> {
  await mustOn(node.name, [
    'sysctl',
    '-q',
    '-w',
    ...Object.entries(sysctls).map(([key, value]) => `${key}=${value}`),
  ]);
  await mustOn(node.name, ['nft', '-f', '/etc/nftables.conf']);
}

/** Runs a program on the node as its root, in all of its namespaces. */
export function runOn(
  node: string,
  argv: readonly string[],
  options?: CommandOptions,
): Promise<CommandResult> {
  return run([...enter(node, 'node'), ...argv], options);
}

export function mustOn(node: string, argv: readonly string[], options?: CommandOptions): Promise<string> {
  return must([...enter(node, 'node'), ...argv], options);
}
