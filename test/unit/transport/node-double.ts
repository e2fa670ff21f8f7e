import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { asRoot, mountNamespace, type Need, programPath } from '../needs.ts';
import type { Keys } from './keys.ts';

/** Something that answers SSH on a port of 127.0.0.1 and runs what it is asked with a real shell. */
export interface NodeDouble {
  readonly port: number;
  readonly user: string;
  /** Until it listens (again, on the same port). */
  readonly start: () => Promise<void>;
  /** Until it listens no more and all its connections are cut. */
  readonly stop: () => Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What the OpenSSH double needs of this machine. */
export const opensshNeeds: readonly Need[] = ['ssh-keygen', 'sshd', asRoot && mountNamespace];

/**
 * OpenSSH's sshd. Run by an ordinary user it lets in that user. Run by root it lets in `ops`, an ordinary user of whom
 * only this sshd knows: it lives in a mount namespace of its own with its own /etc/passwd and /run, so that nothing of
 * this machine is changed and the login is one without root, as on a firewall.
 */
export async function opensshNode(keys: Keys, settings: readonly string[] = []): Promise<NodeDouble> {
  const port = await freePort();
  const config = join(keys.dir, `sshd_config_${port}`);
  writeFileSync(
    config,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...Object.values(keys.host).map((path) => `HostKey ${path}`),
      `AuthorizedKeysFile ${keys.authorizedKeys}`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin prohibit-password',
      'MaxStartups 100',
      'UseDNS no',
      ...settings,
      '',
    ].join('\n'),
  );
  const sshd = [programPath('sshd') ?? 'sshd', '-D', '-e', '-f', config];
  const passwd = join(keys.dir, 'passwd');
  writeFileSync(passwd, `${readFileSync('/etc/passwd', 'utf8')}ops:x:64000:64000::/:/bin/bash\n`);
  const privately = `mount -t tmpfs tmpfs /run && mkdir -m 0755 /run/sshd && mount --bind ${passwd} /etc/passwd && exec "$@"`;
  const command = asRoot ? ['unshare', '--mount', 'sh', '-c', privately, 'sh', ...sshd] : sshd;
  let daemon: ChildProcess | undefined;
  return {
    port,
    user: asRoot ? 'ops' : userInfo().username,
    start: async () => {
      const [program = '', ...args] = command;
      const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      daemon = child;
      let log = '';
      await new Promise<void>((resolve, reject) => {
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          log += text;
          if (log.includes('Server listening')) resolve();
        });
        child.on('exit', () => reject(new Error(`sshd did not start: ${log}`)));
      });
    },
    stop: async () => {
      if (daemon?.pid === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
      const ended = once(daemon, 'exit');
      for (const pid of held(daemon.pid)) signalled(pid, 'SIGKILL');
      await ended;
    },
  };
}

/**
 * A process and all under it, each held still before its children are read, so that none is born meanwhile: a session
 * of sshd is a monitor as root and, a moment after the login, a process of the user, which holds the connection too and
 * outlives its monitor.
 */
function held(pid: number): number[] {
  if (!signalled(pid, 'SIGSTOP')) return [];
  try {
    // A process that is about to fork when it is told to stop forks first.
    while (!/^State:\s+[TZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return [pid, ...children.split(' ').filter(Boolean).map(Number).flatMap(held)];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

/** Whether the process was there to be signalled. */
function signalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** ssh2's own server in this process, with commands in process groups of their own as sshd has them: for what OpenSSH cannot be asked to do, and where it is not installed. */
export async function inProcessNode(keys: Keys): Promise<NodeDouble> {
  const port = await freePort();
  const authorized = readFileSync(keys.authorizedKeys, 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      const key = ssh2.utils.parseKey(line);
      return key instanceof Error ? [] : [Array.isArray(key) ? key[0] : key];
    });
  const sockets = new Set<Socket>();
  const children = new Set<ChildProcess>();
  const onConnection = (connection: Connection) => {
    connection
      .on('error', () => {})
      .on('authentication', (attempt) => {
        if (attempt.method !== 'publickey') return attempt.reject(['publickey']);
        const key = authorized.find((one) => one?.getPublicSSH().equals(attempt.key.data));
        const { blob, signature, hashAlgo } = attempt;
        if (key && (!signature || (blob && key.verify(blob, signature, hashAlgo)))) attempt.accept();
        else attempt.reject(['publickey']);
      })
      .on('session', (accept) => {
        let running: ChildProcess | undefined;
        accept()
          .on('signal', (acceptSignal, _reject, { name }) => {
            acceptSignal?.();
            if (running) killGroup(running, `SIG${name}`);
          })
          .on('exec', (acceptExec, _reject, { command }) => {
            running = shell(acceptExec(), command);
            children.add(running);
          });
      });
  };
  const ssh = new ssh2.Server(
    { hostKeys: Object.values(keys.host).map((path) => readFileSync(path)) },
    onConnection,
  );
  let server: Server | undefined;
  return {
    port,
    user: 'ops',
    start: async () => {
      // ssh2's own listener leaves Nagle's algorithm on, which costs 40 ms a round trip.
      server = createServer({ noDelay: true }, (socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        ssh.injectSocket(socket);
      });
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    stop: async () => {
      for (const child of children) killGroup(child, 'SIGKILL');
      if (!server) return;
      const closed = once(server, 'close');
      server.close();
      // A connection that is still shaking hands would not end by being asked to.
      for (const socket of sockets) socket.destroy();
      server = undefined;
      await closed;
    },
  };
}

function killGroup(leader: ChildProcess, signal: string): void {
  if (leader.pid === undefined) return;
  try {
    process.kill(-leader.pid, signal);
  } catch {
    // All of it has ended.
  }
}

function shell(channel: ServerChannel, command: string): ChildProcess {
  const child = spawn('/bin/sh', ['-c', command], { detached: true });
  // Whoever went away before the answer is no concern of the command.
  channel.on('error', () => {});
  channel.stderr.on('error', () => {});
  channel.pipe(child.stdin);
  child.stdin.on('error', () => {});
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  channel.on('close', () => killGroup(child, 'SIGKILL'));
  child.on('close', (code, signal) => {
    if (code === null) channel.exit(`${signal}`.replace('SIG', ''));
    else channel.exit(code);
    channel.close();
  });
  return child;
}
