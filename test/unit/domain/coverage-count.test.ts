import { describe, expect, it } from 'vitest';
import type { SyncAgentState } from '../../../shared/domain/replication.ts';
import { agent, bad, good, type NodeRound, Story } from './build.ts';

const master = (internal: number, second: number, created = internal): NodeRound => ({
  state: 'MASTER',
  holds: true,
  agent: agent({ internal, created, received: second }),
});
const slave = (external: number, second: number): NodeRound => ({
  state: 'BACKUP',
  holds: false,
  agent: agent({ external, received: second }),
  hears: 'fw1',
});

/** So many connections on the master, so many of them on each slave, for eight quiet seconds. */
function cluster(known: number, ...held: readonly number[]): Story {
  const names = ['fw2', 'fw3'].slice(0, held.length);
  const story = new Story('fw1', ...names);
  story.seconds(8, (second) => ({
    fw1: master(known, second),
    ...Object.fromEntries(names.map((name, index) => [name, slave(held[index] ?? 0, second)])),
  }));
  return story;
}

describe('coverage by count', () => {
  it('says nothing of a difference within its bound, which without churn is the window of unacknowledged messages', () => {
    expect(cluster(10_000, 9_701).node('fw2').replication).toMatchObject({
      coverage: { value: 0.9701, bound: 300, distinguishable: false },
      atRisk: 299,
      excess: 0,
    });
    expect(cluster(10_000, 9_699).node('fw2').replication?.coverage.distinguishable).toBe(true);
  });

  it('widens bound and error bar by what begins and ends between the two readings', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(8, (second) => ({
      fw1: master(10_000, second, 500 * second),
      fw2: slave(9_500, second),
    }));
    const { bound, errorBar, distinguishable } = story.node('fw2').replication?.coverage ?? {};
    // 500 a second for the 0.1 s that commands take, and a second more for the bound
    expect(errorBar).toBeCloseTo((500 * 0.1 + 1) / 10_000);
    expect(bound).toBe(500 * 1.1 + 300);
    expect(distinguishable).toBe(false);
  });

  it('shows what a slave holds too much by itself, and never as more than all', () => {
    expect(cluster(1_000, 1_400).node('fw2').replication).toMatchObject({
      replicated: 1_400,
      excess: 400,
      atRisk: 0,
      coverage: { value: 1, distinguishable: true },
    });
  });

  it('has no share of nothing', () => {
    const story = cluster(0, 0);
    expect(story.node('fw2').replication?.coverage.value).toBeUndefined();
    expect(story.snapshot.protection).toEqual({ atRisk: 0, distinguishable: false, unknown: [] });
  });

  it("gives the slave's kernel table as the upper bound of what is injected into it", () => {
    const injected: SyncAgentState = {
      ...agent({ received: 1 }),
      external: { kind: 'inject', counters: { created: 90, updated: 0, destroyed: 0, failed: 0 } },
    };
    const story = new Story('fw1', 'fw2');
    story.seconds(3, (second) => ({
      fw1: master(100, second),
      fw2: { ...slave(0, second), agent: injected },
    }));
    const judged = story.node('fw2').replication;
    expect(judged).toMatchObject({ replicatedAtMost: 100, coverage: { distinguishable: false } });
    expect(judged).not.toHaveProperty('replicated');
    expect(story.snapshot.protection?.unknown).toEqual(['fw2']);
  });
});

describe('the protection of a cluster', () => {
  it('is that of the worst slave', () => {
    expect(cluster(10_000, 10_000, 9_000).snapshot.protection).toEqual({
      coverage: 0.9,
      worst: 'fw3',
      atRisk: 1_000,
      distinguishable: true,
      unknown: [],
    });
  });

  it('names the slaves that cannot be counted, as long as there are any', () => {
    const story = cluster(10_000, 10_000, 9_000);
    story.seconds(3, (second) => ({
      fw1: master(10_000, 8 + second),
      fw2: slave(10_000, 8 + second),
      fw3: { state: 'BACKUP', holds: false, agent: bad('not-running', story.now + 1_000) },
    }));
    expect(story.snapshot.protection).toMatchObject({ worst: 'fw2', coverage: 1, unknown: ['fw3'] });
  });

  it('is not told without one master', () => {
    const story = cluster(10_000, 10_000);
    story.seconds(12, (second) => ({ fw2: slave(10_000, 8 + second) }));
    story.seconds(4, () => ({}));
    const calm = story.snapshot;
    expect(calm.master).toBeNull();
    expect(calm.protection).toBeUndefined();
    expect(calm.eligibility).toBeUndefined();
  });
});

describe('eligibility', () => {
  const minute = (story: Story, internal: number, seconds = 60) =>
    story.seconds(seconds, (second) => ({ fw1: master(internal, second), fw2: slave(internal, second) }));

  it('has no baseline before ten minutes are known, however low it is', () => {
    const story = new Story('fw1', 'fw2');
    minute(story, 40);
    expect(story.snapshot.eligibility).toEqual({ value: 0.4, dropped: false });
  });

  it('is told once it falls below its own last hour and stays there, and no longer when it is back', () => {
    const story = new Story('fw1', 'fw2');
    for (let each = 0; each < 12; each += 1) minute(story, 80);
    expect(story.snapshot.eligibility).toMatchObject({ value: 0.8, baseline: 0.8, dropped: false });
    minute(story, 70, 2);
    expect(story.snapshot.eligibility?.dropped).toBe(false);
    minute(story, 70, 3);
    expect(story.snapshot.eligibility).toMatchObject({ value: 0.7, baseline: 0.8, dropped: true });
    minute(story, 80, 2);
    expect(story.snapshot.eligibility?.dropped).toBe(false);
  });

  it("is told at once when the kernel's events overran", () => {
    const story = new Story('fw1', 'fw2');
    minute(story, 80, 2);
    const at = story.now + 1_000;
    const overrun = { ...agent({ internal: 80, received: 3 }), netlinkOverruns: 1 };
    story.second({ fw1: { state: 'MASTER', holds: true, agent: good(overrun, at) }, fw2: slave(80, 3) });
    expect(story.snapshot.eligibility).toMatchObject({ value: 0.8, dropped: true });
  });

  it('begins anew with another master', () => {
    const story = new Story('fw1', 'fw2');
    for (let each = 0; each < 12; each += 1) minute(story, 80);
    story.seconds(5, (second) => ({
      fw1: slave(50, second),
      fw2: { ...master(50, second), hears: 'fw2' },
    }));
    expect(story.snapshot).toMatchObject({ master: 'fw2', eligibility: { value: 0.5, dropped: false } });
    expect(story.snapshot.eligibility?.baseline).toBeUndefined();
  });
});
