import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultShare, openRefresh, paceOf } from '../../../main/connections/reading/refresh.ts';

const whole = (ms: number) => ({ kind: 'whole', entries: 1_000, bytes: 1, ms }) as const;

describe('the pace of refreshing', () => {
  it('never takes more than its share of the node’s time, and is never quicker than five seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120_000 }), (cost) => {
        const gap = paceOf(cost);
        expect(gap).toBeGreaterThanOrEqual(5_000);
        expect(cost / (cost + gap)).toBeLessThanOrEqual(defaultShare);
      }),
    );
  });
});

describe('a table that is kept fresh', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A node whose dumps cost so much; how often it was read. */
  const kept = (cost: number) => {
    let reads = 0;
    const refresh = openRefresh(() => {
      reads += 1;
      refresh.ended(whole(cost));
    }, Date.now);
    return { refresh, reads: () => reads };
  };
  const pass = (ms: number) => vi.advanceTimersByTime(ms);

  it('is read at once, and again when the pace allows', () => {
    const { refresh, reads } = kept(600);
    refresh.set('paced');
    pass(0);
    expect(reads()).toBe(1);
    pass(19_999);
    expect(reads()).toBe(1);
    pass(1);
    expect(reads()).toBe(2);
    expect(refresh.state()).toMatchObject({ mode: 'paced', everyMs: 20_000, lastMs: 600 });
    expect(refresh.state().share).toBeCloseTo(0.029, 3);
  });

  it('is left alone a minute after the last look, and read as soon as somebody looks again', () => {
    const { refresh, reads } = kept(30);
    refresh.set('paced');
    pass(600_000);
    const asleep = reads();
    expect(asleep).toBeLessThan(15);
    expect(refresh.state().nextAt).toBeUndefined();
    refresh.looked();
    pass(0);
    expect(reads()).toBe(asleep + 1);
  });

  it('goes on as long as somebody looks', () => {
    const { refresh, reads } = kept(30);
    refresh.set('paced');
    for (let second = 0; second < 600; second++) {
      refresh.looked();
      pass(1_000);
    }
    expect(reads()).toBeGreaterThan(115);
  });

  it('is not read any more once that is off', () => {
    const { refresh, reads } = kept(30);
    refresh.set('paced');
    pass(0);
    refresh.set('off');
    pass(60_000);
    expect(reads()).toBe(1);
    expect(refresh.state()).toEqual({ mode: 'off', lastMs: 30 });
  });

  it('waits longer after a failure', () => {
    let reads = 0;
    const refresh = openRefresh(() => {
      reads += 1;
      const failure = { kind: 'unreachable', message: 'gone' } as const;
      refresh.ended({ kind: 'failed', failure, anotherWay: false });
    }, Date.now);
    refresh.set('paced');
    pass(0);
    pass(29_000);
    expect(reads).toBe(1);
    pass(1_000);
    expect(reads).toBe(2);
  });
});
