import { describe, expect, it } from 'vitest';
import {
  compareParity,
  diffText,
  type ParityReadings,
  unified,
} from '../../../shared/domain/readiness-diff.ts';
import { diffLines } from '../../../shared/lib/line-diff.ts';
import fc from '../../support/fast-check.ts';
import { bad, good } from './build.ts';

const parity = (more: Partial<ParityReadings> = {}): ParityReadings => ({
  rules: good('table inet firewall {\n\tchain forward {\n\t\taccept\n\t}\n}\n', 7, 'nft list ruleset'),
  settings: good({ 'net.ipv4.ip_forward': '1', 'net.netfilter.nf_conntrack_tcp_loose': '0' }, 7, 'sysctl'),
  helpers: good(['nf_conntrack_ftp'], 7, 'cat /proc/modules'),
  routes: good([{ destination: 'default', gateways: ['fe80::1'], device: 'wan0', origin: 'ra' }], 7, 'ip'),
  ...more,
});

describe('what a slave has otherwise than its master', () => {
  it('is nothing where both are the same', () => {
    const { parts } = compareParity(['fw2', parity()], ['fw1', parity()]);
    expect(parts.map(({ what, lines, failure }) => [what, lines, failure])).toEqual([
      ['rules', [], undefined],
      ['settings', [], undefined],
      ['helpers', [], undefined],
      ['routes', [], undefined],
    ]);
  });

  it('is told line by line: with - what only the master has, with + what only the slave has', () => {
    const mine = parity({
      rules: good('table inet firewall {\n\tchain forward {\n\t\tdrop\n\t}\n}\n', 9, 'nft list ruleset'),
      settings: good(
        { 'net.ipv4.ip_forward': '0', 'net.netfilter.nf_conntrack_tcp_loose': '0' },
        9,
        'sysctl',
      ),
      routes: good([], 9, 'ip'),
    });
    const diff = compareParity(['fw2', mine], ['fw1', parity()]);
    expect(diffText(diff)).toBe(
      [
        '--- fw1 rules',
        '+++ fw2 rules',
        ' table inet firewall {',
        ' \tchain forward {',
        '-\t\taccept',
        '+\t\tdrop',
        ' \t}',
        ' }',
        '--- fw1 settings',
        '+++ fw2 settings',
        '-net.ipv4.ip_forward = 1',
        '+net.ipv4.ip_forward = 0',
        ' net.netfilter.nf_conntrack_tcp_loose = 0',
        '--- fw1 routes',
        '+++ fw2 routes',
        '-default via fe80::1 dev wan0',
        '',
      ].join('\n'),
    );
    expect(diff.parts[0]).toMatchObject({ observedAt: 9, source: 'nft list ruleset' });
  });

  it('that cannot be read on one of the two says so, and nothing is made up', () => {
    const diff = compareParity(['fw2', parity()], ['fw1', parity({ rules: bad('no-permission', 3) })]);
    expect(diff.parts[0]).toMatchObject({ failure: 'fw1: made up: no-permission', lines: [] });
  });

  it('is bounded: a ruleset of ten thousand other lines is cut, and says by how much', () => {
    const rules = (word: string) =>
      good(Array.from({ length: 10_000 }, (_, line) => `${word} ${line}`).join('\n'), 7);
    const startedAt = performance.now();
    const diff = compareParity(
      ['fw2', parity({ rules: rules('ours') })],
      ['fw1', parity({ rules: rules('theirs') })],
    );
    expect(diff.parts[0]?.lines).toHaveLength(500);
    expect(diff.parts[0]?.left).toBe(19_500);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it('leaves out what is the same, and says how much that is', () => {
    const lines = Array.from({ length: 100 }, (_, line) => `rule ${line}`);
    const shown = unified(diffLines(lines, lines.toSpliced(50, 1)));
    expect(shown.map(({ mark }) => mark).join('')).toBe('@   -   @');
    expect(shown[0]?.text).toBe('47 lines that are the same');
  });
});

describe('a comparison of lines', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 });

  it('gives both sides back, whatever they are, and calls nothing changed that is the same', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = diffLines(before, after);
        expect(diff.filter(({ mark }) => mark !== '+').map(({ text }) => text)).toEqual(before);
        expect(diff.filter(({ mark }) => mark !== '-').map(({ text }) => text)).toEqual(after);
      }),
    );
  });

  it('takes as few changes as there are', () => {
    const marks = (before: string, after: string) =>
      diffLines([...before], [...after]).filter(({ mark }) => mark !== ' ').length;
    expect(marks('ABCABBA', 'CBABAC')).toBe(5);
    expect(marks('abc', 'abc')).toBe(0);
    expect(marks('', 'abc')).toBe(3);
  });
});
