import { describe, expect, it } from 'vitest';
import { difference } from '../../../main/cli/difference.ts';
import { differenceText } from '../../../main/cli/difference-text.ts';
import { differenceJson, parseTable, tableText } from '../../../shared/domain/difference-report.ts';
import { reportOn } from '../../support/plain-difference.ts';
import { refused } from '../../support/refused.ts';
import { lineOf } from '../domain/coverage-tables.ts';

const connection = lineOf('tcp 6 600 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=40001 dport=443');
const report = reportOn(
  {
    cluster: 'edge',
    observedAt: Date.UTC(2026, 10, 22, 14, 2, 11),
    skewMs: 88,
    of: { node: 'fw1', table: 'kernel', count: 1_204, unreadable: 0 },
    against: { node: 'fw2', table: 'external', count: 1_203, unreadable: 2 },
    same: 1_200,
    younger: 1,
    matched: 3,
  },
  [
    { class: 'only-of', differs: [], connection },
    {
      class: 'different',
      differs: [{ name: 'state', of: 'ESTABLISHED', against: 'SYN_RECV' }],
      connection,
    },
  ],
);

describe('handover difference', () => {
  it('prints the two tables, what differs and in what, and what is not known', () => {
    const text = differenceText(report);
    expect(text).toMatch(/^edge: the kernel table of fw1 against the external cache of fw2, at .* 88 ms\)\n/);
    expect(text).toMatch(/1,204 +1,203 +1,200 +1 +0 +1\n/);
    expect(text).toMatch(/only in fw1:kernel +tcp +ESTABLISHED +10\.1\.0\.1:40001 > 10\.2\.0\.1:443\n/);
    expect(text).toMatch(/different +tcp .* state: ESTABLISHED in fw1:kernel, SYN_RECV in fw2:external\n/);
    expect(text).toContain('1 began or changed while the tables were read');
    expect(text).toContain('2 lines of the external cache of fw2 could not be read.');
    expect(text).toContain('and 1 more');
  });

  it('keeps its promise to scripts: instants in UTC, both tables by name, every count', () => {
    expect(differenceJson(report)).toEqual({
      cluster: 'edge',
      observedAt: '2026-11-22T14:02:11.000Z',
      skewMs: 88,
      of: { node: 'fw1', table: 'kernel', count: 1_204 },
      against: { node: 'fw2', table: 'external', count: 1_203 },
      same: 1_200,
      onlyOf: 1,
      onlyAgainst: 0,
      different: 1,
      differsBy: { state: 1 },
      younger: 1,
      ageUnknown: 0,
      notComparable: 0,
      connections: report.connections,
    });
  });

  it('takes a node for its kernel table, and a cache by its name', () => {
    expect(parseTable('fw1')).toEqual({ node: 'fw1', table: 'kernel' });
    for (const text of ['fw1:kernel', 'fw1:internal', 'a:b:external']) {
      const table = parseTable(text);
      expect(table && tableText(table)).toBe(text);
    }
    for (const text of ['', ':kernel', 'fw1:cache', 'fw1:']) expect(parseTable(text)).toBeUndefined();
  });

  it('says what it lacks, with the exit status of a wrong usage', async () => {
    const both = ['--of', 'fw1', '--against', 'fw2'];
    const wrong = [
      [[], 'which cluster?'],
      [['--cluster', 'edge', '--against', 'fw2'], 'what of?'],
      [['--cluster', 'edge', '--of', 'fw1', '--against', 'fw2:cache'], 'against what?'],
      [['--cluster', 'edge', ...both, '--limit', 'x'], '--limit takes a number'],
      [['--cluster', 'edge', ...both, '--node', 'fw1'], '--node'],
    ] as const;
    for (const [argv, words] of wrong) {
      const { code, said } = await refused(difference, argv);
      expect(code).toBe(64);
      expect(said).toContain(words);
    }
  });
});
