/** That the lab is what it claims to be: real programs, real faults, and a failover that can fail. */
import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { identityFile, knownHostsFile } from './inventory.ts';
import { attach, down, isLabUp, type Lab, up } from './lab.ts';
import { type CommandResult, run, until } from './shell.ts';
import { findProcesses, holderOf } from './spaces.ts';

const nobody = 65534;

/** What of this machine a lab must leave as it was. */
function machine(): Record<string, string[]> {
  const lines = (program: string, ...args: string[]): string[] =>
    execFileSync(program, args).toString().split('\n');
  return {
    mounts: readFileSync('/proc/mounts', 'utf8').split('\n'),
    namespaces: lines('ip', 'netns', 'list'),
    links: lines('ip', '-o', 'link').map((line) => line.split(': ')[1] ?? ''),
    addresses: lines('ip', '-o', '-4', 'address').map((line) => line.split(/\s+/).slice(1, 4).join(' ')),
    routes: lines('ip', 'route'),
    rules: lines('nft', 'list', 'ruleset'),
    run: readdirSync('/run'),
    settings: lines('/sbin/sysctl', '-e', '-a', '--pattern', '^(net|vm)\\.').filter(
      (line) => !/_count =/.test(line),
    ),
    accounts: readFileSync('/etc/passwd', 'utf8').split('\n'),
  };
}

/** The network namespace of a process; undefined when there is no such process any more. */
function networkOf(pid: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

function ssh(user: string, host: string, command: string): Promise<CommandResult> {
  return run([
    'ssh',
    '-F',
    'none',
    '-o',
    'BatchMode=yes',
    '-o',
    'IdentitiesOnly=yes',
    '-o',
    'ConnectTimeout=2',
    '-o',
    `UserKnownHostsFile=${knownHostsFile}`,
    '-i',
    identityFile,
    `${user}@${host}`,
    command,
  ]);
}

describe('coming and going', () => {
  test('leaves the machine as it was, and ends nothing that it did not start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'decoy-'));
    copyFileSync('/bin/sleep', join(folder, 'conntrackd'));
    const decoy = spawn(join(folder, 'conntrackd'), ['600'], { stdio: 'ignore' });
    try {
      await down();
      const before = machine();
      const lab = await up();
      await lab.traffic.start();
      await lab.fault('agent', true);
      await lab.fault('vrrp', true);
      const spaces = ['fw1', 'fw2', 'switch', 'client', 'server'].map((space) => networkOf(holderOf(space)));
      expect(new Set(spaces).size).toBe(5);
      await lab.down();
      expect(machine()).toEqual(before);
      const left = readdirSync('/proc').filter((pid) => spaces.includes(networkOf(pid)));
      expect(left).toEqual([]);
      expect([decoy.exitCode, decoy.signalCode]).toEqual([null, null]);
      expect(findProcesses()).toEqual([]);
      expect(isLabUp()).toBe(false);
      expect(() => attach()).toThrow('not up');
    } finally {
      decoy.kill();
      rmSync(folder, { recursive: true });
    }
  });

  test('comes up again over a lab that is up, and over one that is half gone', async () => {
    const first = await up();
    const hostKeys = readFileSync(knownHostsFile, 'utf8');
    const firstNode = holderOf('fw1');
    await first.fault('sync-link', true);
    // The lock is this process': a second `up` here stands for a second command after the first has ended.
    await first.release();
    const second = await up();
    expect(holderOf('fw1')).not.toBe(firstNode);
    expect((await second.status()).map((node) => [node.role, node.faults])).toEqual([
      ['master', []],
      ['slave', []],
    ]);
    expect(readFileSync(knownHostsFile, 'utf8')).toBe(hostKeys);

    process.kill(holderOf('fw1'), 'SIGKILL');
    process.kill(holderOf('server'), 'SIGKILL');
    await second.release();
    const third = await up();
    // it is not taken away under the one who uses it
    await expect(up({ patience: 300 })).rejects.toThrow(`process ${process.pid}`);
    expect(await third.master()).toBe('fw1');
    await third.down();
  });

  test('takes three nodes that do not preempt', async () => {
    const lab = await up({ nodes: 3, preempt: false });
    expect((await lab.status()).map((node) => node.role)).toEqual(['master', 'slave', 'slave']);
    await lab.fault('takeover', true, 'fw1');
    await lab.untilMaster('fw2');
    await lab.fault('takeover', false, 'fw1');
    // With preemption fw1 would be back after three adverts of fw2 and a little: it hears five, and stays a slave.
    const heard = await lab.exec('fw1', [
      'timeout',
      '15',
      'tcpdump',
      '-i',
      'lan0',
      '-c',
      '5',
      'src',
      '10.77.1.3',
      'and',
      'vrrp',
    ]);
    expect(heard.code).toBe(0);
    expect(await lab.master()).toBe('fw2');
    await lab.down();
  });
});

describe('a lab that is up', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await up({ owner: nobody });
  });
  afterAll(() => lab.down());

  const linkStatus = async (node: string): Promise<string> =>
    (await lab.exec(node, ['conntrackd', '-s', 'link'])).stdout;
  const knock = (host: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(22, host).setTimeout(1500, () => {
        resolve('silence');
        socket.destroy();
      });
      socket.once('data', (data: Buffer) => {
        resolve(data.toString().slice(0, 7));
        socket.destroy();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    });
  const addresses = (node: string): Promise<CommandResult> => lab.exec(node, ['ip', '-4', 'address', 'show']);

  test('gives its inventory and key to the one user who asked, and to nobody else', () => {
    const { clusters } = parse(readFileSync(lab.inventory.ops, 'utf8')) as {
      clusters: { name: string; nodes: { name: string; host: string; user: string; sudo: boolean }[] }[];
    };
    expect(clusters[0]?.name).toBe('lab');
    expect(clusters[0]?.nodes.map(({ name, host, user, sudo }) => [name, host, user, sudo])).toEqual([
      ['fw1', '10.77.250.1', 'ops', true],
      ['fw2', '10.77.250.2', 'ops', true],
    ]);
    for (const file of [lab.inventory.ops, lab.inventory.viewer, lab.inventory.root, identityFile]) {
      const { uid, mode } = statSync(file);
      expect([uid, mode & 0o777]).toEqual([nobody, 0o600]);
    }
  });

  test('lets ops do what the console sends, and nothing else', async () => {
    const conntrackd = '/usr/sbin/conntrackd -C /etc/conntrackd/conntrackd.conf';
    const reading = [
      ...['-s', '-s network', '-s cache', '-s runtime', '-s link', '-s queue', '-i', '-e'].map(
        (o) => `${conntrackd} ${o}`,
      ),
      ...['-C', '-S', '-L', '-L -o id', '-L -o extended,id', '-L -f ipv6 -o extended,id,ktimestamp'].map(
        (o) => `/usr/sbin/conntrack ${o}`,
      ),
      '/usr/bin/tail -n 200 /var/log/conntrackd.log',
      '/usr/bin/readlink /proc/1/exe',
      '/usr/bin/pkill --signal 36 -x keepalived -F /run/keepalived.pid',
      '/usr/bin/pkill --signal 10 -x keepalived -F /run/keepalived.pid',
    ];
    for (const command of reading) {
      const { code, stderr } = await ssh('ops', '10.77.250.1', `sudo -n ${command}`);
      expect([command, code, stderr.replace(/^conntrack v.*\n/, '')]).toEqual([command, 0, '']);
    }
    const forbidden = [
      `${conntrackd} -c`,
      `${conntrackd} -k`,
      '/usr/sbin/conntrack -F',
      '/usr/bin/tee /etc/passwd',
      '/bin/sh',
    ];
    for (const command of forbidden) {
      const { code, stderr } = await ssh('ops', '10.77.250.1', `sudo -n ${command}`);
      expect([command, code, stderr]).toEqual([command, 1, 'sudo: a password is required\n']);
    }
    expect((await ssh('viewer', '10.77.250.1', `sudo -n ${conntrackd} -s`)).stderr).toContain(
      'a password is required',
    );
    expect(
      (await ssh('viewer', '10.77.250.1', 'hostname; cat /etc/conntrackd/conntrackd.conf')).stdout,
    ).toMatch(/^fw1\nSync/);
  });

  test('has a keepalived that dumps its state, password and all, as 2.2.7 does', async () => {
    await ssh(
      'ops',
      '10.77.250.1',
      'sudo -n /usr/bin/pkill --signal 36 -x keepalived -F /run/keepalived.pid',
    );
    const instances = await until('the dump', async () => {
      const { stdout } = await ssh('ops', '10.77.250.1', 'sudo -n /usr/bin/cat /tmp/keepalived.json');
      try {
        return (JSON.parse(stdout) as { data: { iname: string; state: number; auth_data: string } }[]).map(
          (i) => i.data,
        );
      } catch {
        return undefined;
      }
    });
    expect(instances.map(({ iname, state, auth_data }) => [iname, state, auth_data])).toEqual([
      ['LAN', 2, 'hush-lab'],
      ['WAN', 2, 'hush-lab'],
    ]);
  });

  test('sync-link: the slave loses its carrier, the master does not see it, and both find together again', async () => {
    await lab.fault('sync-link', true);
    await lab.fault('sync-link', true);
    expect((await lab.status())[1]?.faults).toEqual(['sync-link']);
    await until('the slave to notice', async () =>
      /NO-CARRIER/.test(await linkStatus('fw2')) ? true : undefined,
    );
    expect(await linkStatus('fw1')).toContain('status=RUNNING');
    await lab.fault('sync-link', false);
    await until('the slave to notice', async () =>
      /RUNNING/.test(await linkStatus('fw2')) ? true : undefined,
    );
    await lab.untilInStep();
  });

  test('management-link: the node does not answer, and goes on working', async () => {
    await lab.fault('management-link', true);
    expect(await knock('10.77.250.2')).toMatch(/silence|EHOSTUNREACH/);
    expect(await knock('10.77.250.1')).toBe('SSH-2.0');
    await lab.untilInStep();
    await lab.fault('management-link', false);
    expect(
      await until('ssh', async () => ((await knock('10.77.250.2')) === 'SSH-2.0' ? true : undefined)),
    ).toBe(true);
  });

  test('sshd: the connection is refused at once, and open sessions end', async () => {
    const session = ssh('ops', '10.77.250.2', 'echo open; sleep 60');
    await until('the session', async () => {
      return (await lab.exec('fw2', ['pgrep', '-u', 'ops', '-x', 'sshd'])).code === 0 ? true : undefined;
    });
    await lab.fault('sshd', true);
    expect(await knock('10.77.250.2')).toBe('ECONNREFUSED');
    expect((await session).code).toBe(255);
    await lab.fault('sshd', false);
    expect(await knock('10.77.250.2')).toBe('SSH-2.0');
  });

  test('agent: conntrackd of the slave is gone, and comes back in step', async () => {
    await lab.fault('agent', true);
    const asked = await ssh(
      'ops',
      '10.77.250.2',
      'sudo -n /usr/sbin/conntrackd -C /etc/conntrackd/conntrackd.conf -s',
    );
    expect([asked.code, asked.stderr]).toEqual([1, expect.stringContaining('is conntrackd running?')]);
    expect((await lab.status()).map((node) => node.faults)).toEqual([[], ['agent']]);
    await lab.fault('agent', false);
    await lab.untilInStep();
  });

  test('takeover: without keepalived the master gives its addresses away, with it takes them back', async () => {
    await lab.fault('takeover', true, 'fw1');
    await lab.untilMaster('fw2');
    await lab.fault('takeover', false, 'fw1');
    await lab.untilMaster('fw1');
  });

  test('vrrp: the nodes do not hear each other, and both are master', async () => {
    await lab.fault('vrrp', true);
    await until('both to hold the address', async () => {
      const both = await Promise.all(['fw1', 'fw2'].map(addresses));
      return both.every(({ stdout }) => stdout.includes('10.77.1.1/24')) ? true : undefined;
    });
    expect(await lab.master()).toBeUndefined();
    expect((await lab.status()).map((node) => [node.role, node.faults])).toEqual([
      ['master', ['vrrp']],
      ['master', ['vrrp']],
    ]);
    await lab.fault('vrrp', false);
    await lab.untilMaster('fw1');
  });

  test.each(['one-way', 'full-cache', 'node-crash'] as const)(
    '%s: twice is as once, and mended nothing of it is left',
    async (fault) => {
      await lab.fault(fault, true);
      await lab.fault(fault, true);
      expect((await lab.status()).map((node) => node.faults)).toEqual([[], [fault]]);
      await lab.fault(fault, false);
      expect((await lab.status()).map((node) => node.faults)).toEqual([[], []]);
      await lab.untilMaster('fw1');
      await lab.untilInStep();
    },
  );
});
