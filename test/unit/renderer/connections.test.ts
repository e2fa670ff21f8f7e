import { describe, expect, it } from 'vitest';
import { columns } from '../../../renderer/views/connections/columns.ts';
import {
  checkFilter,
  chosenNode,
  tableState,
} from '../../../renderer/views/connections/connections-model.ts';
import { detailSections } from '../../../renderer/views/connections/detail-model.ts';
import { joinFilter } from '../../../renderer/views/connections/join-filter.ts';
import { nextSort } from '../../../renderer/views/connections/next-sort.ts';
import { replicasFilter, replicasText } from '../../../renderer/views/connections/replicas-model.ts';
import { matches, parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import { connectionLine } from '../../../shared/domain/connection-line.ts';
import type { ConnectionPage, Replica } from '../../../shared/domain/connection-query.ts';
import { parseFilter } from '../../../shared/domain/filter-grammar.ts';
import { cluster, dark, node, unreachable } from '../../e2e/console-page/made-up.ts';
import { connectionAt, rowOf } from '../../e2e/console-page/made-up-table.ts';

const page = (parts: Partial<ConnectionPage> = {}): ConnectionPage => ({
  revision: 1,
  reading: false,
  observedAt: 1000,
  total: 3,
  matched: 3,
  offset: 0,
  rows: [rowOf(0), rowOf(1), rowOf(2)],
  unreadable: 0,
  ...parts,
});

describe('what stands in the place of the table', () => {
  const never = page({ revision: 0, total: 0, matched: 0, rows: [] });
  const { observedAt: _, ...unread } = never;

  it('tells nothing read yet, reading, failed, empty, no match and rows apart', () => {
    expect(tableState(undefined).kind).toBe('asking');
    expect(tableState(unread).kind).toBe('unread');
    expect(tableState({ ...unread, reading: true }).kind).toBe('reading');
    expect(tableState({ ...unread, failure: unreachable }).kind).toBe('failed');
    expect(tableState(page({ total: 0, matched: 0 })).kind).toBe('empty');
    expect(tableState(page({ matched: 0 })).kind).toBe('no-match');
    expect(tableState(page()).kind).toBe('rows');
  });

  it('keeps the last good rows when the next read fails', () => {
    expect(tableState(page({ failure: unreachable })).kind).toBe('rows');
  });
});

describe('a cell as a filter', () => {
  it('is a filter that its own row passes, for every column and every kind of row', () => {
    for (const connection of [0, 3, 5, 34].map(rowOf)) {
      for (const column of columns) {
        const term = column.filter(connection);
        if (term === undefined) continue;
        const filter = parseFilter(term);
        expect(filter.ok && matches(filter.value, connection), `${column.id}: ${term}`).toBe(true);
        const negated = parseFilter(joinFilter('', term, true));
        expect(negated.ok && matches(negated.value, connection), `not ${term}`).toBe(false);
      }
    }
  });

  it('joins to a filter so that both still hold, also after an or', () => {
    expect(joinFilter('proto tcp', 'dport == 443', false)).toBe('proto tcp and dport == 443');
    expect(joinFilter('"a or b"', 'tcp', false)).toBe('"a or b" and tcp');
    expect(joinFilter('"a or b', 'tcp', false)).toBe('"a or b" and tcp');
    expect(joinFilter('udp', 'tcp or gre', true)).toBe('udp and not (tcp or gre)');
    expect(joinFilter('udp', 'tcp or gre', false)).toBe('udp and (tcp or gre)');
    expect(joinFilter('udp', 'snat dnat', true)).toBe('udp and not (snat dnat)');
    const joined = joinFilter('dport == 80 or dport == 53', 'proto == tcp', false);
    const filter = parseConnectionFilter(joined);
    expect(filter.ok && filter.value(connectionAt(3))).toBe(false);
  });
});

it('says where a filter stops making sense', () => {
  expect(checkFilter('dport == 443')).toBeUndefined();
  expect(checkFilter('proto tcp and dport ==')?.position).toBe(22);
});

it('sorts by a column up, then down, then not at all; with shift after the others', () => {
  const up = nextSort([], 'dport', false);
  expect(up).toEqual([{ column: 'dport', direction: 'asc' }]);
  expect(nextSort(up, 'dport', false)).toEqual([{ column: 'dport', direction: 'desc' }]);
  expect(nextSort(nextSort(up, 'dport', false), 'dport', false)).toEqual([]);
  expect(nextSort(up, 'src', true).map((key) => key.column)).toEqual(['dport', 'src']);
  expect(nextSort(up, 'src', false).map((key) => key.column)).toEqual(['src']);
});

describe('the detail', () => {
  const facts = (index: number) =>
    Object.fromEntries(detailSections(connectionAt(index)).map(({ title, facts: each }) => [title, each]));

  it('infers NAT from the reply, and says so where there is none to see', () => {
    expect(facts(0).NAT).toEqual([['SNAT', '10.1.0.0:32768 → 192.0.2.9:32768']]);
    expect(facts(5).NAT).toEqual([['', 'none']]);
    const { reply: _, ...external } = connectionAt(0);
    expect(detailSections(external).find(({ title }) => title === 'NAT')?.facts[0]?.[1]).toMatch(
      /not observable/,
    );
  });

  it('names the service, and tells what went each way and how long ago it began', () => {
    expect(facts(0).Original).toContainEqual(['service', 'https']);
    expect(facts(3).Counters).toEqual([
      ['original', '1 packet, 71 B (71)'],
      ['reply', '1 packet, 143 B (143)'],
    ]);
    const held = { ...rowOf(0), age: 3_725, rate: 1_250.4 };
    const sections = detailSections({
      ...held,
      replicas: [{ node: 'fw2', class: 'missing', reason: 'filtered', evidence: 'conntrackd.conf, line 12' }],
    });
    expect(sections.find(({ title }) => title === 'Timers')?.facts).toContainEqual(['age', '1 h 2 min']);
    expect(sections.find(({ title }) => title === 'Counters')?.facts).toContainEqual(['rate', '1.3 kB/s']);
    expect(sections.filter(({ title }) => title === 'On the slaves')).toHaveLength(1);
  });

  it('says that a node does not count, for that is not zero', () => {
    expect(facts(5).Counters?.[0]?.[1]).toMatch(/not counted/);
  });

  it('drops no word that the node printed', () => {
    expect(facts(5)['Also printed']).toEqual([['delta-time', '3']]);
  });

  it('copies a row as conntrack prints it', () => {
    expect(connectionLine(connectionAt(5))).toBe(
      'icmpv6 58 27 src=2001:db8:1f::1 dst=2001:db8:2::2 type=128 code=0 id=77 [UNREPLIED] ' +
        'src=2001:db8:2::2 dst=2001:db8:1f::1 type=129 code=0 id=77 mark=0 delta-time=3',
    );
  });
});

it("shows the master's table unless another node is asked for", () => {
  const pair = cluster(0, 'edge', [dark(0, 'fw1', unreachable), node(0, 'fw2', 'slave')], { master: null });
  expect(chosenNode({ ...pair, master: 'fw2' }, undefined)).toBe('fw2');
  expect(chosenNode(pair, undefined)).toBe('fw2');
  expect(chosenNode(pair, 'fw1')).toBe('fw1');
  expect(chosenNode(pair, 'gone')).toBe('fw2');
});

describe('what slaves hold of a connection', () => {
  const replica = (node: string, name: Replica['class'], reason?: Replica['reason']): Replica => ({
    node,
    class: name,
    ...(reason && { reason }),
  });
  const row = (...replicas: Replica[]) => ({ ...rowOf(0), replicas });

  it.each([
    [[], '', undefined],
    [[replica('fw2', 'replicated')], 'replicated', 'replicated on fw2'],
    [[replica('fw2', 'missing', 'cache-full')], 'missing: cache full', 'missing on fw2'],
    [
      [replica('fw2', 'replicated'), replica('fw3', 'replicated')],
      'replicated',
      'replicated on fw2 and replicated on fw3',
    ],
    [
      [replica('fw2', 'stale'), replica('a node', 'missing')],
      'fw2 stale, a node missing',
      'stale on fw2 and missing on "a node"',
    ],
  ] as const)('%o is said as "%s", and filtered by %s', (replicas, text, filter) => {
    expect(replicasText(row(...replicas))).toBe(text);
    expect(replicasFilter(row(...replicas))).toBe(filter);
    if (filter !== undefined) expect(parseFilter(filter).ok).toBe(true);
  });

  it('is in the drawer with its evidence', () => {
    const facts = detailSections(
      row({ ...replica('fw2', 'missing', 'filtered'), evidence: 'conntrackd.conf:47 Address Ignore' }),
    ).find(({ title }) => title === 'On the slaves')?.facts;
    expect(facts).toEqual([['fw2', 'missing: filtered (conntrackd.conf:47 Address Ignore)']]);
  });
});
