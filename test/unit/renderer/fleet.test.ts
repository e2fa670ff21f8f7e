import { describe, expect, it } from 'vitest';
import {
  fleetRow,
  heldOrder,
  matchesFleetFilter,
  tally,
  worstFirst,
} from '../../../renderer/views/fleet/fleet-model.ts';
import { sparklineOf } from '../../../renderer/views/fleet/sparkline-model.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { ClusterSeries } from '../../../shared/domain/history.ts';
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

  it('says of each slave whether it could take over now, and when the master changed last', () => {
    expect(rowOf('core').slaves.map(({ readiness }) => readiness?.word)).toEqual(['Ready', 'Not ready']);
    expect(rowOf('branch-oslo').slaves[0]?.readiness).toBeUndefined();
    expect(rowOf('edge').lastFailover).toMatchObject({ message: 'fw1 is master, fw2 is slave' });
    expect(rowOf('warehouse').lastFailover).toBeUndefined();
    expect(matchesFleetFilter(rowOf('core'), 'not ready')).toBe(true);
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

describe('the last hour of a cluster', () => {
  const series = (...connections: (number | null)[][]): ClusterSeries => ({
    times: (connections[0] ?? []).map((_, index) => index * 60_000),
    nodes: connections.map((figures, index) => ({
      name: `fw${index + 1}`,
      connections: figures,
      replicated: [],
      lag: [],
      backlog: [],
    })),
    marks: [
      { at: 60_000, label: 'Split brain', severity: 'critical' },
      { at: 60_000, label: 'fw2 is master', severity: 'info' },
    ],
  });

  it('is the table of whichever node was master, with a gap where nothing was known', () => {
    const line = sparklineOf(series([100, 200, null, 12, 12], [3, 3, null, 150, 100]));
    expect(line.paths).toHaveLength(2);
    expect(line.words).toBe('last hour: 100 to 200 connections');
    expect(line.marks).toEqual([25]);
  });

  it('is nothing where nothing is known, and a flat line where nothing moved', () => {
    expect(sparklineOf(series([null, null]))).toMatchObject({
      paths: [],
      words: 'nothing is known of the last hour',
    });
    expect(sparklineOf(series([100, 100])).paths).toEqual(['M0 19L100 19']);
  });
});
