import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { superviseEngine } from '../../../electron/engine-supervisor.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function supervised() {
  const exits: ((code: number) => void)[] = [];
  const log: string[] = [];
  const stops = vi.fn();
  const restarts = vi.fn();
  const supervisor = superviseEngine({
    start: () => ({ onExit: (handle) => exits.push(handle), stop: stops }),
    onRestart: restarts,
    log: (line) => log.push(line),
  });
  return { supervisor, log, stops, restarts, started: () => exits.length, crash: () => exits.at(-1)?.(139) };
}

test('an engine that ends is started again, and that is said', () => {
  const { supervisor, log, restarts, started, crash } = supervised();
  crash();
  expect(supervisor.current()).toBeUndefined();
  expect(log).toEqual(['the engine ended (exit code 139); starting it again in 0.5 s']);
  vi.advanceTimersByTime(500);
  expect(started()).toBe(2);
  expect(supervisor.current()).toBeDefined();
  expect(restarts).toHaveBeenCalledOnce();
});

test('an engine that keeps ending is started ever more rarely, but never given up', () => {
  const { log, started, crash } = supervised();
  for (let time = 0; time < 9; time++) {
    crash();
    vi.advanceTimersByTime(30_000);
  }
  expect(started()).toBe(10);
  expect(log.map((line) => / in (.*) s$/.exec(line)?.[1])).toEqual([
    '0.5',
    '1',
    '2',
    '4',
    '8',
    '16',
    '30',
    '30',
    '30',
  ]);
});

test('an engine that ran well for a minute is started quickly again', () => {
  const { log, crash } = supervised();
  for (const life of [0, 0, 61_000]) {
    vi.advanceTimersByTime(life);
    crash();
    vi.advanceTimersByTime(2_000);
  }
  expect(log.at(-1)).toContain('again in 0.5 s');
});

test('an engine that was told to stop is not started again', async () => {
  const { supervisor, log, stops, started, crash } = supervised();
  const stopped = supervisor.stop(3_000);
  expect(stops).toHaveBeenCalledOnce();
  crash();
  await stopped;
  vi.advanceTimersByTime(60_000);
  expect(started()).toBe(1);
  expect(log).toEqual([]);
});

test('quitting does not wait for ever for an engine that hangs', async () => {
  const { supervisor } = supervised();
  const stopped = supervisor.stop(3_000);
  vi.advanceTimersByTime(3_000);
  await expect(stopped).resolves.toBeUndefined();
});
