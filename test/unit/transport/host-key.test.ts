import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SshTarget } from '../../../main/transport/session.ts';
import { describeWith } from '../needs.ts';
import { type Keys, makeKeys } from './keys.ts';
import { type NodeDouble, opensshNeeds, opensshNode } from './node-double.ts';
import { ask, failureOf, resultOf, stateOf, withSession } from './operator.ts';

describeWith([...opensshNeeds, 'ssh-keyscan'], 'the host key of a real sshd', () => {
  let keys: Keys;
  let node: NodeDouble;
  let name: string;
  let count = 0;
  beforeAll(async () => {
    keys = makeKeys();
    node = await opensshNode(keys);
    await node.start();
    name = `[127.0.0.1]:${node.port}`;
  });
  afterAll(async () => {
    await node.stop();
    keys.remove();
  });
  const targetWith = (knownHosts: string): SshTarget => {
    const knownHostsFile = join(keys.dir, `known_hosts_${++count}`);
    writeFileSync(knownHostsFile, knownHosts);
    return targetOf(knownHostsFile);
  };
  const targetOf = (knownHostsFile: string): SshTarget => ({
    name: 'fw1',
    host: '127.0.0.1',
    port: node.port,
    user: node.user,
    identityFile: keys.user.ed25519,
    knownHostsFile,
  });
  const answer = (target: SshTarget) =>
    withSession(target, {}, async (session) => resultOf(await session.exec(ask(['echo', 'in']))).stdout);
  const refusal = (target: SshTarget) =>
    withSession(target, {}, async (session) => {
      const answered = session.exec(ask(['echo', 'in']));
      const { failure } = await stateOf(session, 'stopped');
      expect(failureOf(await answered)).toEqual(failure);
      expect(failure.kind).toBe('host-key');
      return failure;
    });
  const fingerprint = (path: string) =>
    execFileSync('ssh-keygen', ['-lf', `${path}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '';

  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('is taken where only its %s key is known', async (type) => {
    expect(await answer(targetWith(`${name} ${keys.publicLine(keys.host[type])}\n`))).toBe('in\n');
  });

  it('is taken from a file in which OpenSSH hashed the names', async () => {
    const target = targetWith(`${name} ${keys.publicLine(keys.host.ecdsa)}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', target.knownHostsFile], { stdio: 'ignore' });
    expect(readFileSync(target.knownHostsFile, 'utf8')).not.toContain('127.0.0.1');
    expect(await answer(target)).toBe('in\n');
  });

  it('is refused where it is unknown, and the step that the sentence gives makes it known', async () => {
    const target = targetOf(join(keys.dir, 'no such file'));
    const failure = await refusal(target);
    expect(failure.message).toContain(`ssh-ed25519 key ${fingerprint(keys.host.ed25519)}`);
    expect(failure.message).toContain(name);
    expect(failure.message).toContain(`${target.knownHostsFile} (does not exist)`);
    expect(failure.message).toContain('/etc/ssh/ssh_known_hosts');
    expect(failure.remedy).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
    const step = failure.remedy?.split('If it is the same: ')[1] ?? '';
    execFileSync('/bin/sh', ['-c', step], { stdio: 'ignore' });
    expect(await answer(target)).toBe('in\n');
  });

  it('is refused where it has changed, with both fingerprints and the line, and can be replaced', async () => {
    const target = targetWith(`# fw1\n${name} ${keys.publicLine(keys.user.stranger)}\n`);
    const failure = await refusal(target);
    expect(failure.message).toContain('has changed');
    expect(failure.message).toContain(fingerprint(keys.host.ed25519));
    expect(failure.message).toContain(
      `${target.knownHostsFile} line 2 has ${fingerprint(keys.user.stranger)}`,
    );
    const step = failure.remedy?.split('Only if it is the same: ')[1] ?? '';
    execFileSync('/bin/sh', ['-c', step], { stdio: 'ignore' });
    expect(await answer(target)).toBe('in\n');
  });

  it('is refused where it is revoked, with no way round', async () => {
    const line = keys.publicLine(keys.host.ed25519);
    const failure = await refusal(targetWith(`${name} ${line}\n@revoked * ${line}\n`));
    expect(failure.message).toContain('line 2 marks as @revoked');
    expect(failure.remedy).not.toContain('ssh-keyscan');
  });
});
