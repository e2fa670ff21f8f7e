import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newKey as newEd25519 } from '../../../main/demo/new-key.ts';
import {
  fingerprintOf,
  judgeHostKey,
  keyTypeOf,
  knownKeyTypes,
  parseKnownHosts,
  readKnownHosts,
} from '../../../main/transport/known-hosts.ts';
import { describeWith } from '../needs.ts';
import { type Keys, makeKeys } from './keys.ts';

/** A fresh public key: in wire form, and as a known_hosts line holds it. */
function newKey(type: 'ed25519' | 'ecdsa' = 'ed25519') {
  const pair = type === 'ed25519' ? newEd25519() : ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
  const text = pair.public.split(' ').slice(0, 2).join(' ');
  return { text, wire: Buffer.from(text.split(' ')[1] ?? '', 'base64') };
}
const node = newKey();
const other = newKey();
const ecdsa = newKey('ecdsa');
const judge = (text: string, host = 'fw1.example', port = 22, key = node.wire) =>
  judgeHostKey(parseKnownHosts(text, '/kh'), host, port, key).kind;

describe('a host key', () => {
  it.each([
    ['by its name', `fw1.example ${node.text}`, 'known'],
    ['in any case', `FW1.Example ${node.text}`, 'known'],
    [
      'in a list, with a comment behind',
      `10.0.0.1,fw1.example,fw1 ${node.text} root@fw1 since 2024`,
      'known',
    ],
    ['by a pattern', `*.example ${node.text}`, 'known'],
    ['by a pattern for one character', `fw?.example ${node.text}`, 'known'],
    ['not by a pattern that differs', `fw?? ${node.text}`, 'unknown'],
    ['not by a pattern whose dot is another character', `fw1xexample ${node.text}`, 'unknown'],
    ['not where its own name is excepted', `*.example,!fw1.example ${node.text}`, 'unknown'],
    ['where another name is excepted', `*.example,!fw2.example ${node.text}`, 'known'],
    ['not by an exception alone', `!fw2.example ${node.text}`, 'unknown'],
    ['not in a comment', `# fw1.example ${node.text}`, 'unknown'],
    ['behind white space and with DOS line ends', ` \t fw1.example \t ${node.text}\r\n`, 'known'],
    ['not as a certificate authority', `@cert-authority fw1.example ${node.text}`, 'unknown'],
    ['not under a marker of the future', `@future fw1.example ${node.text}`, 'unknown'],
    ['as revoked', `@revoked fw1.example ${node.text}`, 'revoked'],
    ['as revoked for all, though known', `fw1.example ${node.text}\n@revoked * ${node.text}`, 'revoked'],
    ['though another key is revoked', `fw1.example ${node.text}\n@revoked * ${other.text}`, 'known'],
    ['as changed', `fw1.example ${other.text}`, 'changed'],
    [
      'though an older key of the type stands before it',
      `fw1.example ${other.text}\nfw1.example ${node.text}`,
      'known',
    ],
    ['not by a key of another type', `fw1.example ${ecdsa.text}`, 'unknown'],
    ['not on a line that is cut', 'fw1.example ssh-ed25519', 'unknown'],
    [
      'not on a line whose type is not the key’s',
      `fw1.example ssh-rsa ${node.text.split(' ')[1]}`,
      'unknown',
    ],
    ['not in an empty file', '', 'unknown'],
  ])('is known %s', (_, text, verdict) => {
    expect(judge(text)).toBe(verdict);
  });

  it('on another port is known by [host]:port, and by the bare host only when it is this very key', () => {
    expect(judge(`[fw1.example]:2222 ${node.text}`, 'fw1.example', 2222)).toBe('known');
    expect(judge(`[fw1.example]:2223 ${node.text}`, 'fw1.example', 2222)).toBe('unknown');
    expect(judge(`[fw1.example]:2222 ${node.text}`)).toBe('unknown');
    expect(judge(`fw1.example ${node.text}`, 'fw1.example', 2222)).toBe('known');
    expect(judge(`fw1.example ${other.text}`, 'fw1.example', 2222)).toBe('unknown');
    expect(
      judge(`@revoked fw1.example ${node.text}\n[fw1.example]:2222 ${node.text}`, 'fw1.example', 2222),
    ).toBe('revoked');
    expect(judge(`[fw1.example]:2222 ${other.text}`, 'fw1.example', 2222)).toBe('changed');
  });

  it('of an IPv6 address is known', () => {
    expect(judge(`2001:db8::1 ${node.text}`, '2001:DB8::1')).toBe('known');
    expect(judge(`[2001:db8::1]:2222 ${node.text}`, '2001:db8::1', 2222)).toBe('known');
  });

  it('that changed is shown with its file and line', () => {
    const text = `# old\n\nfw1.example ${other.text}`;
    expect(judgeHostKey(parseKnownHosts(text, '/kh'), 'fw1.example', 22, node.wire)).toMatchObject({
      kind: 'changed',
      entry: { file: '/kh', line: 3, key: other.wire },
    });
  });

  it('is asked for in the types that are known, and those are named when another is shown', () => {
    const entries = parseKnownHosts(`fw1.example ${ecdsa.text}\n@revoked fw1.example ${other.text}`, '/kh');
    expect(knownKeyTypes(entries, 'fw1.example', 22)).toEqual(['ecdsa-sha2-nistp256']);
    expect(judgeHostKey(entries, 'fw1.example', 22, node.wire)).toEqual({
      kind: 'unknown',
      otherTypes: ['ecdsa-sha2-nistp256'],
    });
  });

  it('that is no key at all is unknown', () => {
    expect(keyTypeOf(Buffer.from([0, 0]))).toBe('');
    expect(judge(`fw1.example ${node.text}`, 'fw1.example', 22, Buffer.alloc(0))).toBe('unknown');
  });
});

describeWith(['ssh-keygen'], 'known_hosts as OpenSSH writes it', () => {
  let keys: Keys;
  beforeAll(() => {
    keys = makeKeys();
  });
  afterAll(() => keys.remove());

  it('is read after ssh-keygen has hashed every name', async () => {
    const file = join(keys.dir, 'hashed');
    writeFileSync(file, `fw1.example ${node.text}\n[fw2.example]:2222 ${other.text}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    expect(readFileSync(file, 'utf8')).toMatch(/^\|1\|/);
    const { entries } = await readKnownHosts([file]);
    expect(judgeHostKey(entries, 'fw1.example', 22, node.wire).kind).toBe('known');
    expect(judgeHostKey(entries, 'FW2.example', 2222, other.wire).kind).toBe('known');
    expect(judgeHostKey(entries, 'fw2.example', 22, other.wire).kind).toBe('unknown');
    expect(judgeHostKey(entries, 'fw1.example', 22, other.wire).kind).toBe('changed');
  });

  it.each(['ed25519', 'ecdsa', 'rsa'] as const)(
    'shows the fingerprint of an %s key as ssh-keygen does',
    (type) => {
      const path = keys.host[type];
      const printed = execFileSync('ssh-keygen', ['-lf', `${path}.pub`], { encoding: 'utf8' });
      const wire = Buffer.from(keys.publicLine(path).split(' ')[1] ?? '', 'base64');
      expect(printed).toContain(` ${fingerprintOf(wire)} `);
    },
  );

  it('that is missing or unreadable holds no keys, and is named', async () => {
    const { entries, looked } = await readKnownHosts([join(keys.dir, 'none'), keys.dir]);
    expect(entries).toEqual([]);
    expect(looked).toEqual([`${join(keys.dir, 'none')} (does not exist)`, `${keys.dir} (cannot be read)`]);
  });
});
