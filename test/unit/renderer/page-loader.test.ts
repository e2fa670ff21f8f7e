import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pageLoader, type TableQuery } from '../../../renderer/views/connections/page-loader.ts';
import {
  mostPages,
  pageSize,
  pagesOf,
  rowAt,
  wantedPages,
  withPage,
} from '../../../renderer/views/connections/pages.ts';
import type { ConnectionPage, ConnectionQuery } from '../../../shared/domain/connection-query.ts';
import { rowOf } from '../../e2e/console-page/made-up-table.ts';

const million = 1_000_000;
const all: TableQuery = { cluster: 'edge', node: 'fw1', filter: '', sort: [] };

describe('the pages that a window wants', () => {
  it('are those it shows first, then those it comes to, and none beyond the table', () => {
    expect(wantedPages({ first: 0, end: 30, direction: 0 }, million)).toEqual([0, 1]);
    expect(wantedPages({ first: 480, end: 510, direction: 1 }, million)).toEqual([4, 5, 6, 7]);
    expect(wantedPages({ first: 480, end: 510, direction: -1 }, million)).toEqual([4, 5, 3, 2]);
    expect(wantedPages({ first: 999_970, end: million, direction: 1 }, million)).toEqual([9_999]);
    expect(wantedPages({ first: 0, end: 30, direction: 0 }, 0)).toEqual([]);
  });

  it('are those of the last rows where the table has become shorter than the window', () => {
    expect(pagesOf({ first: 5_000, end: 5_030, direction: 0 }, 3)).toEqual([0]);
    expect(pagesOf({ first: 5_000, end: 5_030, direction: 0 }, 1_010)).toEqual([9, 10]);
  });

  it('are forgotten when others were used later', () => {
    let pages: ReturnType<typeof withPage> = new Map();
    for (let index = 0; index <= mostPages; index += 1) pages = withPage(pages, index, [rowOf(index)]);
    expect(pages.size).toBe(mostPages);
    expect(pages.has(0)).toBe(false);
    expect(withPage(pages, 1, [rowOf(1)]).has(1)).toBe(true);
  });
});

describe('scrolling', () => {
  /** An engine whose answers are let go one by one, in the order in which they were asked for. */
  let asked: { query: ConnectionQuery; answer: (parts?: Partial<ConnectionPage>) => Promise<void> }[];
  let loader: ReturnType<typeof pageLoader>;
  let fail: ((cause: Error) => void)[];
  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    fail = [];
    loader = pageLoader((query) => {
      const { promise, resolve, reject } = Promise.withResolvers<ConnectionPage>();
      fail.push(reject);
      asked.push({
        query,
        answer: async (parts = {}) => {
          resolve(pageFor(query, parts));
          await vi.advanceTimersByTimeAsync(0);
        },
      });
      return promise;
    });
  });
  afterEach(() => void vi.useRealTimers());

  const pageFor = (query: ConnectionQuery, parts: Partial<ConnectionPage>): ConnectionPage => {
    const matched = parts.matched ?? million;
    const count = Math.max(0, Math.min(query.limit, matched - query.offset));
    const about = { reading: false, observedAt: 1, total: million, matched, unreadable: 0 };
    const rows = Array.from({ length: count }, (_, at) => rowOf(query.offset + at));
    return { revision: 1, ...about, offset: query.offset, rows, ...parts };
  };
  const offsets = () => asked.map(({ query }) => query.offset);
  /** Answers all that is asked for, also what is asked for in consequence. */
  const answerAll = async (parts?: Partial<ConnectionPage>) => {
    for (let each = asked.shift(); each; each = asked.shift()) await each.answer(parts);
  };
  const shown = (row: number) => rowAt(loader.loaded(), row)?.row;

  it('asks for a page once, for two at a time, and pins them to the revision that is shown', async () => {
    loader.question(all);
    loader.show(0, 30);
    loader.show(1, 31);
    expect(offsets()).toEqual([0]);
    await asked.shift()?.answer();
    loader.show(90, 120);
    loader.show(91, 121);
    expect(offsets()).toEqual([pageSize, 2 * pageSize]);
    expect(asked.every(({ query }) => query.revision === 1)).toBe(true);
    await answerAll();
    expect(shown(120)).toBe(120);
  });

  it('keeps to its revision while it is held, until it is to be read anew', async () => {
    loader.question(all);
    loader.show(0, 30);
    await answerAll();
    loader.hold(true);
    void loader.refresh();
    expect(asked[0]?.query.revision).toBe(1);
    await answerAll();
    void loader.refresh(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked[0]?.query.revision).toBeUndefined();
    await answerAll({ revision: 2 });
    loader.hold(false);
    void loader.refresh();
    expect(asked[0]?.query.revision).toBeUndefined();
    await answerAll({ revision: 3 });
    expect(loader.loaded().summary?.revision).toBe(3);
  });

  it('asks for nothing that a leap only passes, and for the place where it ends', async () => {
    loader.question(all);
    loader.show(0, 30);
    await answerAll();
    for (let place = 1; place <= 5; place += 1) loader.show(place * 100_000, place * 100_000 + 30);
    expect(offsets()).toEqual([]);
    await vi.advanceTimersByTimeAsync(50);
    expect(offsets()[0]).toBe(500_000);
    await answerAll();
    expect(shown(500_010)).toBe(500_010);
  });

  it('knows of a place it leaps to whether there is anything to be drawn', async () => {
    loader.question(all);
    expect(loader.isAnyThere(0, 30)).toBe(false);
    loader.show(0, 30);
    await answerAll();
    expect(loader.isAnyThere(0, 30)).toBe(true);
    expect(loader.isAnyThere(pageSize - 5, pageSize + 25)).toBe(true);
    expect(loader.isAnyThere(500_000, 500_030)).toBe(false);
  });

  it('asks all the same where the leaps do not end', async () => {
    loader.question(all);
    loader.show(0, 30);
    await answerAll();
    for (let place = 1; place <= 40; place += 1) {
      loader.show(place * 10_000, place * 10_000 + 30);
      await vi.advanceTimersByTimeAsync(16);
    }
    expect(asked.length).toBeGreaterThan(0);
    // one answer is no reason to ask for the next place that is only passed
    loader.show(700_000, 700_030);
    await answerAll();
    loader.show(900_000, 900_030);
    await vi.advanceTimersByTimeAsync(16);
    expect(offsets()).toEqual([]);
  });

  it('shows the rows of another revision only when the whole window has them', async () => {
    loader.question(all);
    loader.show(80, 110);
    await answerAll();
    void loader.refresh();
    await asked.shift()?.answer({ revision: 2 });
    await asked.shift()?.answer({ revision: 2 });
    expect(loader.loaded().summary?.revision).toBe(1);
    expect(shown(105)).toBe(105);
    expect(asked[0]?.query).toMatchObject({ revision: 2, offset: pageSize });
    await answerAll({ revision: 2 });
    expect(loader.loaded().summary?.revision).toBe(2);
    expect(shown(80)).toBe(80);
    expect(shown(105)).toBe(105);
  });

  it('asks for no row again while there is only news of how far a dump is', async () => {
    loader.question(all);
    loader.show(0, 30);
    await answerAll();
    const rows = rowAt(loader.loaded(), 10);
    void loader.refresh();
    expect(asked[0]?.query.limit).toBe(0);
    await asked.shift()?.answer({ progress: { startedAt: 1, entries: 5, bytes: 9 } });
    expect(loader.loaded().summary?.progress?.entries).toBe(5);
    expect(rowAt(loader.loaded(), 10)).toBe(rows);
    expect(asked).toEqual([]);
  });

  it('asks for rows where none are shown yet', async () => {
    loader.question(all);
    await answerAll({ matched: 0, total: 0 });
    void loader.refresh();
    expect(asked[0]?.query.limit).toBe(pageSize);
    await answerAll();
    expect(shown(10)).toBe(10);
  });

  it('asks anew behind what was asked before a dump ended', async () => {
    loader.question(all);
    loader.show(0, 30);
    await answerAll();
    void loader.refresh();
    void loader.refresh();
    expect(asked).toHaveLength(1);
    const anew = loader.refresh(true);
    await asked.shift()?.answer({ revision: 2, reading: true });
    await answerAll({ revision: 3, reading: false });
    await anew;
    expect(loader.loaded().summary).toMatchObject({ revision: 3, reading: false });
  });

  it('takes every row anew when the slaves were compared, though the dump is the same', async () => {
    loader.question(all);
    loader.show(0, 30);
    await answerAll();
    void loader.refresh();
    await answerAll({ comparedAt: 7 });
    expect(loader.loaded().summary?.comparedAt).toBe(7);
    loader.show(190, 220);
    await vi.advanceTimersByTimeAsync(50);
    expect(offsets()).toContain(2 * pageSize);
    await answerAll({ comparedAt: 7 });
    expect(shown(210)).toBe(210);
  });

  it('keeps the old rows until a new filter has an answer, and lets a late one of the old go', async () => {
    loader.question(all);
    loader.show(0, 30);
    await answerAll();
    loader.show(300, 330);
    const late = asked.splice(0);
    loader.question({ ...all, filter: 'dport == 443' });
    expect(shown(10)).toBe(10);
    const [first] = asked.splice(0);
    expect(first?.query.filter).toBe('dport == 443');
    await first?.answer({ matched: 12 });
    for (const each of late) await each.answer();
    await answerAll({ matched: 12 });
    expect(loader.loaded().summary?.matched).toBe(12);
    expect(shown(300)).toBeUndefined();
    expect(shown(11)).toBe(11);
  });

  it('shows none of another node', async () => {
    loader.question(all);
    await answerAll();
    loader.question({ ...all, node: 'fw2' });
    expect(loader.loaded().summary).toBeUndefined();
    expect(shown(0)).toBeUndefined();
  });

  it('says why a page is not there, does not ask for it in a loop, and tries again when one moves on', async () => {
    loader.question(all);
    fail[0]?.(new Error('the engine is gone'));
    asked.shift();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(loader.loaded().problem).toEqual(new Error('the engine is gone'));
    expect(offsets()).toEqual([]);
    loader.show(0, 30);
    await answerAll();
    expect(loader.loaded().problem).toBeUndefined();
    expect(shown(0)).toBe(0);
  });

  it('fetches the chosen rows that are not here, and none of another dump in their place', async () => {
    loader.question(all);
    loader.show(0, 30);
    await answerAll();
    const some = loader.rowsOf([
      { from: 5, to: 6 },
      { from: 2_000, to: 3_200 },
    ]);
    await vi.advanceTimersByTimeAsync(0);
    await answerAll();
    const rows = await some;
    expect(rows.map(({ row }) => row)).toEqual([
      5,
      6,
      ...Array.from({ length: 1_201 }, (_, at) => 2_000 + at),
    ]);
    const late = loader.rowsOf([{ from: 5_000, to: 5_000 }]);
    const refused = expect(late).rejects.toThrow('select the rows once more');
    await answerAll({ revision: 2 });
    await refused;
  });
});
