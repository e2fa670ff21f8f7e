import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Follow, FollowListener } from '../../../main/connections/reading/follow.ts';
import { defaultShare, openRefresh, paceOf } from '../../../main/connections/reading/refresh.ts';
import fc from '../../support/fast-check.ts';

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

/** A node that tells nothing by itself. */
const silent = () => () => {};

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
    const refresh = openRefresh(
      () => {
        reads += 1;
        refresh.ended(whole(cost));
      },
      silent,
      Date.now,
    );
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
    const refresh = openRefresh(
      () => {
        reads += 1;
        const failure = { kind: 'unreachable', message: 'gone' } as const;
        refresh.ended({ kind: 'failed', failure, anotherWay: false });
      },
      silent,
      Date.now,
    );
    refresh.set('paced');
    pass(0);
    pass(29_000);
    expect(reads).toBe(1);
    pass(1_000);
    expect(reads).toBe(2);
  });

  describe('by its events', () => {
    /** A node whose events are told by hand. */
    const followed = (cost = 60) => {
      let reads = 0;
      let listener: FollowListener | undefined;
      const follow: Follow = (given) => {
        listener = given;
        return () => {
          listener = undefined;
        };
      };
      const refresh = openRefresh(
        () => {
          reads += 1;
          refresh.ended(whole(cost));
        },
        follow,
        Date.now,
      );
      refresh.set('following');
      pass(0);
      return { refresh, reads: () => reads, node: () => listener };
    };

    it('is read as soon as the node is heard, and then by and by for what no event tells', () => {
      const { refresh, reads, node } = followed();
      expect(reads()).toBe(0);
      pass(300);
      node()?.onHeard();
      pass(0);
      expect(reads()).toBe(1);
      node()?.onEvents(40);
      node()?.onEvents(2);
      expect(refresh.state()).toMatchObject({ mode: 'following', events: 42, everyMs: 60_000 });
      for (let second = 0; second < 59; second += 1) {
        refresh.looked();
        pass(1_000);
      }
      expect(reads()).toBe(1);
      pass(1_000);
      expect(reads()).toBe(2);
      expect(refresh.state()).toMatchObject({ events: 42 });
    });

    it('is read ten times less often than at its pace where that is longer', () => {
      const { refresh, node } = followed(900);
      node()?.onHeard();
      pass(0);
      expect(refresh.state()).toMatchObject({ everyMs: 300_000, nextAt: Date.now() + 300_000 });
    });

    it('is read of a silent node once the listener surely hears', () => {
      const { reads } = followed();
      pass(4_999);
      expect(reads()).toBe(0);
      pass(2);
      expect(reads()).toBe(1);
    });

    it('is healed by a dump when events were lost, no sooner than its pace allows, and says how often', () => {
      const { refresh, reads, node } = followed();
      node()?.onHeard();
      pass(0);
      pass(1_000);
      node()?.onOverrun();
      node()?.onOverrun();
      pass(3_999);
      expect(reads()).toBe(1);
      pass(1);
      expect(reads()).toBe(2);
      expect(refresh.state()).toMatchObject({ mode: 'following', overruns: 2 });
      pass(30_000);
      expect(reads()).toBe(2);
    });

    it('is read once more where events were lost while it was being read', () => {
      let reads = 0;
      let node: FollowListener | undefined;
      const follow: Follow = (listener) => {
        node = listener;
        return () => {};
      };
      const refresh = openRefresh(
        () => {
          reads += 1;
        },
        follow,
        Date.now,
      );
      refresh.set('following');
      node?.onHeard();
      pass(0);
      node?.onOverrun();
      pass(10_000);
      expect(reads).toBe(1);
      refresh.ended(whole(60));
      pass(5_000);
      expect(reads).toBe(2);
    });

    it('goes back to its pace, and says why, where the node tells no more', () => {
      const { refresh, reads, node } = followed();
      node()?.onEnd('sudo asks for a password');
      expect(refresh.state()).toMatchObject({ mode: 'paced', why: 'sudo asks for a password' });
      pass(10_000);
      expect(reads()).toBe(3);
      expect(node()).toBeUndefined();
    });

    it('is no longer listened to once that is off, or closed', () => {
      const off = followed();
      off.refresh.set('off');
      expect(off.node()).toBeUndefined();
      const closed = followed();
      closed.refresh.close();
      expect(closed.node()).toBeUndefined();
    });
  });
});
