import { describe, expect, test } from 'vitest';
import {
  parseConntrackStatistics,
  parseCount,
} from '../../../main/agents/table/conntrack/parse-statistics.ts';
import fc from '../../support/fast-check.ts';
import { fixture } from '../../support/fixture.ts';

describe("conntrack's counters", () => {
  test('mean the same in decimal and in hexadecimal', () => {
    const insertsOf = (path: string): unknown[] =>
      parseConntrackStatistics(fixture(path)).flatMap((dump) =>
        dump.ok ? dump.value.cpus.map(({ insert }) => insert) : [],
      );
    expect(insertsOf('conntrack/1.4.7/S.txt')).toEqual([14, 4]);
    expect(insertsOf('kernel/6.18/proc_net_stat_nf_conntrack.txt')).toEqual([14, 4]);
  });

  test('count the table once, though every row repeats it', () => {
    const [dump] = parseConntrackStatistics(fixture('kernel/6.18/proc_net_stat_nf_conntrack.txt'));
    expect(dump?.ok && dump.value.entries).toBe(18);
  });

  test('of several dumps are told apart', () => {
    const one = fixture('conntrack/1.4.7/S.txt');
    expect(parseConntrackStatistics(one + one)).toHaveLength(2);
    expect(parseConntrackStatistics('18\n19\n').map((dump) => dump.ok && dump.value.entries)).toEqual([
      18, 19,
    ]);
  });

  test('show the line that cannot be read, and the rest all the same', () => {
    const results = parseConntrackStatistics('cpu=0 found=1\n?? noise\ncpu=1 found=2\n');
    expect(results[0]).toMatchObject({
      value: {
        cpus: [
          { cpu: 0, found: 1 },
          { cpu: 1, found: 2 },
        ],
      },
    });
    expect(results[1]).toMatchObject({ error: { line: 2, text: '?? noise' } });
  });

  test('are never a reason to throw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('cpu=0', ' ', '\n', '0000000e', 'entries', 'new', 'found=1', '18')),
        (words) => {
          parseConntrackStatistics(words.join(''));
          parseCount(words.join(''));
        },
      ),
    );
  });
});

test('a count is a lone number', () => {
  expect(parseCount('18\n')).toEqual({ ok: true, value: 18 });
  for (const text of ['', 'x', '1 2', '-1']) expect(parseCount(text).ok).toBe(false);
});
