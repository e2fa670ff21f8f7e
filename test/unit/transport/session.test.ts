import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sessionPool } from '../../../main/transport/pool.ts';
import {
  type NodeSession,
  openSession,
  type SessionOptions,
  type SshTarget,
} from '../../../main/transport/session.ts';
import type { Failure } from '../../../shared/lib/reading.ts';
import type { Result } from '../../../shared/lib/result.ts';
import { describeWith } from '../needs.ts';
import { type Keys, makeKeys } from './keys.ts';
import { freePort, inProcessNode, type NodeDouble, opensshNeeds, opensshNode } from './node-double.ts';
import { ask, failureOf, resultOf, sh, stateOf, until } from './operator.ts';

/** A TCP server whose connections do what the test says, and are all cut at its end. */
async function tcp(onSocket: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    onSocket(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A link to a port that can go dead: nothing is refused and nothing comes through, as when a cable is pulled. */
async function cable(port: number) {
  let pulled = false;
  const proxy = await tcp((near) => {
    const far = connect(port, '127.0.0.1');
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.on('data', (data) => pulled || far.write(data)).on('close', () => far.destroy());
    far.on('data', (data) => pulled || near.write(data));
  });
  return {
    ...proxy,
    pull: () => {
      pulled = true;
    },
    mend: () => {
      pulled = false;
    },
  };
}

const openHandles = () =>
  process
    .getActiveResourcesInfo()
    .filter((name) => /TCP|Timeout|Immediate|Pipe|Process/.test(name))
    .sort();

const suites = [
  { server: 'ssh2 in this process', needs: ['ssh-keygen'], make: inProcessNode },
  { server: 'OpenSSH', needs: opensshNeeds, make: opensshNode },
];
for (const { server, needs, make } of suites)
  describeWith(needs, `a session to a node (${server})`, () => {
    let keys: Keys;
    let node: NodeDouble;
    let plain: SshTarget;
    const sessions: NodeSession[] = [];
    const open = (more: Partial<SshTarget> = {}, options: SessionOptions = {}) => {
      const session = openSession({ ...plain, ...more }, { random: () => 0, ...options });
      sessions.push(session);
      return session;
    };
    beforeAll(async () => {
      keys = makeKeys();
      node = await make(keys);
      await node.start();
      const knownHostsFile = join(keys.dir, 'known_hosts');
      writeFileSync(knownHostsFile, `* ${keys.publicLine(keys.host.ed25519)}\n`);
      const { port, user } = node;
      plain = { name: 'fw1', host: '127.0.0.1', port, user, identityFile: keys.user.ed25519, knownHostsFile };
    });
    afterEach(() => {
      for (const session of sessions.splice(0)) session.close();
    });
    afterAll(async () => {
      await node.stop();
      keys.remove();
    });

    it('whose sshd is stopped is refused at once, and connected again after it is back', async () => {
      const session = open();
      await stateOf(session, 'connected');
      const hung = session.exec(sh('sleep 60'));
      const polled = session.poll(sh('sleep 60'));
      const watched = new Promise((resolve) => {
        session.watch({ argv: ['sleep', '60'] }, () => {}, resolve);
      });
      await node.stop();
      expect(failureOf(await hung).kind).toBe('unreachable');
      expect(failureOf(await polled).kind).toBe('unreachable');
      expect(await watched).toMatchObject({ kind: 'unreachable' });
      await until(() => session.state.kind === 'waiting' && session.state.failure.kind === 'refused');
      const failure = failureOf(await session.poll(ask(['true'])));
      expect(failure).toMatchObject({ kind: 'refused', message: expect.stringContaining('nothing listens') });
      expect(failure.remedy).toContain('systemctl status ssh');
      await node.start();
      await stateOf(session, 'connected');
      expect(resultOf(await session.poll(ask(['echo', 'back']))).stdout).toBe('back\n');
    });

    it('whose link goes dead is noticed: a command by its deadline, the session within about six seconds', async () => {
      const link = await cable(node.port);
      const session = open({ port: link.port });
      expect(resultOf(await session.poll(ask(['true']))).exitCode).toBe(0);
      link.pull();
      const pulledAt = performance.now();
      const late = await session.poll(ask(['true'], { deadlineMs: 500 }));
      expect(failureOf(late).kind).toBe('timed-out');
      expect(performance.now() - pulledAt).toBeLessThan(1_500);
      const waiting = session.exec(ask(['true'], { deadlineMs: 30_000 }));
      expect(failureOf(await waiting).kind).toBe('unreachable');
      expect(performance.now() - pulledAt).toBeLessThan(9_000);
      expect(session.state).toMatchObject({ kind: 'waiting', failure: { kind: 'unreachable' } });
      link.mend();
      await stateOf(session, 'connected');
      expect(resultOf(await session.poll(ask(['echo', 'back']))).stdout).toBe('back\n');
      session.close();
      await link.stop();
    });

    it('that is closed settles all that is pending, and answers nothing more', async () => {
      const session = open();
      await stateOf(session, 'connected');
      const pending: Promise<Result<unknown, Failure>>[] = [
        session.poll(sh('sleep 60')),
        session.poll(ask(['true'])),
        session.exec(sh('sleep 60')),
        session.stream(sh('sleep 60'), () => {}),
      ];
      const watched = new Promise((resolve) => {
        session.watch({ argv: ['sleep', '60'] }, () => {}, resolve);
      });
      session.close();
      for (const result of await Promise.all(pending))
        expect(failureOf(result).message).toContain('was closed');
      expect(await watched).toMatchObject({ message: expect.stringContaining('was closed') });
      expect(failureOf(await session.exec(ask(['true']))).message).toContain('was closed');
      expect(session.state).toEqual({ kind: 'closed' });
      session.reconnect();
      expect(session.state).toEqual({ kind: 'closed' });
    });

    it('that is closed while it connects settles what waits for it', async () => {
      const session = open();
      const pending = session.poll(ask(['true']));
      session.close();
      expect(failureOf(await pending).message).toContain('was closed');
    });

    it('leaves no socket, timer or listener behind', async () => {
      const abort = new AbortController();
      let listening = 0;
      const { addEventListener, removeEventListener } = abort.signal;
      abort.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
        listening++;
        addEventListener.apply(abort.signal, args);
      };
      abort.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
        listening--;
        removeEventListener.apply(abort.signal, args);
      };
      const before = openHandles();
      for (let round = 0; round < 3; round++) {
        const session = open();
        await stateOf(session, 'connected');
        await Promise.all(
          Array.from({ length: 15 }, () => session.poll(ask(['true'], { signal: abort.signal }))),
        );
        await session.exec(ask(['true'], { signal: abort.signal }));
        await session.exec(sh('sleep 60', { deadlineMs: 50 }));
        session.watch(
          { argv: ['sleep', '60'] },
          () => {},
          () => {},
        );
        session.close();
      }
      expect(listening).toBe(0);
      await until(() => openHandles().length <= before.length);
    });

    it('is shared by all who ask the pool, until it is closed', async () => {
      const pool = sessionPool();
      const first = pool.open(plain);
      expect(pool.open({ ...plain })).toBe(first);
      const other = pool.open({ ...plain, user: 'another' });
      expect(other).not.toBe(first);
      expect(resultOf(await first.poll(ask(['echo', 'in']))).stdout).toBe('in\n');
      first.close();
      const again = pool.open(plain);
      expect(again).not.toBe(first);
      pool.closeAll();
      expect([again.state.kind, other.state.kind]).toEqual(['closed', 'closed']);
    });
  });

describe('a session to a host that is no node', () => {
  const nowhere = (port: number, host = '127.0.0.1'): SshTarget => ({
    name: 'fw1',
    host,
    port,
    user: 'ops',
    identityFile: '/nonexistent/key',
    knownHostsFile: '/nonexistent/known_hosts',
  });
  const firstFailure = async (target: SshTarget, options: SessionOptions = {}) => {
    const session = openSession(target, options);
    const answered = session.poll(ask(['true']));
    const { failure } = await stateOf(session, 'waiting');
    expect(failureOf(await answered)).toEqual(failure);
    session.close();
    return failure;
  };

  it('is refused at once where nothing listens', async () => {
    const started = performance.now();
    const port = await freePort();
    const failure = await firstFailure(nowhere(port));
    expect(failure).toMatchObject({ kind: 'refused', message: expect.stringContaining(`SSH port ${port}`) });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is unreachable where a connection is taken and nobody ever answers', async () => {
    const hole = await tcp((socket) => socket.resume());
    const failure = await firstFailure(nowhere(hole.port), { connectTimeoutMs: 300 });
    expect(failure).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('did not answer within 0.3 s'),
    });
    await until(() => hole.sockets.size === 0);
    await hole.stop();
  });

  it('answers with the same reason while it tries again, and tries again by itself', async () => {
    let connections = 0;
    const hole = await tcp((socket) => {
      connections++;
      socket.resume();
    });
    const session = openSession(nowhere(hole.port), { connectTimeoutMs: 300, random: () => 0 });
    await stateOf(session, 'waiting');
    await stateOf(session, 'connecting');
    const started = performance.now();
    expect(failureOf(await session.poll(ask(['true']))).kind).toBe('unreachable');
    expect(performance.now() - started).toBeLessThan(200);
    await until(() => connections === 2);
    session.close();
    await hole.stop();
  });

  it('times a command out by its own deadline while it first connects', async () => {
    const hole = await tcp((socket) => socket.resume());
    const session = openSession(nowhere(hole.port));
    expect(failureOf(await session.poll(ask(['true'], { deadlineMs: 200 }))).kind).toBe('timed-out');
    expect(session.state.kind).toBe('connecting');
    session.close();
    await hole.stop();
  });

  it('is refused where the connection is closed before SSH begins', async () => {
    const door = await tcp((socket) => socket.end());
    expect(await firstFailure(nowhere(door.port))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('before SSH began'),
    });
    await door.stop();
  });

  it('is unreadable where something else than SSH answers', async () => {
    const web = await tcp((socket) => socket.end(`HTTP/1.1 400 Bad Request\r\n\r\n${'x'.repeat(40_000)}`));
    expect((await firstFailure(nowhere(web.port))).kind).toBe('unreadable');
    await web.stop();
  });

  it('is unreachable where the name means nothing', async () => {
    expect(await firstFailure(nowhere(22, 'fw1.invalid'))).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('fw1.invalid'),
    });
  });
});

describeWith(opensshNeeds, 'a login that is not as it should be', () => {
  let keys: Keys;
  beforeAll(() => {
    keys = makeKeys();
  });
  afterAll(() => keys.remove());
  const withNode = async (settings: readonly string[], run: (session: NodeSession) => Promise<void>) => {
    const node = await opensshNode(keys, settings);
    await node.start();
    const knownHostsFile = join(keys.dir, 'known_hosts');
    writeFileSync(knownHostsFile, `* ${keys.publicLine(keys.host.ed25519)}\n`);
    const { port, user } = node;
    const session = openSession(
      { name: 'fw1', host: '127.0.0.1', port, user, identityFile: keys.user.ed25519, knownHostsFile },
      {},
    );
    try {
      await run(session);
    } finally {
      session.close();
      await node.stop();
    }
  };

  it('may talk in its .bashrc: no word of it reaches a poll, nor a command with a channel of its own', async () => {
    const home = join(keys.dir, 'home');
    mkdirSync(home);
    writeFileSync(join(home, '.bashrc'), 'echo welcome; printf "no newline"; echo noise >&2\n');
    await withNode([`SetEnv HOME=${home}`], async (session) => {
      const result = resultOf(await session.poll(sh('echo out; echo err >&2')));
      expect(result).toMatchObject({ stdout: 'out\n', stderr: 'err\n', exitCode: 0 });
      const own = resultOf(await session.exec(sh('echo out; exit 3')));
      expect(own).toMatchObject({ stdout: 'out\n', exitCode: 3 });
      const chunks: Uint8Array[] = [];
      await session.stream(sh('head -c 900 /dev/zero'), (chunk) => void chunks.push(chunk));
      expect(Buffer.concat(chunks).equals(Buffer.alloc(900))).toBe(true);
    });
  });

  it('may talk through a forced command that runs what was asked', async () => {
    await withNode(
      ['ForceCommand echo welcome; echo noise >&2; eval "$SSH_ORIGINAL_COMMAND"'],
      async (session) => {
        expect(resultOf(await session.exec(ask(['echo', 'out']))).stdout).toBe('out\n');
        expect(resultOf(await session.poll(ask(['echo', 'out']))).stdout).toBe('out\n');
      },
    );
  });

  it('without a shell is said to be one, in the words of the node', async () => {
    await withNode(
      ['ForceCommand echo This account is currently not available.; exit 1'],
      async (session) => {
        expect(failureOf(await session.poll(ask(['true'])))).toMatchObject({
          kind: 'no-permission',
          message: expect.stringContaining('This account is currently not available.'),
        });
      },
    );
  });

  it('that may not open another channel is told so, and keeps what it has', async () => {
    await withNode(['MaxSessions 1'], async (session) => {
      expect(resultOf(await session.poll(ask(['echo', 'one']))).stdout).toBe('one\n');
      expect(failureOf(await session.exec(ask(['echo', 'two'])))).toMatchObject({
        kind: 'no-permission',
        remedy: expect.stringContaining('MaxSessions'),
      });
      expect(resultOf(await session.poll(ask(['echo', 'still']))).stdout).toBe('still\n');
    });
  });
});
