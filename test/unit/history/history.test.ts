import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openHistory } from '../../../main/history/history.ts';
import { ClusterSeries } from '../../../shared/domain/history.ts';
import { chart, temporaryFile } from './made-up.ts';
import { type Seen, snapshot } from './made-up-snapshot.ts';
import { event, hour, minute, second, start } from './made-up-time.ts';

/** A history whose clock the test owns; it is written once a second of that clock, as in life. */
function open(path: string | undefined = temporaryFile(), from = start) {
  const clock = { now: from };
  vi.useFakeTimers();
  const history = openHistory(path, () => clock.now);
  onTestFinished(() => {
    history.close();
    vi.useRealTimers();
  });
  const see = (seen: Seen, forMs = second) => {
    for (const end = clock.now + forMs; clock.now < end; clock.now += second) {
      history.record(snapshot(clock.now, { fw2: seen }));
      vi.advanceTimersByTime(second);
    }
  };
  return { history, clock, see, path };
}

describe('after a restart', () => {
  it('shows every figure that was seen before, as the console expects it', async () => {
    const { history, see, path, clock } = open();
    see({ connections: 5_000 }, minute);
    history.close();
    const again = open(path, clock.now);
    again.see({ connections: 5_010 });
    const series = await chart(again.history, again.clock.now, 300);
    expect(ClusterSeries.safeParse(series).success).toBe(true);
    expect(series.times).toHaveLength(61);
    expect(series.times[0]).toBe(start);
    const first = Object.entries(series.fw2).flatMap(([key, all]) =>
      Array.isArray(all) ? [[key, all[0]]] : [],
    );
    expect(Object.fromEntries(first)).toEqual({
      ...{
        connections: 5_000,
        tableLimit: 262_144,
        replicated: 4_999,
        coverage: 0.99,
        coverageError: 0.002,
        excess: 4,
        backlog: 7,
      },
      ...{ lag: 1, lagResolution: null, lagKind: 'below' },
      ...{ messagesSent: 0.5, messagesReceived: 12.25, bytesSent: 40, bytesReceived: 901 },
    });
    expect(series.fw2.connections.at(-1)).toBe(5_010);
    expect(again.history.notices()).toEqual([]);
  });

  it('shows the time when nobody looked as a gap, not as a line and not as zero', async () => {
    const { history, see, path, clock } = open();
    see({}, minute);
    history.close();
    const again = open(path, clock.now + 2 * minute);
    again.see({}, minute);
    const { times, fw2 } = await chart(again.history, again.clock.now, 300);
    const hole = fw2.connections.indexOf(null);
    expect(fw2.connections.filter((each) => each === null)).toHaveLength(1);
    expect(times[hole]).toBe(start + minute);
    expect(times[hole + 1]).toBe(start + 3 * minute);
  });

  it('keeps the ids of events, whether the engine goes on from them or counts from 1 again', async () => {
    const { history, clock, path } = open();
    history.record(snapshot(clock.now, {}, [event(1, start), event(2, start + 1)]));
    history.close();
    const counting = open(path, start + hour);
    counting.history.record(snapshot(start + hour, {}, [event(1, start + hour, { node: 'fw1' })]));
    counting.history.record(
      snapshot(start + hour, {}, [event(1, start + hour, { node: 'fw1' }), event(2, start + hour + 1)]),
    );
    counting.history.close();
    const going = open(path, start + 2 * hour);
    const before = going.history.events('edge', 0, Number.MAX_SAFE_INTEGER);
    expect(before.map(({ id, at }) => [id, at - start])).toEqual([
      [1, 0],
      [2, 1],
      [3, hour],
      [4, hour + 1],
    ]);
    expect(before[2]).toEqual(event(1, start + hour, { id: 3, node: 'fw1' }));
    going.history.record(snapshot(start + 2 * hour, {}, [...before, event(5, start + 2 * hour)]));
    expect(going.history.events('edge', start + 2 * hour, start + 3 * hour)).toEqual([
      event(5, start + 2 * hour),
    ]);
    expect(going.history.events('edge', 0, start + 3 * hour)).toHaveLength(5);
  });

  it('marks the events of the past in the chart, without recoveries', async () => {
    const { history, see, clock, path } = open();
    see({}, minute);
    history.record(
      snapshot(clock.now, { fw2: {} }, [event(1, clock.now), event(2, clock.now, { kind: 'recovery' })]),
    );
    history.close();
    const { marks } = await chart(open(path, clock.now).history, clock.now, 300);
    expect(marks).toEqual([{ at: clock.now, label: 'event 1', severity: 'warning', kind: 'fault' }]);
  });
});

describe('what is not known', () => {
  it('is null: a node out of reach, a reading grown old, a lag that the mode cannot tell', async () => {
    const { history, see, clock } = open();
    see({ reachable: false });
    see({ age: 7_000 });
    see({ lag: { kind: 'not-measurable' } });
    see({ lag: { kind: 'unknown' } });
    const { fw2 } = await chart(history, clock.now, 60);
    expect(fw2.connections).toEqual([null, null, 100, 100]);
    expect(fw2.messagesSent).toEqual([null, null, 0.5, 0.5]);
    expect(fw2.lag).toEqual([null, null, null, null]);
    expect(fw2.lagKind).toEqual([null, null, 'not-measurable', null]);
  });
});

describe('over days', () => {
  it('keeps the extremes of a second in the chart of a day and of a year', async () => {
    const { history, see, clock } = open();
    see({}, minute);
    see({ connections: 9_999 });
    see({ connections: 3 });
    see({}, 25 * minute);
    for (const [seconds, points] of [
      [3_600, 300],
      [86_400, 300],
      [365 * 86_400, 300],
    ] as const) {
      const { fw2 } = await chart(history, clock.now, seconds, points);
      expect(Math.max(...(fw2.highest?.connections ?? []).map(Number))).toBe(9_999);
      expect(Math.min(...(fw2.lowest?.connections ?? []).map((each) => each ?? 100))).toBe(3);
      expect(fw2.connections.at(-1)).toBe(100);
    }
  });

  it('takes out seconds after an hour and ten seconds after a day, and still shows that time coarser', async () => {
    const { history, see, clock, path = '' } = open();
    see({ connections: 1 }, minute);
    clock.now = start + 25 * hour;
    see({}, 4 * minute);
    const { times, fw2 } = await chart(history, clock.now, 30 * 86_400, 100_000);
    expect(times[0]).toBe(start);
    expect(fw2.connections[0]).toBe(1);
    history.close();
    const database = new DatabaseSync(path, { readOnly: true });
    const oldest = (table: string) => database.prepare(`SELECT min(at) AS at FROM ${table}`).get()?.at;
    expect(oldest('second')).toBe(start + 25 * hour);
    expect(oldest('ten_seconds')).toBe(start + 25 * hour);
    expect(oldest('minute')).toBe(start);
    database.close();
  });

  it('loses nothing to a clock that leaps ten years ahead for a minute', async () => {
    const { history, see, clock } = open();
    see({ connections: 77 }, 3 * minute);
    const right = clock.now;
    clock.now += 10 * 365 * 24 * hour;
    see({}, minute);
    clock.now = right + minute;
    see({ connections: 78 }, minute);
    const { fw2 } = await chart(history, clock.now, 600, 600);
    expect(fw2.connections.filter((each) => each === 77)).toHaveLength(180);
    expect(fw2.connections.at(-1)).toBe(78);
  });
});

describe('a part of the past', () => {
  it('is shown between any two moments, as fine as it was kept', async () => {
    const { history, see, clock } = open();
    see({ connections: 1 }, 20 * minute);
    see({ connections: 2 }, minute);
    see({ connections: 3 }, 20 * minute);
    const [from, to] = [start + 20 * minute, start + 21 * minute];
    const { fw2, times, view } = await chart(history, clock.now, 300, 300, { from, to });
    expect(new Set(fw2.connections)).toEqual(new Set([2]));
    expect([times[0], times.at(-1)]).toEqual([from, to - second]);
    expect(view).toMatchObject({ from, to });
    const coarse = await chart(history, clock.now, 300, 4, { from, to });
    expect(coarse.times.length).toBeLessThanOrEqual(4);
    expect(coarse.fw2.highest?.connections?.filter((each) => each === 1) ?? []).toEqual([]);
  });

  it('of which the older points are known is shown from the first unknown one on, at the same moments', async () => {
    const { history, see, clock } = open();
    see({}, 20 * minute);
    const whole = await chart(history, clock.now, 600, 100);
    const rest = await chart(history, clock.now, 600, 100, { from: clock.now - minute });
    expect(rest.view?.span).toBe(whole.view?.span);
    expect(rest.times).toEqual(whole.times.slice(-rest.times.length));
    expect(rest.times.length).toBeLessThan(15);
  });
});

describe('a file that has filled the room it may take', () => {
  it('loses its oldest detail first, shows that time coarser, and says so', async () => {
    const path = temporaryFile();
    const clock = { now: start };
    vi.useFakeTimers();
    const history = openHistory(path, () => clock.now, 300_000);
    onTestFinished(() => {
      history.close();
      vi.useRealTimers();
    });
    const see = (forMs: number, stepMs: number) => {
      for (const end = clock.now + forMs; clock.now < end; clock.now += stepMs) {
        history.record(snapshot(clock.now));
        vi.advanceTimersByTime(second);
      }
    };
    see(4 * 24 * hour, minute);
    see(90 * minute, 10 * second);
    expect(history.notices()).toEqual([
      expect.stringMatching(/^The history has filled the 300\.0 kB .* By the minute it reaches back \d+ d/),
    ]);
    const { times, fw2 } = await chart(history, clock.now, 10 * 86_400, 100_000);
    expect(times[0]).toBe(start);
    expect(fw2.connections.filter((each) => each === null)).toEqual([]);
    history.close();
    const database = new DatabaseSync(path, { readOnly: true });
    const oldest = database.prepare('SELECT min(at) AS at FROM minute').get()?.at;
    database.close();
    expect(Number(oldest)).toBeGreaterThan(start + hour);
  });
});

describe('a clock that steps back', () => {
  it('goes on recording, and keeps the extremes of the time that came twice', async () => {
    const { history, see, clock } = open();
    see({ connections: 500 }, 30 * minute);
    clock.now -= 20 * minute;
    see({ connections: 400 }, 15 * minute);
    const { fw2, times } = await chart(history, clock.now - second, 3_600, 60);
    expect(times.at(-1)).toBeLessThan(clock.now);
    expect(fw2.connections.at(-1)).toBe(400);
    expect(fw2.highest?.connections?.at(-3)).toBe(500);
    expect(fw2.connections.at(0)).toBe(500);
  });
});

it('forgets a cluster that was taken out, and that one alone', async () => {
  const { history, path, clock } = open();
  history.record(snapshot(start, { fw2: {} }, [event(1, start)]));
  history.record(snapshot(start, { fw2: {} }, [event(1, start)], 'core'));
  vi.advanceTimersByTime(second);
  history.forget('edge');
  history.close();
  const again = open(path, clock.now).history;
  const minutes = { seconds: 60, points: 60 };
  expect((await again.series(snapshot(clock.now), minutes)).times).toEqual([]);
  expect(again.events('edge', 0, start + 1)).toEqual([]);
  expect((await again.series(snapshot(clock.now, { fw2: {} }, [], 'core'), minutes)).times).toEqual([start]);
  expect(again.events('core', 0, start + 1)).toHaveLength(1);
});

it('keeps nothing on the disk without a path, and shows the same', async () => {
  const history = openHistory(undefined, () => start);
  history.record(snapshot(start));
  expect((await chart(history, start, 60)).fw2.connections).toEqual([100]);
  expect(history.notices()).toEqual([]);
  history.close();
});

it('does not grow without end while events come without end', async () => {
  const { history, path = '', see } = open();
  const many = Array.from({ length: 1_900 }, (_, index) => event(index + 1, start));
  for (let round = 0; round < 12; round += 1) {
    const events = many.map((each) => ({ ...each, id: each.id + round * many.length }));
    history.record(snapshot(start, { fw2: {} }, events));
    vi.advanceTimersByTime(second);
  }
  see({}, 4 * minute);
  history.close();
  const database = new DatabaseSync(path, { readOnly: true });
  expect(database.prepare('SELECT count(*) AS n, max(id) AS newest FROM event').get()).toEqual({
    n: 20_000,
    newest: 22_800,
  });
  database.close();
});
