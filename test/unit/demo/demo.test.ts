import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type Client } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../../main/agents/command.ts';
import { networkCommands, parseAddresses } from '../../../main/agents/network/index.ts';
import { conntrack } from '../../../main/agents/table/conntrack/index.ts';
import { keepalived } from '../../../main/agents/takeover/keepalived/index.ts';
import { type Demo, startDemo } from '../../../main/demo/demo.ts';
import { newKey } from '../../../main/demo/new-key.ts';
import { type NodeSession, openSession, type SshTarget } from '../../../main/transport/session.ts';
import { ClusterDefinition, type NodeDefinition } from '../../../shared/domain/cluster.ts';
import { connectionsIn, sure, sync } from './as-read.ts';

/** Ten times as fast as life, so that a takeover does not take its three seconds. */
const startedAt = Date.now();
const clock = () => Math.floor(startedAt + 10 * (Date.now() - startedAt));

const folder = mkdtempSync(join(tmpdir(), 'handover-sim-'));
let demo: Demo;
let sessions: NodeSession[] = [];

beforeAll(async () => {
  demo = await startDemo(folder, { clock });
  sessions = demo.definition.nodes.map((node) => openSession(targetOf(node)));
});
afterAll(async () => {
  for (const session of sessions) session.close();
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
});

const targetOf = ({ identityFile = '', ...node }: NodeDefinition): SshTarget => ({ ...node, identityFile });
const nodeAt = (index: number): NodeDefinition => {
  const node = demo.definition.nodes[index];
  if (!node) throw new Error(`no node ${index}`);
  return node;
};
const sessionAt = (index: number): NodeSession => {
  const session = sessions[index];
  if (!session) throw new Error(`no session ${index}`);
  return session;
};

const request = ({ argv, privileged, deadlineMs, maxBytes, stdin }: Command) => ({
  argv: (privileged ? ['/usr/bin/sudo', '-n', ...argv] : argv) as [string, ...string[]],
  deadlineMs,
  maxBytes,
  ...(stdin !== undefined && { stdin }),
});
const poll = async (index: number, command: Command) => sure(await sessionAt(index).poll(request(command)));
const exec = async (index: number, command: Command) => sure(await sessionAt(index).exec(request(command)));

const addresses = networkCommands();
const holderOf = async (address: string): Promise<number[]> => {
  const held = await Promise.all(
    demo.definition.nodes.map(async (_, index) =>
      sure(parseAddresses((await poll(index, addresses.addresses)).stdout)),
    ),
  );
  return held.flatMap((list, index) => (list.some((each) => each.address === address) ? [index] : []));
};

describe('the simulated cluster', () => {
  it('is defined as any cluster of an inventory is', () => {
    expect(ClusterDefinition.parse(demo.definition)).toEqual(demo.definition);
    expect(demo.definition).toMatchObject({ name: 'demo', demo: true });
    expect(statSync(nodeAt(0).identityFile ?? '').mode & 0o077).toBe(0);
  });

  it('answers on the poll channel and on channels of their own alike', async () => {
    const count = sure(conntrack.parseCount((await poll(0, conntrack.commands.count)).stdout));
    expect(count).toBeGreaterThan(700);
    const dump = await exec(0, conntrack.commands.dump());
    expect(dump.stderr).toContain('flow entries have been shown');
    expect(Math.abs(connectionsIn(dump.stdout).length - count)).toBeLessThan(200);
    const asked = [...sync.state, ...sync.details];
    const answers = await Promise.all(asked.map((command) => poll(1, command)));
    expect(answers.map(({ exitCode }) => exitCode)).toEqual(asked.map(() => 0));
  });

  it('does not know every program, and does not let everybody do everything', async () => {
    const unknown = sure(
      await sessionAt(0).poll({ argv: ['/usr/sbin/iptables', 'list'], deadlineMs: 2_000, maxBytes: 1_000 }),
    );
    expect(unknown).toMatchObject({ exitCode: 127, stderr: expect.stringContaining('command not found') });
    const command = conntrack.commands.statistics;
    const { argv } = command;
    const forbidden = sure(await sessionAt(0).poll({ argv, deadlineMs: 2_000, maxBytes: 1_000 }));
    expect(conntrack.classify(command, forbidden, false)?.kind).toBe('no-permission');
  });

  it('dumps the state of its takeover engine when it is signalled', async () => {
    const commands = keepalived.commands();
    const stamp = async () => (await poll(0, commands.dumpStamp('JSON'))).stdout;
    const before = await stamp();
    expect((await poll(0, commands.requestDump(36))).exitCode).toBe(0);
    await expect.poll(stamp).not.toBe(before);
    const state = sure(keepalived.parseState({ json: (await poll(0, commands.readDump('JSON'))).stdout }));
    expect(state.instances.map(({ state: own }) => own)).toEqual(['MASTER', 'MASTER']);
  });

  it('moves its addresses when its master is held down, and back, and says so while it happens', async () => {
    const { writeLever, readLever, leverOwners } = keepalived.commands();
    const file = demo.definition.takeover.handoverFile ?? '';
    const owners = await poll(0, leverOwners(file, '/var/lib/handover'));
    expect(owners.stdout).toBe('root root 644 regular file\nroot root 755 directory\n');

    const heard: string[] = [];
    const ends: unknown[] = [];
    const stop = sessionAt(1).watch(
      { argv: addresses.watch.argv },
      (line) => heard.push(line),
      (failure) => ends.push(failure),
    );
    expect(await holderOf('10.20.0.1')).toEqual([0]);
    expect((await exec(0, writeLever(file, '-100\n'))).exitCode).toBe(0);
    expect((await poll(0, readLever(file))).stdout).toBe('-100\n');
    await expect.poll(() => holderOf('10.20.0.1'), { timeout: 5_000 }).toEqual([1]);
    expect(await holderOf('203.0.113.1')).toEqual([1]);
    await expect.poll(() => heard.length).toBe(2);

    await exec(0, writeLever(file, '0\n'));
    await expect.poll(() => holderOf('10.20.0.1'), { timeout: 5_000 }).toEqual([0]);
    await expect.poll(() => heard.filter((line) => line.startsWith('Deleted')).length).toBe(2);
    stop();
    expect(ends).toEqual([]);
  });
});

describe('any other SSH client', () => {
  const connect = async (node: NodeDefinition, privateKey: Buffer | string): Promise<Client> => {
    const client = new ssh2.Client();
    const ready = Promise.race([
      once(client, 'ready'),
      once(client, 'error').then(([error]: unknown[]) => Promise.reject(error)),
    ]);
    client.connect({ host: node.host, port: node.port, username: node.user, privateKey });
    await ready;
    return client;
  };
  const ask = async (client: Client, line: string): Promise<{ text: string; code: unknown }> => {
    const { promise, resolve, reject } = Promise.withResolvers<{ text: string; code: unknown }>();
    client.exec(line, (error, channel) => {
      if (error) return reject(error);
      let text = '';
      let code: unknown;
      channel.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      channel.on('exit', (status: unknown) => {
        code = status;
      });
      channel.on('close', () => resolve({ text, code }));
    });
    return promise;
  };

  it('is answered, too', async () => {
    const client = await connect(nodeAt(1), readFileSync(nodeAt(1).identityFile ?? ''));
    expect(await ask(client, 'hostname')).toEqual({ text: 'fw2\n', code: 0 });
    expect(await ask(client, 'sudo -n conntrackd -s cache')).toMatchObject({
      text: expect.stringContaining('cache:external'),
      code: 0,
    });
    expect((await ask(client, 'rm -rf / ; true')).code).toBe(127);
    client.end();
  });

  it('is turned away without the key', async () => {
    const stranger = newKey().private;
    await expect(connect(nodeAt(0), stranger)).rejects.toThrow(/authentication/i);
  });
});

it('leaves nothing behind, and clears up after those that could not', async () => {
  const own = mkdtempSync(join(folder, 'state-'));
  const gone = mkdtempSync(join(own, 'demo-999999999-'));
  writeFileSync(join(own, 'audit.log'), '');
  const short = await startDemo(own, { clock });
  expect(existsSync(gone)).toBe(false);
  await short.close();
  expect(readdirSync(own)).toEqual(['audit.log']);
  const session = openSession(targetOf(short.definition.nodes[0] ?? nodeAt(0)));
  const refused = await session.poll({ argv: ['/usr/bin/true'], deadlineMs: 3_000, maxBytes: 100 });
  expect(refused.ok).toBe(false);
  session.close();
});
