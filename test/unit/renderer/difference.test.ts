import { describe, expect, it } from 'vitest';
import {
  differenceCsv,
  differenceLine,
  differenceSentence,
  tablesOf,
  tablesOfRoute,
  viewOf,
  wordsOf,
} from '../../../renderer/views/coverage/difference-model.ts';
import type { DifferenceReport, TwoTables } from '../../../shared/domain/difference.ts';
import { cluster, node } from '../../e2e/console-page/made-up.ts';
import { reportOn } from '../../support/plain-difference.ts';
import { lineOf } from '../domain/coverage-tables.ts';

const at = 1_000_000;
const nodes = [node(at, 'fw1', 'master'), node(at, 'fw2', 'slave'), node(at, 'fw3', 'slave')];
const edge = cluster(at, 'edge', nodes);
const of = { node: 'fw1', table: 'kernel' } as const;
const against = { node: 'fw2', table: 'external' } as const;
const connection = lineOf('tcp 6 600 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=40001 dport=443');

const report = (rows: Parameters<typeof reportOn>[1], more: Partial<DifferenceReport> = {}) =>
  reportOn(
    {
      cluster: 'edge',
      observedAt: at,
      skewMs: 88,
      of: { ...of, count: 10, unreadable: 0 },
      against: { ...against, count: 10, unreadable: 0 },
      same: 9,
      ...more,
    },
    rows,
  );
const state = {
  class: 'different',
  differs: [{ name: 'state', of: '=1+1', against: 'SYN_RECV' }],
  connection,
} as const;
const differs = { ...state, differs: [...state.differs] };

describe('the two tables', () => {
  it('are, unless the address says otherwise, the master’s and what a slave holds of it', () => {
    expect(tablesOfRoute(edge, {})).toEqual({ of, against });
  });

  it('of a slave that is open are its kernel table and its master’s', () => {
    expect(tablesOfRoute(edge, { of: 'fw3:kernel' })).toEqual({
      of: { node: 'fw3', table: 'kernel' },
      against: of,
    });
  });

  it('are those of the address, also where nothing like them is known', () => {
    const named = { of: 'fw9:internal', against: 'fw2' };
    expect(tablesOfRoute(edge, named)).toEqual({
      of: { node: 'fw9', table: 'internal' },
      against: { node: 'fw2', table: 'kernel' },
    });
    expect(tablesOfRoute(edge, { of: 'nonsense:' })).toEqual({ of, against });
  });

  it('may be caches only of a node that is known to have them', () => {
    expect(tablesOf(nodes[0], 'kernel')).toEqual(['kernel', 'external', 'internal']);
    expect(tablesOf(undefined, 'kernel')).toEqual(['kernel']);
    expect(tablesOf(undefined, 'internal')).toEqual(['kernel', 'internal']);
    expect(tablesOf({ ...node(at, 'fw4', 'slave'), readings: {} }, 'kernel')).toEqual(['kernel']);
  });

  it('are promised the guard of a cache only where there is one', () => {
    expect(wordsOf(of, { node: 'fw2', table: 'kernel' }).never.text).not.toContain('once a minute');
    expect(wordsOf(of, against).never.text).toContain('once a minute');
    expect(wordsOf({ node: 'fw1', table: 'internal' }, against).never.text).toContain(
      'each of the two caches once',
    );
  });
});

describe('a report', () => {
  it('is shown only under the two tables that it is of', () => {
    const view = { report: report([]) };
    expect(viewOf(view, { of, against })).toBe(view);
    expect(viewOf(view, { of: against, against: of } satisfies Omit<TwoTables, 'cluster'>)).toEqual({});
  });

  it('is told in a sentence, which never calls alike what was not compared', () => {
    const [one, two] = ['The kernel table of fw1', 'the external cache of fw2'];
    expect(differenceSentence(report([differs]))).toBe(`${one} and ${two} differ in 1 connection`);
    expect(differenceSentence(report([]))).toBe(`${one} and ${two} have the same connections`);
    expect(differenceSentence(report([], { same: 0 }))).toBe(
      `${one} and ${two} have nothing that could be compared`,
    );
  });

  it('is taken along as lines, and as rows that a spreadsheet takes for text', () => {
    const all = report([differs, { class: 'only-against', differs: [], connection }]);
    expect(all.connections.map((row) => differenceLine(row, all))).toEqual([
      'in both, different  tcp  ESTABLISHED  10.1.0.1:40001 → 10.2.0.1:443  state: =1+1 in fw1:kernel, SYN_RECV in fw2:external',
      'only in fw2:external  tcp  ESTABLISHED  10.1.0.1:40001 → 10.2.0.1:443',
    ]);
    expect(differenceCsv(all).split('\r\n')[1]).toBe(
      'fw1:kernel,fw2:external,different,"state: =1+1 in fw1:kernel, SYN_RECV in fw2:external",tcp,ESTABLISHED,10.1.0.1,40001,10.2.0.1,443,,',
    );
  });
});
