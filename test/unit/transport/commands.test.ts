import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CipherAlgorithm } from 'ssh2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clockCommand } from '../../../main/agents/host/commands.ts';
import { type NodeSession, openSession } from '../../../main/transport/session.ts';
import { describeWith } from '../needs.ts';
import { type Keys, makeKeys } from './keys.ts';
import { inProcessNode, type NodeDouble, opensshNeeds, opensshNode } from './node-double.ts';
import { ask, failureOf, resultOf, running, sh, stateOf, until } from './operator.ts';

/** What Electron's BoringSSL leaves of ssh2's ciphers. */
const electronCiphers: readonly CipherAlgorithm[] = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
];

const suites = [
  { server: 'ssh2 in this process', needs: ['ssh-keygen'], make: inProcessNode },
  { server: 'OpenSSH', needs: opensshNeeds, make: opensshNode },
].flatMap((suite) => [
  { ...suite, title: `${suite.server}, this runtime's ciphers`, options: {} },
  { ...suite, title: `${suite.server}, Electron's ciphers`, options: { ciphers: electronCiphers } },
]);

for (const { title, needs, make, options } of suites)
  describeWith(needs, `commands on a node (${title})`, () => {
    let keys: Keys;
    let node: NodeDouble;
    let session: NodeSession;
    beforeAll(async () => {
      keys = makeKeys();
      node = await make(keys);
      await node.start();
      const knownHostsFile = join(keys.dir, 'known_hosts');
      writeFileSync(knownHostsFile, `[127.0.0.1]:${node.port} ${keys.publicLine(keys.host.ed25519)}\n`);
      const { port, user } = node;
      const identityFile = keys.user.ed25519;
      session = openSession(
        { name: 'fw1', host: '127.0.0.1', port, user, identityFile, knownHostsFile },
        options,
      );
      await stateOf(session, 'connected');
    });
    afterAll(async () => {
      session.close();
      await node.stop();
      keys.remove();
    });

    for (const way of ['poll', 'exec'] as const) {
      it(`${way}: gives output, errors and exit status, byte for byte, in the C locale`, async () => {
        const script = 'printf "out\\nno newline"; printf "err\\n\\n" >&2; printf "%s" "$LC_ALL" >&2; exit 3';
        const before = Date.now();
        const result = resultOf(await session[way](sh(script)));
        expect(result).toMatchObject({ stdout: 'out\nno newline', stderr: 'err\n\nC', exitCode: 3 });
        expect(result.sentAt).toBeGreaterThanOrEqual(before);
        expect(result.endedAt).toBeGreaterThanOrEqual(result.sentAt);
        expect(result.endedAt).toBeLessThanOrEqual(Date.now());
      });

      it(`${way}: a program that is not there, one that may not be run and a killed one are told apart`, async () => {
        expect(resultOf(await session[way](ask(['/usr/sbin/no-such'])))).toMatchObject({ exitCode: 127 });
        expect(resultOf(await session[way](ask(['/etc/passwd'])))).toMatchObject({ exitCode: 126 });
        expect(resultOf(await session[way](sh('kill -9 $$')))).toMatchObject({ exitCode: 137 });
      });

      it(`${way}: words reach the program as they are`, async () => {
        const words = ['', 'a b', "it's", '$HOME `id` "x"', '*', 'line\nline', 'ü€', '; reboot', '\\'];
        const result = resultOf(await session[way](ask(['printf', '<%s>', ...words])));
        expect(result.stdout).toBe(words.map((word) => `<${word}>`).join(''));
      });

      it(`${way}: one that hangs misses its own deadline and nobody else's`, async () => {
        const started = performance.now();
        const hung = session[way](sh('sleep 60', { deadlineMs: 300 }));
        expect(failureOf(await hung)).toMatchObject({
          kind: 'timed-out',
          message: expect.stringContaining('did not answer within 0.3 s'),
        });
        expect(performance.now() - started).toBeLessThan(2_000);
        expect(resultOf(await session[way](ask(['echo', 'alive'])))).toMatchObject({ stdout: 'alive\n' });
        expect(session.state.kind).toBe('connected');
      });

      it(`${way}: one that hangs does not stay behind on the node`, async () => {
        const pidFile = join(keys.dir, `${way}.pid`);
        const hung = session[way](sh(`echo $$ > ${pidFile}; exec sleep 60`, { deadlineMs: 1_000 }));
        expect(failureOf(await hung).kind).toBe('timed-out');
        const pid = Number(readFileSync(pidFile, 'utf8'));
        await until(() => !running(pid));
      });

      it(`${way}: one that prints without end is cut at its cap, and the session goes on`, async () => {
        const endless = session[way](ask(['yes'], { maxBytes: 100_000 }));
        expect(failureOf(await endless)).toMatchObject({
          kind: 'unreadable',
          message: expect.stringContaining('more than 100000 bytes'),
        });
        const loudly = session[way](sh('yes >&2', { maxBytes: 100_000 }));
        expect(failureOf(await loudly).kind).toBe('unreadable');
        expect(resultOf(await session[way](ask(['echo', 'alive'])))).toMatchObject({ stdout: 'alive\n' });
      });

      it(`${way}: output up to the cap is given whole, one byte more is refused`, async () => {
        const whole = resultOf(await session[way](sh('head -c 5000 /dev/zero', { maxBytes: 5_000 })));
        expect(whole.stdout).toHaveLength(5_000);
        const over = await session[way](sh('head -c 5001 /dev/zero', { maxBytes: 5_000 }));
        expect(failureOf(over).kind).toBe('unreadable');
      });

      it(`${way}: an abort ends it at once, before or while it runs`, async () => {
        const abort = new AbortController();
        const pidFile = join(keys.dir, `${way}-aborted.pid`);
        const aborted = session[way](
          sh(`echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; exec sleep 60`, {
            signal: abort.signal,
          }),
        );
        await until(() => existsSync(pidFile));
        abort.abort();
        expect(failureOf(await aborted).message).toContain('called off');
        await until(() => !running(Number(readFileSync(pidFile, 'utf8'))));
        const never = await session[way](sh(`touch ${pidFile}.never`, { signal: abort.signal }));
        expect(failureOf(never).message).toContain('called off');
        expect(resultOf(await session[way](ask(['echo', 'alive'])))).toMatchObject({ stdout: 'alive\n' });
        expect(existsSync(`${pidFile}.never`)).toBe(false);
      });

      it(`${way}: a command's stdin reaches it, and without one the program waits for nobody`, async () => {
        const stdin = `${'x'.repeat(300_000)}\nend`;
        const counted = resultOf(await session[way](ask(['wc', '-c'], { stdin })));
        expect(counted.stdout.trim()).toBe('300004');
      });

      it(`${way}: a word that no argv can hold is refused here`, async () => {
        expect(failureOf(await session[way](ask(['echo', 'a\0b'])))).toMatchObject({
          kind: 'unreadable',
          message: expect.stringContaining('NUL'),
        });
      });
    }

    it('poll: a program that reads stdin finds it empty and cannot eat the next command', async () => {
      const [empty, next] = await Promise.all([
        session.poll(ask(['cat'])),
        session.poll(ask(['echo', 'next'])),
      ]);
      expect(resultOf(empty)).toMatchObject({ stdout: '', exitCode: 0 });
      expect(resultOf(next).stdout).toBe('next\n');
    });

    it('poll: a round trip waits for no delayed acknowledgement', async () => {
      const times: number[] = [];
      for (let n = 0; n < 20; n++) {
        const sent = performance.now();
        await session.poll(ask(['true']));
        times.push(performance.now() - sent);
      }
      expect(Math.min(...times)).toBeLessThan(20);
    });

    it('poll: commands are answered each with its own output, run one after the other', async () => {
      const log = join(keys.dir, 'order');
      const numbers = Array.from({ length: 40 }, (_, index) => index);
      const results = await Promise.all(
        numbers.map((n) =>
          session.poll(sh(`echo ${n} >> ${log}; echo out ${n}; echo err ${n} >&2; exit ${n}`)),
        ),
      );
      expect(results.map(resultOf)).toMatchObject(
        numbers.map((n) => ({ stdout: `out ${n}\n`, stderr: `err ${n}\n`, exitCode: n })),
      );
      expect(readFileSync(log, 'utf8')).toBe(numbers.map((n) => `${n}\n`).join(''));
    });

    it('poll: the time at which a command began is not before the end of the one before it', async () => {
      const [slow, after] = await Promise.all([session.poll(sh('sleep 0.3')), session.poll(ask(['true']))]);
      expect(resultOf(after).sentAt).toBeGreaterThanOrEqual(resultOf(slow).endedAt);
      expect(resultOf(slow).endedAt - resultOf(slow).sentAt).toBeGreaterThanOrEqual(250);
    });

    it('poll: what stands behind a hung command is told so, what comes later is not held up', async () => {
      const hung = session.poll(sh('sleep 60', { deadlineMs: 300 }));
      const behind = session.poll(ask(['echo', 'behind']));
      expect(failureOf(await hung).kind).toBe('timed-out');
      expect(failureOf(await behind)).toMatchObject({
        kind: 'timed-out',
        message: expect.stringContaining('stood behind a command that missed its deadline'),
      });
      expect(resultOf(await session.poll(ask(['echo', 'later']))).stdout).toBe('later\n');
    });

    it('poll: what stands behind one that was cut or called off is still answered', async () => {
      const abort = new AbortController();
      const results = Promise.all([
        session.poll(ask(['yes'], { maxBytes: 1_000 })),
        session.poll(ask(['echo', 'behind the cut'])),
        session.poll(sh('sleep 60', { signal: abort.signal })),
        session.poll(sh('sleep 60', { signal: abort.signal })),
        session.poll(ask(['echo', 'behind the called off'])),
      ]);
      abort.abort();
      const [, cut, , , off] = await results;
      expect([cut, off].map((result) => result && resultOf(result).stdout)).toEqual([
        'behind the cut\n',
        'behind the called off\n',
      ]);
    });

    it('poll: a shell that is killed costs one command', async () => {
      const [killed, next] = await Promise.all([
        session.poll(sh('kill -9 $PPID')),
        session.poll(ask(['echo', 'next'])),
      ]);
      expect(failureOf(killed).kind).toBe('unreadable');
      expect(resultOf(next).stdout).toBe('next\n');
    });

    it('poll: a hung command delays no dump and no other channel', async () => {
      const hung = session.poll(sh('sleep 60', { deadlineMs: 1_500 }));
      const meanwhile = await session.exec(ask(['echo', 'meanwhile'], { deadlineMs: 1_400 }));
      expect(resultOf(meanwhile).stdout).toBe('meanwhile\n');
      expect(failureOf(await hung).kind).toBe('timed-out');
    });

    it('stream: a dump of 20 MB comes whole and in order', async () => {
      let length = 0;
      let sum = 0;
      const dump = await session.stream(
        sh('seq 1 2600000', { deadlineMs: 15_000, maxBytes: 1 << 26 }),
        (chunk) => {
          length += chunk.length;
          for (const byte of chunk) sum = (sum * 31 + byte) >>> 0;
        },
      );
      let expected = 0;
      let bytes = 0;
      for (let n = 1; n <= 2_600_000; n++)
        for (const byte of Buffer.from(`${n}\n`)) {
          expected = (expected * 31 + byte) >>> 0;
          bytes++;
        }
      expect(resultOf(dump)).toEqual({ stderr: '', exitCode: 0, bytes });
      expect({ length, sum }).toEqual({ length: bytes, sum: expected });
    });

    it('stream: a slow reader slows the node, and gets one chunk at a time', async () => {
      const written = join(keys.dir, 'written');
      const script = `i=0; while [ $i -lt 400 ]; do head -c 65536 /dev/zero; i=$((i+1)); echo $i > ${written}; done`;
      const first = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      let open = 0;
      let most = 0;
      const dump = session.stream(sh(script, { maxBytes: 1 << 26 }), async () => {
        most = Math.max(most, ++open);
        first.resolve();
        await goOn.promise;
        open--;
      });
      await first.promise;
      const progress = () => (existsSync(written) ? Number(readFileSync(written, 'utf8')) : 0);
      let last = -1;
      await until(() => {
        const now = progress();
        const still = now === last && now > 0;
        last = now;
        return still;
      });
      expect(progress()).toBeLessThan(200);
      goOn.resolve();
      expect(resultOf(await dump).bytes).toBe(400 * 65_536);
      expect(most).toBe(1);
    });

    it('stream: what the reader throws comes back to its caller, and the command ends', async () => {
      const broken = session.stream(ask(['yes'], { maxBytes: 1 << 30 }), () => {
        throw new Error('no room');
      });
      await expect(broken).rejects.toThrow('no room');
      const later = session.stream(ask(['yes'], { maxBytes: 1 << 30 }), async () => {
        throw new Error('no room either');
      });
      await expect(later).rejects.toThrow('no room either');
      expect(resultOf(await session.exec(ask(['echo', 'alive']))).stdout).toBe('alive\n');
    });

    it('watch: gives lines as they come, and ends on the node when it is stopped', async () => {
      const lines: string[] = [];
      const ended: unknown[] = [];
      const stop = session.watch(
        { argv: ['sh', '-c', 'echo $$; printf "half "; sleep 0.1; echo "ü whole"; exec sleep 60'] },
        (line) => lines.push(line),
        (failure) => ended.push(failure),
      );
      await until(() => lines.length === 2);
      expect(lines[1]).toBe('half ü whole');
      const pid = Number(lines[0]);
      expect(running(pid)).toBe(true);
      stop();
      await until(() => !running(pid));
      expect(ended).toEqual([]);
    });

    it('lane: a channel like the poll, which it does not delay, until it is closed', async () => {
      const lane = session.lane();
      if (!lane) throw new Error('no session');
      const pidFile = join(keys.dir, 'lane.pid');
      expect(resultOf(await lane.poll(ask(['echo', 'one'])))).toMatchObject({ stdout: 'one\n' });
      const slow = lane.poll(sh(`echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; exec sleep 60`));
      await until(() => existsSync(pidFile));
      expect(resultOf(await session.poll(ask(['echo', 'two'])))).toMatchObject({ stdout: 'two\n' });
      lane.close();
      expect(failureOf(await slow).message).toContain('called off');
      await until(() => !running(Number(readFileSync(pidFile, 'utf8'))));
      expect(resultOf(await session.poll(ask(['echo', 'three'])))).toMatchObject({ stdout: 'three\n' });
    });

    it('lane through a reader: what is asked is told to it, and what it refuses is not run', async () => {
      const reader = fileURLToPath(new URL('../../../assets/node/status-reader', import.meta.url));
      const lane = session.lane(['/bin/sh', reader]);
      if (!lane) throw new Error('no session');
      const asked = [ask(clockCommand.argv), ask(['/usr/bin/id']), ask(clockCommand.argv)] as const;
      const [first, refused, last] = await Promise.all([
        lane.poll(asked[0]),
        lane.poll(asked[1]),
        lane.poll(asked[2]),
      ]);
      expect(resultOf(first)).toMatchObject({ stdout: expect.stringMatching(/^\d+\.\d{9}\n$/), exitCode: 0 });
      expect(resultOf(refused)).toMatchObject({ stdout: '', exitCode: 126 });
      expect(resultOf(last).exitCode).toBe(0);
      lane.close();
      const none = session.lane(['/nonexistent/reader']);
      if (!none) throw new Error('no session');
      expect(failureOf(await none.poll(ask(clockCommand.argv))).kind).toBe('no-permission');
    });

    it('watch: says how a command ended by itself', async () => {
      const watch = (script: string) =>
        new Promise((resolve) => {
          session.watch({ argv: ['sh', '-c', script] }, () => {}, resolve);
        });
      expect(await watch('exit 0')).toBeUndefined();
      expect(await watch('echo no rights >&2; exit 2')).toMatchObject({
        message: expect.stringContaining('ended with status 2: no rights'),
      });
    });
  });
