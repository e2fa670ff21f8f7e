import { connect, type Socket } from 'node:net';
import ssh2, { type Client, type ServerHostKeyAlgorithm } from 'ssh2';
import type { Failure } from '../../shared/lib/reading.ts';
import { hostKeyFailure, loginFailure, lostLink, noAnswer, sessionFailure } from './failures.ts';
import { type LoginReport, loginAttempts, type OpenedKeys } from './identity.ts';
import { judgeHostKey, knownKeyTypes, readKnownHosts } from './known-hosts.ts';
import { nodeOf, type SessionOptions, type SshTarget } from './target.ts';

const globalKnownHosts = '/etc/ssh/ssh_known_hosts';
/** Two unanswered pings, and the link is dead when the third would go out: six seconds. */
const keepalive = { keepaliveInterval: 2_000, keepaliveCountMax: 2 };
/** For the login itself, once the host has shown its key; an operator's time at a passphrase does not count. */
const loginTimeoutMs = 15_000;

/** What comes is read into the same memory again and again: to have other for each piece is a tenth of what a dump costs. */
const readBytes = 256 * 1024;

interface DialEvents {
  readonly onReady: (client: Client) => void;
  /** Once, whether it ever was ready or not; not after `hangUp`. */
  readonly onLost: (failure: Failure) => void;
}

/** Starts one attempt to connect and log in. Answers with `hangUp`, which ends it at once and says nothing more. */
export function dial(
  target: SshTarget,
  options: SessionOptions,
  opened: OpenedKeys,
  { onReady, onLost }: DialEvents,
): () => void {
  const client = new ssh2.Client();
  const report: LoginReport = { offered: [], problems: [] };
  const connectTimeoutMs = options.connectTimeoutMs ?? 4_000;
  let phase: 'connecting' | 'login' | 'ready' | 'over' = 'connecting';
  let socket: Socket | undefined;
  let timer = setTimeout(() => lose(noAnswer(target, connectTimeoutMs)), connectTimeoutMs);

  const hangUp = () => {
    phase = 'over';
    clearTimeout(timer);
    socket?.destroy();
  };
  const lose = (failure: Failure) => {
    if (phase === 'over') return;
    hangUp();
    onLost(failure);
  };
  const limitLogin = () => {
    clearTimeout(timer);
    timer = setTimeout(() => lose(noAnswer(target, loginTimeoutMs)), loginTimeoutMs);
  };
  const ask = async (file: string) => {
    clearTimeout(timer);
    const passphrase = await options.passphrase?.(file);
    if (phase === 'login') limitLogin();
    return passphrase;
  };
  const attempts = loginAttempts(target, opened, ask, report);
  const failUnexpectedly = (error: unknown) =>
    lose({
      kind: 'unreadable',
      message: `${nodeOf(target)}: ${error instanceof Error ? error.message : error}`,
    });
  const refuseLogin = (asksFor: readonly string[]) => {
    opened.clear();
    lose(loginFailure(target, report.problems, report.offered, asksFor));
  };

  client
    .on('handshake', () => {
      if (phase !== 'connecting') return;
      phase = 'login';
      limitLogin();
    })
    .on('ready', () => {
      if (phase === 'over') return;
      phase = 'ready';
      clearTimeout(timer);
      onReady(client);
    })
    .on('error', (error) => {
      if ('level' in error && error.level === 'agent') {
        report.problems.push({
          what: `The SSH agent did not sign (${error.message})`,
          remedy: 'See that it holds the key, and confirm it where the agent asks: ssh-add -l.',
        });
        return;
      }
      if (phase === 'login' && /authentication failures/i.test(error.message)) refuseLogin([]);
      else lose(sessionFailure(target, error, phase === 'ready'));
    })
    .on('close', () => lose(lostLink(target)));

  const start = async () => {
    const { entries, looked } = await readKnownHosts([target.knownHostsFile, globalKnownHosts]);
    if (phase === 'over') return;
    const opening: Socket = connect({
      host: target.host,
      port: target.port,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafeSlow(readBytes),
        // ssh2 may keep pieces of what comes unencrypted; of the rest it keeps what it has decrypted
        callback: (length, bytes) => {
          const read = bytes.subarray(0, length);
          return opening.emit('data', phase === 'ready' ? read : Buffer.from(read));
        },
      },
    });
    socket = opening;
    client.connect({
      ...keepalive,
      sock: opening,
      username: target.user,
      readyTimeout: 0,
      algorithms: {
        serverHostKey: hostKeyAlgorithms(knownKeyTypes(entries, target.host, target.port)),
        ...(options.ciphers && { cipher: [...options.ciphers] }),
      },
      hostVerifier: (key: Buffer): boolean => {
        const verdict = judgeHostKey(entries, target.host, target.port, key);
        if (verdict.kind !== 'known') lose(hostKeyFailure(target, key, verdict, looked));
        return verdict.kind === 'known';
      },
      authHandler: (asksFor: readonly string[] | null, _partial, next) => {
        if (asksFor && !asksFor.includes('publickey')) return refuseLogin(asksFor);
        attempts.next().then(({ value }) => {
          if (phase === 'over') return;
          if (value) next(value);
          else refuseLogin(asksFor ?? []);
        }, failUnexpectedly);
      },
    });
  };
  start().catch(failUnexpectedly);
  return hangUp;
}

/** All that ssh2 can check and SHA-1 is not part of, those first of which a key is known for the host. */
function hostKeyAlgorithms(known: readonly string[]): ServerHostKeyAlgorithm[] {
  const all: [type: string, algorithm: ServerHostKeyAlgorithm][] = [
    ['ssh-ed25519', 'ssh-ed25519'],
    ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp256'],
    ['ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp384'],
    ['ecdsa-sha2-nistp521', 'ecdsa-sha2-nistp521'],
    ['ssh-rsa', 'rsa-sha2-512'],
    ['ssh-rsa', 'rsa-sha2-256'],
  ];
  const rank = ([type]: (typeof all)[number]) => (known.includes(type) ? 0 : 1);
  return all.sort((a, b) => rank(a) - rank(b)).map(([, algorithm]) => algorithm);
}
