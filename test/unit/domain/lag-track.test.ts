import { describe, expect, it } from 'vitest';
import { joinLag } from '../../../shared/domain/lag-join.ts';
import type { LagBurst } from '../../../shared/domain/lag-track.ts';
import type { LagEstimate } from '../../../shared/domain/sync-lag.ts';
import { type AgentFigures, agent, type NodeRound, Story } from './build.ts';
import { arrivals, randomFrom, read } from './made-up-burst.ts';

const rounds = (second: number, master: AgentFigures = {}, slave: AgentFigures = {}) => ({
  fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 100, ...master }) } satisfies NodeRound,
  fw2: {
    state: 'BACKUP',
    holds: false,
    hears: 'fw1',
    agent: agent({ external: 100, received: second * 10, externalCreated: 5_100, ...slave }),
  } satisfies NodeRound,
});

const notrack = { mode: 'notrack' } as const;
/** Nothing changes, for long enough to compare the counters. */
const quiet = (story: Story, mode: AgentFigures = notrack) =>
  story.seconds(6, (second) => rounds(second, mode, mode));

/** A burst of changes that reach the slave `delay` ms later; its counters stand 5,000 above the master's. */
function burstAt(story: Story, delay: number, rate: number, master = 100, slave = 5_100): LagBurst {
  const random = randomFrom(5);
  const from = story.now;
  const traffic = { created: arrivals(random, rate, from, from + 2_000), destroyed: [] };
  const common = { traffic, random, from, to: from + 2_000 };
  story.now += 2_100;
  return {
    master: 'fw1',
    at: story.now,
    series: {
      fw1: read({ ...common, before: { created: master, destroyed: 0 }, delay: 0 }),
      fw2: read({ ...common, before: { created: slave, destroyed: 0 }, delay }),
    },
    failures: {},
    source: 'conntrackd -s',
  };
}

/** A burst, and the poll behind it, which bears it out. */
function sampled(
  story: Story,
  burst: LagBurst,
  mode: AgentFigures = notrack,
  slave: AgentFigures = mode,
): void {
  story.put({ kind: 'burst', burst });
  story.second(rounds(9, mode, slave));
}

const lagOf = (story: Story) => story.node('fw2').replication?.lag;
const estimateOf = (story: Story, method: LagEstimate['method']) =>
  story.node('fw2').replication?.lagEstimates?.find((each) => each.method === method);

describe('the lag of a slave', () => {
  it('is a time also where nobody acknowledges anything, once the counters were sampled', () => {
    const story = new Story('fw1', 'fw2');
    quiet(story);
    expect(lagOf(story)).toEqual({ kind: 'not-measurable' });
    sampled(story, burstAt(story, 500, 400));
    expect(lagOf(story)).toMatchObject({ kind: 'measured', from: 'counter-delay' });
    expect(Math.abs((lagOf(story)?.seconds ?? 0) - 0.5)).toBeLessThan(0.05);
    expect(estimateOf(story, 'counter-delay')?.note).toContain('neither changed for 3 s');
    expect(estimateOf(story, 'backlog')?.kind).toBe('not-measurable');
  });

  it('is below the resolution where nothing is to be seen of it', () => {
    const story = new Story('fw1', 'fw2');
    quiet(story, { mode: 'ftfw' });
    expect(lagOf(story)).toMatchObject({ kind: 'below', seconds: 1, from: 'backlog' });
    sampled(story, burstAt(story, 0, 60), { mode: 'ftfw' });
    expect(lagOf(story)).toMatchObject({ kind: 'below', from: 'counter-delay' });
    expect(lagOf(story)?.seconds).toBeLessThan(0.06);
  });

  it('is unknown where nothing changed while it was sampled, and says so', () => {
    const story = new Story('fw1', 'fw2');
    quiet(story);
    story.put({ kind: 'burst', burst: burstAt(story, 0, 0.000_1) });
    expect(lagOf(story)).toEqual({ kind: 'unknown' });
    expect(estimateOf(story, 'counter-delay')).toMatchObject({
      kind: 'unknown',
      note: 'nothing changed while it was sampled',
    });
  });

  it('is unknown where a node could not be sampled, with the reason', () => {
    const story = new Story('fw1', 'fw2');
    quiet(story);
    const burst = burstAt(story, 0, 50);
    const { fw1 = [] } = burst.series;
    story.put({
      kind: 'burst',
      burst: { ...burst, series: { fw1 }, failures: { fw2: 'sudo asks for a password' } },
    });
    expect(estimateOf(story, 'counter-delay')?.note).toContain('sudo asks for a password');
  });

  it('does not rest on an offset from before a flush, a restart or a loss of the slave', () => {
    const anew: AgentFigures[] = [
      { external: 3, externalCreated: 5_100, externalDestroyed: 97 }, // flushed
      { external: 100, externalCreated: 100, received: 1 }, // restarted
      { externalCreated: 5_101, lost: 3 }, // lost, and not sent again
    ];
    for (const change of anew) {
      const story = new Story('fw1', 'fw2');
      quiet(story);
      story.second(rounds(7, notrack, { ...notrack, ...change }));
      // far too many changes for their pattern to tell
      const created = change.externalCreated ?? 0;
      story.put({ kind: 'burst', burst: burstAt(story, 100, 3_000, 100, created) });
      expect(estimateOf(story, 'counter-delay')?.kind).toBe('unknown');
    }
  });

  it('forgets the offset that a burst contradicts', () => {
    const story = new Story('fw1', 'fw2');
    quiet(story);
    story.put({ kind: 'burst', burst: burstAt(story, 0, 3_000, 100, 5_400) });
    expect(estimateOf(story, 'counter-delay')).toMatchObject({
      kind: 'unknown',
      note: 'the counters no longer run side by side: waiting for a quiet moment',
    });
  });

  it('of one master says nothing about another', () => {
    const story = new Story('fw1', 'fw2');
    quiet(story, { mode: 'ftfw' });
    story.put({ kind: 'burst', burst: burstAt(story, 300, 60) });
    const swapped = (second: number) => ({
      fw1: { ...rounds(second).fw2, hears: 'fw2' },
      fw2: rounds(second).fw1,
    });
    story.seconds(4, swapped);
    expect(story.snapshot.master).toBe('fw2');
    expect(story.node('fw1').replication?.lag.from).not.toBe('counter-delay');
  });

  it('is not made smaller by entries that change often: the queue holds each but once', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(6, (second) =>
      rounds(second, { created: 100 + second * 20, updated: second * 110, internal: 100, resend: 100 }, {}),
    );
    expect(lagOf(story)).toMatchObject({ kind: 'below', seconds: 5, from: 'backlog' });
  });

  it('below a second of unacknowledged changes is no more than that, even within the window', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(6, (second) =>
      rounds(second, { created: 100 + second * 20, internal: 100, resend: 100 }, {}),
    );
    expect(lagOf(story)).toMatchObject({ kind: 'below', seconds: 5, from: 'backlog' });
  });
});

describe('joining estimates', () => {
  const at = 1_000_000;
  const estimate = (
    method: LagEstimate['method'],
    kind: LagEstimate['kind'],
    seconds?: number,
    age = 0,
  ): LagEstimate => ({
    method,
    kind,
    ...(seconds !== undefined && { seconds }),
    observedAt: at - age,
    source: 'test',
  });
  const join = (...estimates: LagEstimate[]) => joinLag(estimates, 'in-step', at);

  it('takes what was seen of the entries before what the queue suggests, the newest first', () => {
    const queue = estimate('backlog', 'below', 1);
    const delay = estimate('counter-delay', 'measured', 0.5, 20_000);
    expect(join(queue, delay)).toMatchObject({ kind: 'measured', seconds: 0.5, from: 'counter-delay' });
    expect(join(queue, delay, estimate('canary', 'below', 0.7, 5_000)).from).toBe('canary');
  });

  it('takes the queue where it has grown past its window since, and where the rest has grown old', () => {
    const delay = estimate('counter-delay', 'below', 0.04, 20_000);
    expect(join(estimate('backlog', 'measured', 12), delay)).toMatchObject({ seconds: 12, from: 'backlog' });
    expect(
      join(estimate('backlog', 'below', 1), estimate('counter-delay', 'below', 0.04, 200_000)),
    ).toMatchObject({ seconds: 1, from: 'backlog' });
  });

  it('shows no old delay as that of a slave that has gone silent', () => {
    const delay = estimate('counter-delay', 'below', 0.04, 5_000);
    expect(joinLag([estimate('backlog', 'unknown'), delay], 'silent', at)).toEqual({ kind: 'unknown' });
  });

  it('calls the mode to blame only where nothing else was tried', () => {
    const mode = estimate('backlog', 'not-measurable');
    expect(join(mode)).toEqual({ kind: 'not-measurable' });
    expect(join(mode, estimate('counter-delay', 'unknown'))).toEqual({ kind: 'unknown' });
  });

  it('is shown only once a poll behind the burst tells that no message was lost for good meanwhile', () => {
    const story = new Story('fw1', 'fw2');
    quiet(story);
    story.put({ kind: 'burst', burst: burstAt(story, 500, 400) });
    expect(estimateOf(story, 'counter-delay')).toBeUndefined();
    story.second(rounds(9, notrack, { ...notrack, lost: 3 }));
    expect(estimateOf(story, 'counter-delay')).toMatchObject({ kind: 'unknown' });
    expect(estimateOf(story, 'counter-delay')?.seconds).toBeUndefined();
  });

  it('is none where messages were lost in the midst of the burst, though none since', () => {
    const story = new Story('fw1', 'fw2');
    quiet(story);
    const burst = burstAt(story, 500, 400);
    story.now -= 1_500;
    story.second(rounds(8, notrack, { ...notrack, lost: 3 }));
    story.now = burst.at;
    sampled(story, burst, notrack, { ...notrack, lost: 3 });
    expect(estimateOf(story, 'counter-delay')).toMatchObject({ kind: 'unknown' });
  });

  it('is none any more where a later poll tells that messages were lost for good', () => {
    const story = new Story('fw1', 'fw2');
    quiet(story);
    sampled(story, burstAt(story, 500, 400));
    expect(estimateOf(story, 'counter-delay')?.kind).toBe('measured');
    story.seconds(2, (second) => rounds(second + 9, notrack, { ...notrack, lost: 3 }));
    expect(estimateOf(story, 'counter-delay')).toMatchObject({ kind: 'unknown' });
    expect(estimateOf(story, 'counter-delay')?.seconds).toBeUndefined();
  });
});
