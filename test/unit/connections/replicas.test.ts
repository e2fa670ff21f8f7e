import { afterEach, describe, expect, it } from 'vitest';
import { takeNotes } from '../../../main/connections/coverage/take-notes.ts';
import { openTableStore } from '../../../main/connections/store/open-table-store.ts';
import type { ReplicaMarks } from '../../../main/connections/store/replicas.ts';
import type { StoredTable } from '../../../main/connections/store/table-store.ts';
import { askDesk } from '../../support/ask-desk.ts';

const store = openTableStore();
afterEach(() => store.forget('fw1'));

const tuple = (port: number) => `src=10.1.0.1 dst=10.2.0.1 sport=${port} dport=443`;
const kernel = (port: number, id = port, state = 'ESTABLISHED') =>
  `ipv4 2 tcp 6 600 ${state} ${tuple(port)} src=10.2.0.1 dst=10.1.0.1 sport=443 dport=${port} [ASSURED] mark=0 use=1 id=${id}\n`;
const cached = (port: number) => `tcp 6 ESTABLISHED ${tuple(port)} [ASSURED] [active since 90s]\n`;
const bytes = (lines: readonly string[]) => new TextEncoder().encode(lines.join(''));

/** What a comparison finds of a master that has `master` and slaves that hold what is given of each. */
function marks(master: readonly string[], held: Readonly<Record<string, readonly string[]>>): ReplicaMarks {
  const ask = askDesk();
  let dumps = 0;
  const read = (lines: readonly string[]) => {
    dumps += 1;
    ask('begin', { dump: dumps, format: 'text', expected: 0, observedAt: 0 });
    ask('chunk', { dump: dumps, bytes: bytes(lines) });
    ask('end', { dump: dumps });
    return dumps;
  };
  const [earlier, later] = [read(master), read(master)];
  for (const [slave, lines] of Object.entries(held))
    ask('compare', { slave, earlier, held: read(lines), master: later, seconds: 3 });
  return { comparedAt: 7_000, ...ask('marks', { master: later }) };
}

async function dump(table: StoredTable, lines: readonly string[]) {
  const intake = table.begin({ format: 'text', observedAt: 5_000 });
  await intake.write(bytes(lines));
  return intake.end();
}

const look = (table: StoredTable, filter = '') =>
  table.page({ cluster: 'edge', node: 'fw1', filter, sort: [], offset: 0, limit: 100 });
const portsOf = async (table: StoredTable, filter: string) => {
  const { rows, filterError } = await look(table, filter);
  expect(filterError).toBeUndefined();
  return rows.map(({ original }) => original.sport);
};
const ports = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the table of a master that was compared with its slaves', () => {
  const master = ports(4).map((port) => kernel(port));
  const found = () =>
    marks(master, { fw2: [1, 2].map(cached), fw3: [2, 3].map(cached), 'A node': ports(4).map(cached) });

  it('says beside each connection what each slave has of it, and when that was compared', async () => {
    const table = store.table('fw1');
    await dump(table, master);
    table.mark(found());
    const page = await look(table, 'sport == 1');
    expect(page.comparedAt).toBe(7_000);
    expect(page.rows[0]?.replicas).toEqual([
      { node: 'fw2', class: 'replicated' },
      { node: 'fw3', class: 'missing' },
      { node: 'A node', class: 'replicated' },
    ]);
  });

  it.each([
    ['replicated on fw2', [1, 2]],
    ['not replicated on fw2', [3, 4]],
    ['missing on FW3', [1, 4]],
    ['missing on fw2 and missing on fw3', [4]],
    ['not (missing on fw2 or missing on fw3)', [2]],
    ['missing', [1, 3, 4]],
    ['not missing', [2]],
    ['replicated on "A node"', [1, 2, 3, 4]],
    ['not replicated on fw2 and not sport == 4', [3]],
  ])('finds by %s', async (filter, expected) => {
    const table = store.table('fw1');
    await dump(table, master);
    table.mark(found());
    expect(await portsOf(table, filter)).toEqual(expected);
  });

  it('knows it of what was read later too, and of no connection that began since', async () => {
    const table = store.table('fw1');
    await dump(table, master);
    table.mark(found());
    // 2 is gone, 4 is another with the same ports, 5 is new; the order is another one
    await dump(table, [kernel(5), kernel(4, 99), kernel(3, 3, 'CLOSE_WAIT'), kernel(1)]);
    const { rows, comparedAt } = await look(table);
    expect(comparedAt).toBe(7_000);
    expect(
      rows.map(({ original, replicas = [] }) => [original.sport, replicas.map((each) => each.class)]),
    ).toEqual([
      [5, []],
      [4, []],
      [3, ['missing', 'replicated', 'replicated']],
      [1, ['replicated', 'missing', 'replicated']],
    ]);
    // what is not known is neither replicated nor not
    expect(await portsOf(table, 'replicated on fw2')).toEqual([1]);
    expect(await portsOf(table, 'not replicated on fw2')).toEqual([3]);
  });

  it('takes a comparison that ended before the table was read', async () => {
    const table = store.table('fw1');
    table.mark(found());
    await dump(table, master);
    expect(await portsOf(table, 'missing on fw2')).toEqual([3, 4]);
  });

  it('is told by an error, not by an empty table, that nothing was compared, or not this slave', async () => {
    const table = store.table('fw1');
    await dump(table, master);
    expect((await look(table, 'missing on fw2')).filterError?.message).toContain('compare the nodes first');
    table.mark(found());
    expect((await look(table, 'tcp and missing on fw9')).filterError).toEqual({
      position: 19,
      length: 3,
      message: 'fw9 was not compared with this table, but fw2, fw3, A node were',
    });
  });

  it('leaves a page of the revision before as it was', async () => {
    const table = store.table('fw1');
    await dump(table, master);
    const { revision } = await look(table);
    table.mark(found());
    const query = { cluster: 'edge', node: 'fw1', filter: '', sort: [], offset: 0, limit: 1, revision };
    expect((await table.page(query)).rows[0]?.replicas).toBeUndefined();
  });
});

it('says only the reason where more evidence was given than can be numbered', () => {
  const notes = takeNotes(8);
  const [one, two] = [notes.number('filtered', 'line 1'), notes.number('filtered', 'line 2')];
  expect(notes.said[one - 1]).toEqual({ reason: 'filtered', evidence: 'line 1' });
  expect(notes.said[two - 1]).toEqual({ reason: 'filtered' });
  expect(notes.number('filtered', 'line 1')).toBe(one);
  expect(notes.number(undefined, '')).toBe(0);
});
