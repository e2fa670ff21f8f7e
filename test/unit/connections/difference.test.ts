import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDifference } from '../../../main/connections/coverage/difference.ts';
import type { TwoTables } from '../../../shared/domain/difference.ts';
import { differenceNotes, parseTable } from '../../../shared/domain/difference-report.ts';
import { Pair } from './pair.ts';

let pair: Pair;
beforeEach(() => {
  pair = new Pair();
});
afterEach(() => rmSync(pair.folder, { recursive: true, force: true }));

const open = () => {
  const source = pair.source();
  return openDifference((cluster) => (cluster === 'edge' ? source : undefined), pair.tools());
};

const table = (text: string) => parseTable(text) ?? expect.fail(text);
const tables = (of: string, against: string): TwoTables => ({
  cluster: 'edge',
  of: table(of),
  against: table(against),
});

/** What two tables differ in, and as many rows as are asked for. */
async function compared(of: string, against: string, query = {}) {
  const difference = open();
  const wanted = tables(of, against);
  const refusal = await difference.compare(wanted);
  const view = await difference.report({ ...wanted, filter: '', ...query });
  difference.close();
  return { refusal, ...view };
}

const ports = (report: Awaited<ReturnType<typeof compared>>['report']) =>
  report?.connections.map((row) => [row.class, row.connection.original.sport]);

/** The line of this source port as `change` makes it. */
const changed = (lines: string, port: number, change: (line: string) => string) =>
  lines
    .split('\n')
    .map((line) => (line.includes(`src=10.1.0.1 dst=10.2.0.1 sport=${port} `) ? change(line) : line))
    .join('\n');

describe('two kernel tables', () => {
  it('are told apart by name: what only the first has, only the second, and both but not alike', async () => {
    pair.master = [1, 2, 3, 4];
    pair.held = [2, 3, 4, 5, 6];
    pair.edit = (dump, lines) => {
      if (!dump.startsWith('fw2')) return lines;
      const closing = changed(lines, 3, (line) => line.replace('ESTABLISHED', 'CLOSE_WAIT'));
      return changed(closing, 4, (line) =>
        line.replace('dst=10.1.0.1 sport=443', 'dst=198.51.100.7 sport=443').replace('mark=0', 'mark=9'),
      );
    };
    const { report, refusal } = await compared('fw1', 'fw2');
    expect(refusal).toBeUndefined();
    expect(report).toMatchObject({
      cluster: 'edge',
      of: { node: 'fw1', table: 'kernel', count: 4 },
      against: { node: 'fw2', table: 'kernel', count: 5 },
      same: 1,
      onlyOf: 1,
      onlyAgainst: 2,
      different: 2,
      differsBy: { state: 1, mark: 1, nat: 1 },
      matched: 5,
    });
    expect(ports(report)).toEqual([
      ['only-of', 1],
      ['only-against', 5],
      ['only-against', 6],
      ['different', 3],
      ['different', 4],
    ]);
    expect(report?.connections.map(({ differs }) => differs).slice(3)).toEqual([
      [{ name: 'state', of: 'ESTABLISHED', against: 'CLOSE_WAIT' }],
      [
        { name: 'mark', of: '0', against: '9' },
        { name: 'nat', of: 'none', against: 'source 198.51.100.7:4' },
      ],
    ]);
  });

  it('are read the first before and after the second, and no cache is touched', async () => {
    await compared('fw1', 'fw2');
    expect(pair.ran.filter((each) => each.endsWith('begins')).map((each) => each.split(' ')[0])).toEqual([
      'fw1',
      'fw2',
      'fw1',
    ]);
    expect(pair.ran.join()).not.toMatch(/ -[ei] /);
    expect((await compared('fw1', 'fw2')).refusal).toBeUndefined();
  });

  it('do not differ in what began, ended or changed while they were read, which is counted', async () => {
    pair.master = [1, 2, 3];
    pair.held = [2, 3];
    let dumps = 0;
    pair.edit = (dump, lines) => {
      if (!dump.startsWith('fw1')) return changed(lines, 3, (line) => line.replace('EST', 'NOT_EST'));
      dumps += 1;
      // 1 began after the first reading, and 3 was in another state then
      const first = changed(
        changed(lines, 1, () => ''),
        3,
        (line) => line.replace('ESTABLISHED', 'SYN_RECV'),
      );
      return dumps === 1 ? first : lines;
    };
    const { report } = await compared('fw1', 'fw2');
    expect(report).toMatchObject({ same: 1, onlyOf: 0, different: 0, younger: 2, connections: [] });
    expect(report && differenceNotes(report)).toEqual([
      '2 began or changed while the tables were read, and are not told as differences.',
    ]);
  });

  it('say of what only the second has whether it may be as young: it is not asked for twice', async () => {
    pair.held = [1, 2, 3, 4, 5, 6];
    pair.edit = (dump, lines) => {
      if (!dump.startsWith('fw2')) return lines;
      const young = changed(lines, 4, (line) => `${line} delta-time=0`);
      return changed(young, 5, (line) => `${line} delta-time=900`);
    };
    const { report } = await compared('fw1', 'fw2');
    expect(report).toMatchObject({ same: 3, onlyAgainst: 2, younger: 1, ageUnknown: 1 });
    expect(ports(report)).toEqual([
      ['only-against', 5],
      ['only-against', 6],
    ]);
  });
});

describe('a cache', () => {
  it('is compared with the kernel table in what it tells, named first or second', async () => {
    pair.master = [1, 2, 3];
    pair.held = [1, 2, 4];
    const { report } = await compared('fw2:external', 'fw1:kernel');
    expect(report).toMatchObject({
      of: { node: 'fw2', table: 'external' },
      same: 2,
      onlyOf: 1,
      onlyAgainst: 1,
      different: 0,
      younger: 0,
    });
    expect(ports(report)).toEqual([
      ['only-of', 4],
      ['only-against', 3],
    ]);
    expect(pair.ran.filter((each) => each.endsWith(' begins')).map((each) => each.slice(0, 6))).toEqual([
      'fw1 ex',
      'fw2 -e',
      'fw1 ex',
    ]);
  });

  it('is compared with another one, each read once, and is then left alone for a minute', async () => {
    pair.master = [1, 2, 3];
    pair.held = [1, 2];
    const { report } = await compared('fw1:internal', 'fw2:external');
    expect(ports(report)).toEqual([['only-of', 3]]);
    expect(pair.ran.filter((each) => each.endsWith('begins')).toSorted()).toEqual([
      'fw1 -i begins',
      'fw2 -e begins',
    ]);
    expect(report && differenceNotes(report)).toEqual([expect.stringMatching(/is read only once/)]);
    pair.now += 59_000;
    expect((await compared('fw1:internal', 'fw2:external')).refusal).toEqual({
      reason:
        'fw1: its cache was read within the last minute, and is read once a minute at most. fw2: its cache was read within the last minute, and is read once a minute at most.',
      retryAt: 1_060_000,
    });
    pair.now += 1_000;
    expect((await compared('fw1:internal', 'fw2:external')).refusal).toBeUndefined();
  });

  it('leaves out what it does not tell from others, and says so', async () => {
    const gre =
      'ipv4 2 gre 47 176 src=10.1.0.8 dst=10.2.0.8 srckey=0x1 dstkey=0x2 src=10.2.0.8 dst=10.1.0.8 srckey=0x2 dstkey=0x1 mark=0 use=1 id=9';
    pair.edit = (dump, lines) => (dump.startsWith('fw1') ? `${lines}${gre}\n` : lines);
    const { report } = await compared('fw1', 'fw2:external');
    expect(report).toMatchObject({ same: 3, onlyOf: 0, notComparable: 1 });
    expect((await compared('fw1', 'fw2')).report).toMatchObject({ same: 3, onlyOf: 1, notComparable: 0 });
  });
});

describe('the rows of a comparison', () => {
  it('are those of a class, that a filter lets through, and as many as are asked for', async () => {
    pair.master = [1, 2, 3, 4, 5];
    pair.held = [6];
    expect(ports((await compared('fw1', 'fw2', { class: 'only-against' })).report)).toEqual([
      ['only-against', 6],
    ]);
    const { report } = await compared('fw1', 'fw2', { filter: 'sport >= 4', limit: 1 });
    expect(report).toMatchObject({ matched: 3, onlyOf: 5, connections: [{ class: 'only-of' }] });
    const wrong = await compared('fw1', 'fw2', { filter: 'sport >=' });
    expect(wrong.filterError).toBeDefined();
    expect(wrong.report).toMatchObject({ onlyOf: 5, connections: [], matched: 0 });
  });

  it('are shown for the two tables that were compared, and for no others', async () => {
    const difference = open();
    await difference.compare(tables('fw1', 'fw2'));
    const view = (of: string, against: string) => difference.report({ ...tables(of, against), filter: '' });
    expect((await view('fw1', 'fw2')).report).toBeDefined();
    expect(await view('fw2', 'fw1')).toEqual({});
    expect(await view('fw1', 'fw2:external')).toEqual({});
    difference.close();
  });

  it('go with a cluster that is forgotten', async () => {
    const difference = open();
    await difference.compare(tables('fw1', 'fw2'));
    difference.forget('edge');
    expect(await difference.report({ ...tables('fw1', 'fw2'), filter: '' })).toEqual({});
  });
});

describe('a comparison of two tables', () => {
  it('is one at a time, can be called off, and asked for again', async () => {
    const difference = open();
    const first = difference.compare(tables('fw1', 'fw2'));
    expect(await difference.compare(tables('fw2', 'fw1'))).toEqual({
      reason:
        'The kernel table of fw1 is being compared with the kernel table of fw2: one comparison at a time.',
    });
    expect(difference.cancel('edge')).toBe(true);
    expect(await first).toEqual({ reason: 'The comparison was cancelled.' });
    expect(difference.cancel('edge')).toBe(false);
    expect(await difference.compare(tables('fw2', 'fw1'))).toBeUndefined();
    difference.close();
  });

  it.each([
    ['fw1', 'fw1', /compared with itself/],
    ['fw1', 'fw9', /^There is no node fw9 in cluster edge\.$/],
    ['fw1:internal', 'fw1:external', /its two caches cannot be compared/],
  ])('of %s and %s is refused with the reason', async (of, against, reason) => {
    const { refusal, report } = await compared(of, against);
    expect(refusal?.reason).toMatch(reason);
    expect(report).toBeUndefined();
    expect(pair.ran).toEqual([]);
  });

  it('is refused where there is no such cache, and on a node with one processor', async () => {
    pair.external = 'inject';
    pair.internal = 'bypass';
    expect((await compared('fw1', 'fw2:external')).refusal?.reason).toBe(
      'fw2: it has no external cache: what it takes from other nodes goes into its kernel table.',
    );
    expect((await compared('fw1:internal', 'fw2')).refusal?.reason).toMatch(/^fw1: it has no internal cache/);
    pair.external = 'cache';
    pair.processors = '0\n';
    expect((await compared('fw1', 'fw2:external')).refusal?.reason).toMatch(/^fw2: it has one processor/);
    expect(pair.ran).toEqual([]);
    expect((await compared('fw1', 'fw2')).refusal).toBeUndefined();
  });

  it.each(['fw1', 'fw2'])(
    'tells why the table of %s cannot be read, and nothing as if it were known',
    async (node) => {
      pair.kernelRefused = node;
      const { refusal, report } = await compared('fw1', 'fw2');
      expect(refusal?.reason).toMatch(new RegExp(`^${node}: .*sudo`));
      expect(report).toBeUndefined();
    },
  );
});
