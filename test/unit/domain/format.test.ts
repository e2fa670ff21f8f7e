import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatCoverage,
  formatDuration,
  formatLag,
  formatRate,
  formatShare,
  formatSince,
  formatSpan,
} from '../../../shared/domain/format.ts';
import { everyTwoSeconds, freshnessOf } from '../../../shared/domain/freshness.ts';

describe('figures', () => {
  it('have their thousands separated, also past what a number can hold', () => {
    expect(formatCount(48_210)).toBe('48,210');
    expect(formatCount('18446744073709551615')).toBe('18,446,744,073,709,551,615');
    expect(formatCount(0)).toBe('0');
  });

  it('have units', () => {
    expect(formatBytes(512)).toBe('512 B');
    expect(formatBytes(41_200)).toBe('41.2 kB');
    expect(formatBytes(1_300_000_000)).toBe('1.3 GB');
    expect(formatBytes(0)).toBe('0 B');
    expect(formatRate(0.42)).toBe('0.4');
    expect(formatRate(812.4)).toBe('812');
  });

  it('never round up to all: 100 % means every one', () => {
    expect(formatShare(0.99999)).toBe('99.9 %');
    expect(formatShare(1)).toBe('100 %');
    expect(formatShare(0)).toBe('0.0 %');
    expect(formatCoverage({ value: 0.99975, errorBar: 0.0017, distinguishable: false })).toBe('99.9 % ± 0.2');
    expect(formatCoverage({ distinguishable: false })).toBeUndefined();
  });

  it('say a bound as a bound, and what cannot be measured as that', () => {
    expect(formatLag({ kind: 'below', seconds: 1 })).toBe('< 1 s');
    expect(formatLag({ kind: 'measured', seconds: 41 })).toBe('41 s');
    expect(formatLag({ kind: 'not-measurable' })).toBe('not measurable in this mode');
    expect(formatLag({ kind: 'unknown' })).toBe('unknown');
  });
});

describe('times', () => {
  it('are ages that stay calm: no second is counted where none matters', () => {
    expect(formatAge(300)).toBe('now');
    expect(formatAge(4200)).toBe('4 s ago');
    expect(formatAge(94_000)).toBe('1 min ago');
    expect(formatAge(7_440_000)).toBe('2 h 4 min ago');
    expect(formatSince(440_000)).toBe('7 min');
    expect(formatAge(-50)).toBe('now');
  });

  it('are durations as fine as they are short', () => {
    expect(formatDuration(412)).toBe('412 ms');
    expect(formatDuration(3420)).toBe('3.4 s');
    expect(formatDuration(125_000)).toBe('2 min 5 s');
    expect(formatSpan(431_997)).toBe('4 d 23 h');
  });
});

describe('freshness', () => {
  it('ends with the interval of the reading, and past the deadline it is no longer the present', () => {
    expect(freshnessOf(900)).toBe('fresh');
    expect(freshnessOf(3000)).toBe('late');
    expect(freshnessOf(3000, everyTwoSeconds)).toBe('fresh');
    expect(freshnessOf(14_000)).toBe('expired');
  });
});
