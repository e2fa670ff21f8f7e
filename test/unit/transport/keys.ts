import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const passphrase = 'open sesame';

/** Host keys, and the keys of an operator of whom the node knows all but `stranger`. Paths of private keys. */
export interface Keys {
  readonly dir: string;
  readonly host: Readonly<Record<'ed25519' | 'ecdsa' | 'rsa', string>>;
  readonly user: Readonly<Record<'ed25519' | 'ecdsa' | 'rsa' | 'locked' | 'lockedPem' | 'stranger', string>>;
  readonly authorizedKeys: string;
  /** `ssh-ed25519 AAAA…` */
  readonly publicLine: (path: string) => string;
  readonly remove: () => void;
}

/** The path of a new private key, with its public half beside it. */
export function makeKey(dir: string, name: string, type: string, secret = '', ...more: string[]): string {
  const path = join(dir, name);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', secret, '-C', name, '-f', path, ...more]);
  return path;
}

export function makeKeys(): Keys {
  const dir = mkdtempSync(join(tmpdir(), 'handover-ssh-'));
  // The node's user is another one where root runs the tests, and its commands leave files here.
  chmodSync(dir, 0o777);
  const make = (name: string, type: string, secret = '', ...more: string[]) =>
    makeKey(dir, name, type, secret, ...more);
  const rsa = ['-b', '2048'];
  const host = {
    ed25519: make('host_ed25519', 'ed25519'),
    ecdsa: make('host_ecdsa', 'ecdsa'),
    rsa: make('host_rsa', 'rsa', '', ...rsa),
  };
  const user = {
    ed25519: make('id_ed25519', 'ed25519'),
    ecdsa: make('id_ecdsa', 'ecdsa'),
    rsa: make('id_rsa', 'rsa', '', ...rsa),
    locked: make('id_locked', 'ed25519', passphrase, '-a', '4'),
    lockedPem: make('id_locked_pem', 'rsa', passphrase, ...rsa, '-m', 'PEM'),
    stranger: make('id_stranger', 'ed25519'),
  };
  const publicLine = (path: string) =>
    readFileSync(`${path}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' ');
  const { stranger, ...known } = user;
  const authorizedKeys = join(dir, 'authorized_keys');
  writeFileSync(
    authorizedKeys,
    Object.values(known)
      .map((path) => `${publicLine(path)}\n`)
      .join(''),
  );
  return {
    dir,
    host,
    user: { ...known, stranger },
    authorizedKeys,
    publicLine,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A real ssh-agent with these keys in it. */
export async function startAgent(dir: string, keys: readonly string[]) {
  const socket = join(mkdtempSync(join(dir, 'agent-')), 'socket');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(agent.stdout, 'data');
  for (const key of keys)
    execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  return {
    socket,
    stop: async () => {
      agent.kill();
      await once(agent, 'exit');
    },
  };
}
