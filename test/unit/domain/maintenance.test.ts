import { expect, it } from 'vitest';
import { reduce } from '../../../shared/domain/cluster-reducer.ts';
import { initialState } from '../../../shared/domain/cluster-state.ts';
import type { TakeoverState } from '../../../shared/domain/takeover.ts';
import type { Reading } from '../../../shared/lib/reading.ts';
import { bad, definition, good, instance } from './build.ts';

const maintenance = '/var/lib/handover/maintenance';

/** Whether fw1 counts as in maintenance after each of these readings of its takeover engine, a second apart. */
function afterEach(...seen: readonly ((at: number) => Reading<TakeoverState>)[]): boolean[] {
  const { takeover, ...rest } = definition('fw1');
  let now = 1_000_000;
  let state = initialState({ ...rest, takeover: { ...takeover, maintenanceFile: maintenance } }, now);
  return seen.map((reading) => {
    now += 1_000;
    const readings = { takeover: reading(now) };
    state = reduce(state, { kind: 'readings', node: 'fw1', readings }, now);
    return state.snapshot.nodes[0]?.inMaintenance ?? false;
  });
}

const tracking = (file: string, status: number) => (at: number) =>
  good(
    { instances: [instance('FAULT')], trackFiles: [{ name: 'f', file, weight: 0, status, trackedBy: [] }] },
    at,
  );

it('a node is in maintenance while the takeover engine sees its maintenance file set', () => {
  expect(afterEach(tracking(maintenance, 0), tracking(maintenance, 1), tracking(maintenance, 0))).toEqual([
    false,
    true,
    false,
  ]);
});

it('another file that keeps the engine in FAULT is no maintenance', () => {
  expect(afterEach(tracking('/run/health', 1))).toEqual([false]);
});

it('a takeover engine that is stopped, or that does not tell its files, leaves what was known', () => {
  const stopped = (at: number) => bad('not-running', at);
  const silent = (at: number) => good({ instances: [instance('FAULT')] }, at);
  expect(afterEach(stopped, tracking(maintenance, 1), stopped, silent)).toEqual([false, true, true, true]);
});
