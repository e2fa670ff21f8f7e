/**
 * That a node's table is the same however it is read: by root with the kernel's own messages, by `ops` with the installed
 * reader, or as conntrack's text; and that who may read nothing is told what would help.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { perlText, pythonText } from '../../main/agents/table/conntrack/dump-texts.ts';
import { installedReader } from '../../main/agents/table/conntrack/read-ways.ts';
import { createEngine } from '../../main/engine.ts';
import type { ConnectionPage } from '../../shared/domain/connection-query.ts';
import { type Lab, up } from './lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'handover-reading-'));
const where = { cluster: 'lab', node: 'fw2' };
/** Entries of our own, which no packet ends meanwhile: TCP, UDP and ICMP, marked, in a zone, of both families. */
const entries = [
  '-p tcp -s 10.66.1.1 -d 10.66.2.1 --sport 1001 --dport 443 --state ESTABLISHED -u SEEN_REPLY,ASSURED -m 5',
  '-p tcp -s 10.66.1.2 -d 10.66.2.1 --sport 1002 --dport 443 --state SYN_SENT',
  '-p tcp -s 10.66.1.3 -d 10.66.2.1 --sport 1003 --dport 22 --state ESTABLISHED -u SEEN_REPLY -w 7',
  '-p udp -s 10.66.1.1 -d 10.66.2.2 --sport 1004 --dport 53 -m 4294967295',
  '-p icmp -s 10.66.1.4 -d 10.66.2.2 --icmp-type 8 --icmp-code 0 --icmp-id 77',
  '-p tcp -s 2001:db8::1 -d 2001:db8::2 --sport 1005 --dport 443 --state ESTABLISHED -u SEEN_REPLY,ASSURED',
  '-p udp -s 2001:db8::3 -d 2001:db8::2 --sport 1006 --dport 443',
];

let lab: Lab;

beforeAll(async () => {
  // a slave's kernel table is purged so long after it became one, and with it what is put there below
  lab = await up({ purgeSeconds: 3_600 });
});
/** A busy machine may have had its nodes change their roles, which ends what no packet belongs to. */
beforeEach(async () => {
  for (const entry of entries) {
    const made = await lab.exec('fw2', ['conntrack', '-I', ...entry.split(' '), '-t', '3000']);
    if (made.code !== 0 && !made.stderr.includes('Such conntrack exists'))
      throw new Error(`${entry}: ${made.stderr}`);
  }
});
afterAll(async () => {
  await lab?.down();
  rmSync(folder, { recursive: true, force: true });
});

/** What a console of this login does with the table of fw2. */
async function asLogin<T>(
  login: keyof Lab['inventory'],
  act: (handlers: Awaited<ReturnType<typeof createEngine>>['handlers']) => Promise<T>,
): Promise<T> {
  const host = {
    kind: 'browser',
    version: '0',
    inventoryPath: lab.inventory[login],
    stateDir: folder,
  } as const;
  const engine = await createEngine(host);
  try {
    return await act(engine.handlers);
  } finally {
    await engine.close();
  }
}

const readTable = (login: keyof Lab['inventory']): Promise<ConnectionPage> =>
  asLogin(login, async (handlers) => {
    await handlers['connections.read'](where);
    return handlers['connections.page']({ ...where, filter: '', sort: [], offset: 0, limit: 1_000 });
  });

/** Our entries without what moves by itself from one dump to the next, and what rests on the node's settings, read beside it. */
const ours = (page: ConnectionPage) =>
  page.rows
    .filter(({ original }) => /^(?:10\.66\.|2001:db8::)/.test(original.src))
    .map(({ row: _row, timeout, age: _age, idle: _idle, use: _use, extra, ...connection }) => ({
      ...connection,
      extra: { ...extra, 'delta-time': 0 },
      hasTimeout: timeout !== undefined,
    }))
    .sort((a, b) => Number(a.id) - Number(b.id));

const without = async (path: string, act: () => Promise<void>) => {
  await lab.exec('fw2', ['mv', path, `${path}.away`]);
  try {
    await act();
  } finally {
    await lab.exec('fw2', ['mv', `${path}.away`, path]);
  }
};

describe('the table of a real node', () => {
  test('is the same row by row, read as root, by sudo’s rule and as text', async () => {
    const root = await readTable('root');
    expect(root.failure).toBeUndefined();
    expect(root.reader).toMatchObject({ kind: 'netlink', through: 'perl' });
    expect(ours(root)).toHaveLength(entries.length);

    const ops = await readTable('ops');
    expect(ops.reader).toMatchObject({ kind: 'netlink', through: installedReader });
    expect(ops.reader?.why).toBeUndefined();
    expect(ours(ops)).toEqual(ours(root));

    await without(installedReader, async () => {
      const text = await readTable('ops');
      expect(text.reader).toMatchObject({ kind: 'text', through: 'stdbuf' });
      expect(text.reader?.why).toContain(`${installedReader} is not on the node`);
      expect(ours(text)).toEqual(ours(root));
    });
  });

  test('is read as text where the installed reader is not the one that the rule names', async () => {
    await lab.exec('fw2', ['sed', '-i', '$ a # changed', installedReader]);
    const page = await readTable('ops');
    expect(page.reader).toMatchObject({ kind: 'text', through: 'stdbuf' });
    expect(page.reader?.why).toContain('sudo does not allow');
    expect(ours(page)).toHaveLength(entries.length);
    await lab.exec('fw2', ['sed', '-i', '$ d', installedReader]);
  });

  test.each([
    ['perl', ['-e', perlText, '--']],
    ['python3', ['-I', '-c', pythonText]],
  ] as const)(
    'is written by %s into a pipe of a megabyte, so that it need not wait for sshd',
    async (program, words) => {
      // F_GETPIPE_SZ, once all has come
      const depth = `perl -e '1 while sysread STDIN, $_, 65536; print fcntl(STDIN, 1032, 0)'`;
      const piped = ['sh', '-c', `"$@" | ${depth}`, 'sh', program, ...words];
      expect(await lab.exec('fw2', piped)).toEqual({ code: 0, stdout: `${2 ** 20}`, stderr: '' });
    },
  );

  test('is not shown to a login without rights, which is told what would help', async () => {
    const page = await readTable('viewer');
    expect(page.rows).toEqual([]);
    expect(page.failure).toMatchObject({ kind: 'no-permission' });
    expect(page.failure?.remedy).toContain('sudoers-handover');
  });

  test.each(['root', 'ops'] as const)(
    'answers %s about one address, port, mark or zone at once',
    async (login) => {
      await asLogin(login, async (handlers) => {
        const ask = async (question: Parameters<(typeof handlers)['connections.ask']>[0]['question']) => {
          const answer = await handlers['connections.ask']({ ...where, question });
          if (!answer.accepted) throw new Error(answer.reason);
          return answer.rows.map(({ original }) => original.sport).sort();
        };
        expect(await ask({ src: '10.66.1.1' })).toEqual([1001, 1004]);
        expect(await ask({ src: '10.66.1.1', dport: 443 })).toEqual([1001]);
        expect(await ask({ src: '2001:db8::3' })).toEqual([1006]);
        expect(await ask({ dst: '10.66.2.1', protocol: 'tcp', dport: 443 })).toEqual([1001, 1002]);
        expect(await ask({ mark: 5 })).toEqual([1001]);
        expect(await ask({ zone: 7 })).toEqual([1003]);
        expect(await ask({ src: '10.66.9.9' })).toEqual([]);
      });
    },
  );

  test('that is followed is that of the kernel, without another dump', async () => {
    await asLogin('ops', async (handlers) => {
      const page = (filter = 'src in 10.67.0.0/16') =>
        handlers['connections.page']({ ...where, filter, sort: [], offset: 0, limit: 1_000 });
      await handlers['connections.refresh']({ ...where, mode: 'following' });
      await expect.poll(async () => (await page()).observedAt, { timeout: 10_000 }).toBeDefined();
      const { observedAt, readAt = observedAt } = await page();
      // a hundred begin, twenty of them are marked, half of them end, and ten of those begin anew
      const flow = 'conntrack $1 -p udp -s 10.67.1.1 -d 10.67.2.1 --sport $2 --dport 53';
      const script = `deed() { ${flow} $3 $4 $5 $6 >/dev/null 2>&1; }
        for port in $(seq 100); do deed -I $port -t 600; done
        for port in $(seq 20); do deed -U $port -m 7; done
        for port in $(seq 11 60); do deed -D $port; done
        for port in $(seq 51 60); do deed -I $port -t 600 -m 9; done`;
      await lab.exec('fw2', ['sh', '-c', script]);
      const told = await lab.exec('fw2', ['conntrack', '-L', '-s', '10.67.1.1', '-o', 'id']);
      const kernel = [...told.stdout.matchAll(/sport=(\d+) .* mark=(\d+) .*id=(\d+)/g)].map((entry) =>
        entry.slice(1).join(),
      );
      expect(kernel).toHaveLength(60);
      const shown = async () =>
        (await page()).rows.map(({ original, mark, id }) => [original.sport, mark ?? 0, id].join()).sort();
      await expect.poll(shown, { timeout: 10_000 }).toEqual(kernel.sort());
      const after = await page();
      expect(after.readAt).toBe(readAt);
      expect(after.refresh).toMatchObject({ mode: 'following' });
      expect(after.refresh?.events).toBeGreaterThanOrEqual(180);
      expect(after.rows.every(({ change }) => change === 'new')).toBe(true);
      await lab.exec('fw2', ['conntrack', '-D', '-s', '10.67.1.1']);
      await expect.poll(async () => (await page()).matched, { timeout: 10_000 }).toBe(0);
      expect((await page()).readAt).toBe(readAt);
    });
  }, 120_000);
});
