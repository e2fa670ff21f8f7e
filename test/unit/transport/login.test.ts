import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession, type SessionOptions, type SshTarget } from '../../../main/transport/session.ts';
import { describeWith } from '../needs.ts';
import { type Keys, makeKey, makeKeys, passphrase, startAgent } from './keys.ts';
import { type NodeDouble, opensshNeeds, opensshNode } from './node-double.ts';
import { ask, failureOf, resultOf, sh, stateOf, withSession } from './operator.ts';

describeWith([...opensshNeeds, 'ssh-agent', 'ssh-add'], 'logging in to a real sshd', () => {
  let keys: Keys;
  let node: NodeDouble;
  let plain: SshTarget;
  const agents: { stop: () => Promise<void> }[] = [];
  const agentWith = async (...paths: string[]) => {
    const agent = await startAgent(keys.dir, paths);
    agents.push(agent);
    return agent.socket;
  };
  const target = (more: Partial<SshTarget>): SshTarget => ({ ...plain, ...more });
  const loginAs = async (more: Partial<SshTarget>, options: SessionOptions = {}) =>
    withSession(target(more), options, async (session) => {
      const { stdout } = resultOf(await session.exec(ask(['id', '-un'])));
      return stdout.trim();
    });
  const refusal = (more: Partial<SshTarget>, options: SessionOptions = {}) =>
    withSession(target(more), options, async (session) => (await stateOf(session, 'stopped')).failure);

  beforeAll(async () => {
    keys = makeKeys();
    node = await opensshNode(keys, ['MaxAuthTries 3', `Banner ${join(keys.dir, 'banner')}`]);
    writeFileSync(join(keys.dir, 'banner'), 'Authorised access only.\n');
    await node.start();
    const knownHostsFile = join(keys.dir, 'known_hosts');
    writeFileSync(knownHostsFile, `[127.0.0.1]:${node.port} ${keys.publicLine(keys.host.ed25519)}\n`);
    plain = { name: 'fw1', host: '127.0.0.1', port: node.port, user: node.user, knownHostsFile };
  });
  afterAll(async () => {
    for (const agent of agents) await agent.stop();
    await node.stop();
    keys.remove();
  });

  it.each(['ed25519', 'ecdsa', 'rsa'] as const)(
    'works with an %s key file, behind a banner',
    async (type) => {
      expect(await loginAs({ identityFile: keys.user[type] })).toBe(node.user);
    },
  );

  it.each(['locked', 'lockedPem'] as const)(
    'works with an encrypted key file (%s), asked for once',
    async (name) => {
      const asked: string[] = [];
      const identityFile = keys.user[name];
      const session = openSession(target({ identityFile }), {
        random: () => 0,
        passphrase: async (file) => {
          asked.push(file);
          return passphrase;
        },
      });
      await stateOf(session, 'connected');
      const lost = stateOf(session, 'waiting');
      await session.exec(sh('kill -9 $PPID'));
      await lost;
      await stateOf(session, 'connected');
      session.close();
      expect(asked).toEqual([identityFile]);
    },
  );

  it('works with the keys of an agent alone', async () => {
    expect(await loginAs({ agentSocket: await agentWith(keys.user.rsa) })).toBe(node.user);
  });

  it('works with an encrypted key that the agent holds, and asks for nothing', async () => {
    const asked: string[] = [];
    const agentSocket = await agentWith(keys.user.stranger, keys.user.ed25519);
    const passphraseOf = async (file: string) => {
      asked.push(file);
      return undefined;
    };
    expect(
      await loginAs({ agentSocket, identityFile: keys.user.ed25519 }, { passphrase: passphraseOf }),
    ).toBe(node.user);
    expect(asked).toEqual([]);
  });

  it('falls back to the key file where the agent does not answer', async () => {
    const agentSocket = join(keys.dir, 'no-agent');
    expect(await loginAs({ agentSocket, identityFile: keys.user.ed25519 })).toBe(node.user);
  });

  it('falls back to the agent where the key file does not exist', async () => {
    const agentSocket = await agentWith(keys.user.ed25519, keys.user.rsa, keys.user.ecdsa);
    expect(await loginAs({ agentSocket, identityFile: join(keys.dir, 'none') })).toBe(node.user);
  });

  it('is refused with a key that the node does not know, and the sentence says what to do', async () => {
    const failure = await refusal({ identityFile: keys.user.stranger });
    expect(failure.kind).toBe('login-refused');
    expect(failure.message).toContain(`fw1 (${node.user}@127.0.0.1:${node.port}) refused the login`);
    expect(failure.message).toContain(keys.user.stranger);
    expect(failure.remedy).toContain(`~${node.user}/.ssh/authorized_keys`);
    expect(failure.remedy).toContain(`ssh -p ${node.port} ${node.user}@127.0.0.1`);
  });

  it('is refused as a login, not as a dead link, when the agent has more keys than sshd tries', async () => {
    const agentSocket = await agentWith(keys.user.stranger);
    const full = await agentWith(...['a', 'b', 'c', 'd'].map((name) => makeKey(keys.dir, name, 'ed25519')));
    const failure = await refusal({ agentSocket: full });
    expect(failure.kind).toBe('login-refused');
    expect(failure.message).toContain("the agent's 4 keys");
    expect((await refusal({ agentSocket })).message).toContain("the agent's key");
  });

  it.each([
    ['no passphrase can be asked for', {}, 'is encrypted and no passphrase was given'],
    ['none is given', { passphrase: async () => undefined }, 'is encrypted and no passphrase was given'],
    ['a wrong one is given', { passphrase: async () => 'wrong' }, 'The passphrase does not open'],
  ])('is refused where the key is encrypted and %s', async (_, options, sentence) => {
    const failure = await refusal({ identityFile: keys.user.locked }, options);
    expect(failure.kind).toBe('login-refused');
    expect(failure.message).toContain(sentence);
    expect(failure.message).toContain(keys.user.locked);
    expect(failure.remedy).toContain(`ssh-add ${keys.user.locked}`);
    expect(JSON.stringify(failure)).not.toContain('wrong"');
  });

  it('names the key file that does not exist, is no key or cannot be read', async () => {
    const none = join(keys.dir, 'none');
    expect((await refusal({ identityFile: none })).message).toContain(`The key file ${none} does not exist`);
    const noKey = keys.authorizedKeys;
    expect((await refusal({ identityFile: noKey })).message).toContain(`${noKey} is not a private key`);
    expect((await refusal({ identityFile: keys.dir })).message).toContain(
      `${keys.dir} cannot be read (EISDIR)`,
    );
  });

  it('is not tried again after it was refused, until an operator says so', async () => {
    const states: string[] = [];
    const identityFile = join(keys.dir, 'comes-later');
    await withSession(target({ identityFile }), { random: () => 0 }, async (session) => {
      session.onState(({ kind }) => states.push(kind));
      await stateOf(session, 'stopped');
      expect(failureOf(await session.poll(ask(['true']))).kind).toBe('login-refused');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(states).toEqual(['stopped']);
      writeFileSync(identityFile, readFileSync(keys.user.ed25519), { mode: 0o600 });
      session.reconnect();
      expect(resultOf(await session.poll(ask(['echo', 'in']))).stdout).toBe('in\n');
      expect(states).toEqual(['stopped', 'connecting', 'connected']);
    });
  });
});
