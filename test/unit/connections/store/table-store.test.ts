import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { openTableStore } from '../../../../main/connections/store/open-table-store.ts';
import type { Intake, StoredTable } from '../../../../main/connections/store/table-store.ts';
import type { ExportQuery } from '../../../../shared/domain/connection-actions.ts';

let store = openTableStore();
afterEach(async () => {
  await store.close();
  store = openTableStore();
});

const line = (host: number, dport = 443): string =>
  `ipv4     2 tcp      6 300 ESTABLISHED src=10.0.${host >> 8}.${host & 255} dst=10.2.0.1 sport=40000 dport=${dport} ` +
  `src=10.2.0.1 dst=10.0.${host >> 8}.${host & 255} sport=${dport} dport=40000 [ASSURED] mark=0 use=1 id=${host}\n`;
const lines = (count: number, dport?: number): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, host) => line(host, dport)).join(''));

const query = { cluster: 'edge', node: 'fw1', filter: '', sort: [], offset: 0, limit: 10 };
const exported: ExportQuery = {
  cluster: 'edge',
  node: 'fw1',
  filter: '',
  sort: [],
  offset: 0,
  format: 'text',
};

async function put(intake: Intake, bytes: Uint8Array) {
  // each in memory of its own, which is the intake's then
  for (let at = 0; at < bytes.length; at += 32_768)
    await intake.write(new Uint8Array(bytes.subarray(at, at + 32_768)));
}
async function read(table: StoredTable, bytes: Uint8Array) {
  const intake = table.begin({ format: 'text', observedAt: 5_000 });
  await put(intake, bytes);
  return intake.end();
}

describe('the store of the tables', () => {
  it('says of a table that was never read that it has no revision', async () => {
    expect(await store.table('a').page(query)).toMatchObject({ revision: 0, total: 0, rows: [] });
  });

  it('gives the window that is asked for, out of what matches, in the order asked for', async () => {
    const table = store.table('a');
    expect(await read(table, lines(1000))).toEqual({ entries: 1000, unreadable: 0 });
    const page = await table.page({
      ...query,
      filter: 'src in 10.0.1.0/24',
      sort: [{ column: 'src', direction: 'desc' }],
      offset: 1,
      limit: 2,
    });
    expect(page).toMatchObject({ total: 1000, matched: 256, offset: 1, observedAt: 5_000 });
    expect(page.rows.map(({ original }) => original.src)).toEqual(['10.0.1.254', '10.0.1.253']);
  });

  it('keeps the tables of nodes apart, and forgets one that is not wanted any more', async () => {
    await read(store.table('a'), lines(3));
    await read(store.table('b'), lines(5));
    store.forget('a');
    expect(await store.table('a').page(query)).toMatchObject({ revision: 0, total: 0 });
    expect(await store.table('b').page(query)).toMatchObject({ total: 5 });
  });

  it('answers a filter that makes no sense with where it stops making sense', async () => {
    await read(store.table('a'), lines(3));
    const page = await store.table('a').page({ ...query, filter: 'dport ==' });
    expect(page).toMatchObject({ matched: 0, rows: [], total: 3, filterError: { position: 8 } });
  });

  it('shows the rows of a first dump while the rest is still to come', async () => {
    const table = store.table('a');
    const intake = table.begin({ format: 'text', observedAt: 5_000 });
    await put(intake, lines(4000));
    const early = await table.page(query);
    await put(intake, lines(4000));
    await intake.end();
    const late = await table.page(query);
    expect(early.total).toBeGreaterThan(0);
    expect(late.total).toBe(8000);
    expect(late.revision).toBeGreaterThan(early.revision);
  });

  it('keeps the last good table while another dump arrives, and when it is called off', async () => {
    const table = store.table('a');
    await read(table, lines(3));
    const intake = table.begin({ format: 'text', observedAt: 9_000 });
    await put(intake, lines(8000));
    expect(await table.page(query)).toMatchObject({ total: 3, observedAt: 5_000 });
    intake.abort(false);
    expect(await table.page(query)).toMatchObject({ total: 3, observedAt: 5_000 });
  });

  it('keeps of a first dump what came until its cap, and says that it ended there', async () => {
    const intake = store.table('a').begin({ format: 'text', observedAt: 5_000 });
    await put(intake, lines(50));
    intake.abort(true);
    expect(await store.table('a').page(query)).toMatchObject({ total: 50, cappedAt: 50 });
  });

  it('says of what is no table at all why, and leaves the table as it was', async () => {
    await read(store.table('a'), lines(3));
    const end = await read(store.table('a'), Buffer.from('Segmentation fault\n'.repeat(9)));
    expect(end).toMatchObject({ entries: 0, unreadable: 9, problem: expect.any(String) });
    expect(await store.table('a').page(query)).toMatchObject({ total: 3, unreadable: 0 });
  });

  it('reads a packed dump, and knows one that breaks off', async () => {
    const packed = gzipSync(lines(5000));
    const whole = store.table('a').begin({ format: 'text', observedAt: 1, gzip: true });
    await put(whole, packed);
    expect(await whole.end()).toEqual({ entries: 5000, unreadable: 0 });
    const cut = store.table('a').begin({ format: 'text', observedAt: 2, gzip: true });
    await put(cut, packed.subarray(0, packed.length - 100));
    expect((await cut.end()).problem).toMatch(/unpacked/);
    expect(await store.table('a').page(query)).toMatchObject({ total: 5000, observedAt: 1 });
  });

  it('answers a page with the revision that it names, also after the table was read again', async () => {
    const table = store.table('a');
    await read(table, lines(3));
    const { revision } = await table.page(query);
    await read(table, lines(7));
    expect(await table.page({ ...query, revision })).toMatchObject({ revision, total: 3 });
    expect(await table.page(query)).toMatchObject({ total: 7 });
    await read(table, lines(9));
    expect(await table.page({ ...query, revision })).toMatchObject({ total: 3 });
    expect(await table.page({ ...query, revision: revision + 1 })).toMatchObject({ total: 7 });
    await read(table, lines(11));
    expect(await table.page({ ...query, revision: revision + 2 })).toMatchObject({ total: 9 });
    await read(table, lines(13));
    expect(await table.page({ ...query, revision })).toMatchObject({ total: 13 });
  });

  it('marks what is new since the dump before, and says how much came and went', async () => {
    const table = store.table('a');
    await read(table, lines(4));
    expect(await table.page(query)).toMatchObject({ added: 0, changed: 0, gone: 0 });
    const later = table.begin({ format: 'text', observedAt: 9_000 });
    const [, ...kept] = lines(6).toString().trimEnd().split('\n');
    await put(later, Buffer.from(`${kept.join('\n')}\n`.replace('ESTABLISHED', 'TIME_WAIT')));
    await later.end();
    const page = await table.page({ ...query, sort: [{ column: 'src', direction: 'asc' }] });
    expect(page).toMatchObject({ added: 2, changed: 1, gone: 1, since: 5_000 });
    expect(page.rows.map(({ change, age }) => [change, age])).toEqual([
      ['changed', undefined],
      [undefined, undefined],
      [undefined, undefined],
      ['new', 0],
      ['new', 0],
    ]);
    expect(await table.page({ ...query, filter: 'new' })).toMatchObject({ matched: 2 });
  });

  it('exports all that matches in pieces of one revision, and says when that is gone', async () => {
    const table = store.table('a');
    await read(table, lines(12_000));
    let text = '';
    let piece = await table.export(exported);
    const { revision } = piece;
    for (text += piece.text; piece.next !== undefined; text += piece.text)
      piece = await table.export({ ...exported, offset: piece.next, revision });
    expect(text.trimEnd().split('\n')).toHaveLength(12_000);
    expect(text.split('\n')[1]).toContain('src=10.0.0.1 dst=10.2.0.1 sport=40000 dport=443');
    await read(table, lines(3));
    await read(table, lines(3));
    // it is kept until somebody looks at another one
    expect((await table.export({ ...exported, offset: 11_999, revision })).text).not.toBe('');
    await table.page({ ...query, revision: revision + 2 });
    await read(table, lines(3));
    expect(await table.export({ ...exported, offset: 5_000, revision })).toMatchObject({
      text: '',
      ended: expect.stringContaining('read again'),
    });
  });

  it('makes who writes faster than it can read wait, and takes all of it', async () => {
    const table = store.table('a');
    const intake = table.begin({ format: 'text', observedAt: 1 });
    const bytes = lines(20_000);
    let waited = 0;
    for (let round = 0; round < 8; round += 1) {
      const busy = intake.write(new Uint8Array(bytes));
      if (busy) waited += 1;
      await busy;
    }
    expect(waited).toBeGreaterThan(0);
    expect(await intake.end()).toEqual({ entries: 160_000, unreadable: 0 });
    expect(intake.entries()).toBe(160_000);
  });
});

it('tells who waits that the tables were lost when their thread dies, and starts anew', async () => {
  const crashing = openTableStore(new URL('crashing-worker.ts', import.meta.url));
  await expect(crashing.table('a').page(query)).rejects.toThrow(/must be read again: out of luck/);
  const intake = crashing.table('a').begin({ format: 'text', observedAt: 1 });
  await expect(intake.end()).rejects.toThrow(/must be read again/);
  await crashing.close();
});

describe('a table that is followed', () => {
  const told = (...events: readonly [kind: string, host: number, dport?: number][]): Buffer =>
    Buffer.from(
      events
        .map(
          ([kind, host, dport]) => `[12.250000]\t [${kind}] ${line(host, dport).replace(/^ipv4\s+2 /, '')}`,
        )
        .join(''),
    );
  const hosts = async (table: StoredTable, asked: Partial<typeof query & { revision: number }> = {}) => {
    const page = await table.page({ ...query, sort: [{ column: 'src', direction: 'asc' }], ...asked });
    return page.rows.map(({ id }) => id);
  };

  it('shows what its events tell, as of when they were heard, and of when its timers are', async () => {
    const table = store.table('a');
    await read(table, lines(3));
    const lost = Buffer.from('[12.1]\t[NEW] nonsense\n');
    expect(
      await table.follow({ lines: Buffer.concat([told(['DESTROY', 1], ['NEW', 7]), lost]), at: 9_000 }),
    ).toEqual({ events: 2, unreadable: 1, isWhole: true });
    const page = await table.page({ ...query, filter: 'new' });
    expect(page).toMatchObject({
      total: 3,
      added: 1,
      gone: 1,
      since: 5_000,
      observedAt: 9_000,
      readAt: 5_000,
    });
    expect(page.rows[0]).toMatchObject({ id: 7, change: 'new' });
    expect(await hosts(table)).toEqual([0, 2, 7]);
  });

  it('puts what was heard during a dump on top of it, whatever the dump has of it', async () => {
    const table = store.table('a');
    await read(table, lines(3));
    const intake = table.begin({ format: 'text', observedAt: 8_000 });
    await table.follow({ lines: told(['DESTROY', 0], ['NEW', 9]), at: 8_500 });
    expect(await hosts(table)).toEqual([1, 2, 9]);
    await put(intake, lines(5));
    await intake.end();
    expect(await hosts(table)).toEqual([1, 2, 3, 4, 9]);
    expect(await table.page(query)).toMatchObject({ observedAt: 8_500, readAt: 8_000 });
    await read(table, lines(2));
    expect(await hosts(table)).toEqual([0, 1]);
  });

  it('keeps the revision that somebody goes on looking at', async () => {
    const table = store.table('a');
    await read(table, lines(3));
    const { revision } = await table.page(query);
    for (const host of [10, 12, 14]) {
      expect(await hosts(table, { revision })).toEqual([0, 1, 2]);
      await table.follow({ lines: told(['NEW', host]), at: 9_000 + host });
      await table.follow({ lines: told(['NEW', host + 1]), at: 9_001 + host });
    }
    expect(await hosts(table, { revision })).toEqual([0, 1, 2]);
    expect(await hosts(table)).toEqual([0, 1, 2, 10, 11, 12, 13, 14, 15]);
  });

  it('keeps the rates of its last dump, and tells those of the next since then, not since the last event', async () => {
    const table = store.table('a');
    const counted = (bytes: number) =>
      Buffer.from(
        [1, 2]
          .map((host) => line(host).replaceAll(/ dport=(\d+) /g, ` dport=$1 packets=1 bytes=${bytes} `))
          .join(''),
      );
    const dump = async (observedAt: number, bytes: number) => {
      const intake = table.begin({ format: 'text', observedAt });
      await put(intake, counted(bytes));
      await intake.end();
    };
    const rates = async () => {
      const page = await table.page({ ...query, sort: [{ column: 'src', direction: 'asc' }] });
      return page.rows.map(({ id, rate }) => [id, rate]);
    };
    await dump(5_000, 1_000);
    await dump(6_000, 2_000);
    const inTheDump = [1, 2].map((host) => [host, 2_000]);
    expect(await rates()).toEqual(inTheDump);
    await table.follow({ lines: told(['DESTROY', 1], ['NEW', 7]), at: 15_900 });
    expect(await rates()).toEqual([
      [2, 2_000],
      [7, undefined],
    ]);
    await dump(16_000, 7_000);
    expect(await rates()).toEqual([
      [1, undefined],
      [2, 1_000],
    ]);
  });

  it('marks anew what moved once the marks are old', async () => {
    const table = store.table('a');
    await read(table, lines(2));
    await table.follow({ lines: told(['NEW', 5]), at: 9_000 });
    await table.follow({ lines: told(['NEW', 6]), at: 14_000 });
    expect(await table.page(query)).toMatchObject({ added: 2, since: 5_000 });
    await table.follow({ lines: told(['NEW', 7]), at: 16_000 });
    expect(await table.page(query)).toMatchObject({ added: 1, since: 14_000 });
  });
});
