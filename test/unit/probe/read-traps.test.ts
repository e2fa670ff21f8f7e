import { describe, expect, test } from 'vitest';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import { keepalived } from '../../../main/agents/takeover/keepalived/index.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import { trapReader } from '../../../main/probe/read-traps.ts';
import { hooksReader } from '../../../main/probe/takeover-config.ts';
import { ok } from '../../../shared/lib/result.ts';
import { fixture } from '../../support/fixture.ts';

const script = '/etc/conntrackd/primary-backup.sh';
const secret = 'hush-trap';
const files: Record<string, string> = {
  '/etc/conntrackd/conntrackd.conf': 'Sync { Mode FTFW { } }\nGeneral { LockFile /run/lock/c.lock }',
  '/etc/keepalived/keepalived.conf': 'include conf.d/*.conf\n',
  '/etc/keepalived/conf.d/b.conf': 'include /etc/keepalived/pass.conf\n',
  '/etc/keepalived/pass.conf': `vrrp_instance A {
  authentication {
    auth_type PASS
    auth_pass ${secret}
  }
  notify_master "${script} primary"
}`,
  [script]: fixture('conntrackd/1.4.7/primary-backup.sh'),
};

/** A node with these files; those in `closed` open to root alone. */
function runner(closed: readonly string[], asked: string[] = []): NodeRunner {
  const answer = (stdout: string, stderr = '', exitCode = 0) =>
    ok({ stdout, stderr, exitCode, sentAt: 1_000, endedAt: 1_000 });
  return {
    node: 'fw1',
    privileged: true,
    poll: async ({ argv, privileged }) => {
      const [program, path = ''] = argv;
      asked.push(`${privileged ? 'sudo ' : ''}${argv.join(' ')}`);
      if (program.endsWith('/find')) return answer(`${path}/b.conf\n${path}/.hidden.conf\n`);
      if (program.endsWith('/stat')) return answer('/run/lock/c.lock\t644\tregular file\n');
      if (program.endsWith('/pgrep')) return answer('', '', 1);
      const text = files[path];
      if (text === undefined) return answer('', `cat: ${path}: No such file or directory`, 1);
      return closed.includes(path) && !privileged
        ? answer('', `cat: ${path}: Permission denied`, 1)
        : answer(text);
    },
    exec: () => Promise.reject(new Error('not asked')),
    stream: () => Promise.reject(new Error('not asked')),
    lane: () => undefined,
    line: ({ argv }) => argv.join(' '),
  };
}

const facts = (node: NodeRunner) =>
  trapReader(
    node,
    { agent: conntrackd, commands: conntrackd.commands(conntrackd.defaultConfig) },
    hooksReader(node, { engine: keepalived, commands: keepalived.commands() }, () => 1_000),
    () => 1_000,
  ).facts();

test('keepalived.conf is read once for all who ask in one round, and again later, or where it could not be', async () => {
  let now = 1_000;
  const asked: string[] = [];
  const node = runner([script], asked);
  const reads = () => asked.filter((line) => line.endsWith('/etc/keepalived/keepalived.conf')).length;
  const hooks = hooksReader(node, { engine: keepalived, commands: keepalived.commands() }, () => now);
  const [one, two] = await Promise.all([hooks(), hooks()]);
  expect([reads(), one.ok, two === one]).toEqual([1, true, true]);
  now += 2_001;
  const { '/etc/keepalived/keepalived.conf': text } = files;
  delete files['/etc/keepalived/keepalived.conf'];
  expect((await hooks()).ok).toBe(false);
  Object.assign(files, { '/etc/keepalived/keepalived.conf': text });
  expect((await hooks()).ok).toBe(true);
  expect(reads()).toBe(3);
});

describe('what known traps rest on', () => {
  test('is found in every file that keepalived.conf includes, and no password leaves with it', async () => {
    const read = await facts(runner([]));
    expect(read.hookScripts).toMatchObject({
      ok: true,
      value: { complete: true, scripts: [{ path: script }] },
    });
    expect(read.hookScripts?.ok && read.hookScripts.value.scripts[0]?.steps).toHaveLength(9);
    expect(read.syncSetup).toMatchObject({ ok: true, value: { mode: 'ftfw', startupResync: false } });
    expect(read.lockFile).toMatchObject({
      ok: true,
      value: { path: '/run/lock/c.lock', exists: true, agentRuns: false },
    });
    expect(JSON.stringify(read)).not.toContain(secret);
  });

  test('is read as root only where the login may not', async () => {
    const asked: string[] = [];
    await facts(runner([script], asked));
    expect(asked).toContain(`sudo /usr/bin/cat ${script}`);
    expect(asked).not.toContain('sudo /usr/bin/cat /etc/keepalived/pass.conf');
  });

  test('is told as incomplete where an included file is not there', async () => {
    const { [script]: _, '/etc/keepalived/pass.conf': gone, ...rest } = files;
    expect(gone).toContain(secret);
    delete files['/etc/keepalived/pass.conf'];
    const read = await facts(runner([]));
    Object.assign(files, { ...rest, '/etc/keepalived/pass.conf': gone });
    expect(read.hookScripts).toMatchObject({ ok: true, value: { complete: false, scripts: [] } });
  });
});
