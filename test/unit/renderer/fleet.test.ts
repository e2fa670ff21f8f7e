import { describe, expect, it } from 'vitest';
import {
  fleetRow,
  heldOrder,
  matchesFleetFilter,
  tally,
  worstFirst,
} from '../../../renderer/views/fleet/fleet-model.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { scenes } from '../../e2e/console-page/scenes.ts';

const clusters = scenes.fleet?.clusters(1_800_000_000_000) ?? [];
const rowOf = (name: string) => {
  const cluster = clusters.find((each) => each.name === name);
  if (cluster === undefined) throw new Error(`no ${name}`);
  return fleetRow(cluster);
};

describe('the fleet', () => {
  it('stands worst first, equals in the order of the inventory', () => {
    expect(worstFirst(clusters).slice(0, 5)).toEqual([
      'branch-lisbon',
      'branch-oslo',
      'warehouse',
      'core',
      'edge',
    ]);
  });

  it('does not move under the pointer when a cluster gets worse, joins or leaves', () => {
    const before = worstFirst(clusters);
    const worse = clusters.map(
      (cluster): ClusterSnapshot => (cluster.name === 'demo' ? { ...cluster, verdict: 'critical' } : cluster),
    );
    expect(heldOrder(before, worse)).toEqual(before);
    expect(heldOrder(before.slice(1), worse).at(-1)).toBe(before[0]);
    expect(heldOrder([...before, 'gone'], worse)).toEqual(before);
  });

  it('counts verdicts, worst first, and leaves out those that nobody has', () => {
    expect(tally(clusters)).toEqual([
      { verdict: 'critical', count: 2 },
      { verdict: 'unknown', count: 1 },
      { verdict: 'warning', count: 1 },
      { verdict: 'ok', count: 4 },
    ]);
    expect(tally([])).toEqual([]);
  });

  it('says master, slaves and figures in a row', () => {
    expect(rowOf('edge')).toMatchObject({
      master: 'fw1',
      slaves: [{ name: 'fw2', face: { word: 'in step' } }],
      connections: { text: '48,210' },
      coverage: { text: '99.9 % ± 0.2' },
      lag: { text: '< 1 s' },
    });
    expect(rowOf('office').slaves[0]?.held).toBe(true);
  });

  it('shows the coverage of the worst slave, and unknown when one of them cannot be read', () => {
    expect(rowOf('core').coverage.text).toBe('97.5 % ± 0.2');
    expect(rowOf('branch-oslo').coverage.text).toBe('unknown');
    expect(rowOf('branch-oslo').slaves[0]?.face.word).toBe('not reachable');
  });

  it('names both masters of a split brain', () => {
    expect(rowOf('branch-lisbon').master).toBe('fw1 and fw2');
    expect(rowOf('branch-lisbon').slaves).toEqual([]);
  });

  it('is filtered by any word on the row', () => {
    expect(matchesFleetFilter(rowOf('core'), 'lab behind')).toBe(true);
    expect(matchesFleetFilter(rowOf('core'), 'production')).toBe(false);
    expect(matchesFleetFilter(rowOf('core'), '')).toBe(true);
  });
});
