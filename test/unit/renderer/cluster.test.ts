import { describe, expect, it } from 'vitest';
import { evidenceOf, tilesOf } from '../../../renderer/views/cluster/cluster-model.ts';
import { layoutTopology, leastWidth } from '../../../renderer/views/cluster/topology-model.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { asLastKnown } from '../../../shared/domain/last-known.ts';
import { scenes } from '../../e2e/console-page/scenes.ts';

const at = 1_800_000_000_000;

function scene(name: string): ClusterSnapshot {
  const [cluster] = scenes[name]?.clusters(at) ?? [];
  if (cluster === undefined) throw new Error(`no cluster in ${name}`);
  return cluster;
}

describe('the drawn topology', () => {
  it('puts each service address on the node that is master of it', () => {
    const { addresses, nodes, alarm } = layoutTopology(scene('healthy'), 900);
    expect(addresses.map((chip) => [chip.state, chip.nodeX])).toEqual([
      ['held', nodes[0]?.x],
      ['held', nodes[0]?.x],
    ]);
    expect(alarm).toBeUndefined();
  });

  it('draws a split brain at both nodes, and a missing master at none', () => {
    const split = layoutTopology(scene('split-brain'), 900);
    expect(split.alarm).toBe('SPLIT BRAIN');
    expect(split.addresses.every((chip) => chip.state === 'contested')).toBe(true);
    expect(split.nodes.every((box) => box.contested)).toBe(true);
    const none = layoutTopology(scene('no-master'), 900);
    expect(none.alarm).toBe('NO MASTER');
    expect(none.addresses.map((chip) => chip.nodeX)).toEqual([undefined, undefined]);
  });

  it('shows what flows in both directions, and claims nothing of a node that cannot be read', () => {
    const healthy = layoutTopology(scene('healthy'), 900).links;
    expect(healthy.map((link) => [link.from, link.to, link.label, link.state.word])).toEqual([
      ['fw1', 'fw2', '812 msg/s · 118.2 kB/s', 'in step'],
      ['fw2', 'fw1', '2.4 msg/s · 310 B/s', ''],
    ]);
    const half = layoutTopology(scene('unreachable'), 900);
    expect(half.nodes.map((box) => box.unknown)).toEqual([false, true]);
    expect(half.links[1]?.label).toBe('not known');
  });

  it('does not draw the last role of a node that stopped answering', () => {
    const cluster = scene('healthy');
    const [master, slave] = cluster.nodes;
    const gone = { ...cluster, nodes: [{ ...master, reachable: false }, slave] } as ClusterSnapshot;
    const [box] = layoutTopology(gone, 900).nodes;
    expect([box?.unknown, box?.face.word, box?.carries]).toEqual([true, 'unknown', false]);
  });

  it('keeps everything inside, for one node and for three, wide and narrow', () => {
    for (const name of ['one-node', 'three-nodes', 'split-brain', 'active-active']) {
      for (const room of [300, 640, 944, 1600]) {
        const { width, nodes, addresses, boxWidth } = layoutTopology(scene(name), room);
        expect(width).toBe(Math.max(room, leastWidth));
        for (const { x } of nodes) {
          expect(x - boxWidth / 2).toBeGreaterThanOrEqual(0);
          expect(x + boxWidth / 2).toBeLessThanOrEqual(width);
        }
        for (const { x } of addresses) expect(x).toBeGreaterThan(0);
      }
    }
  });
});

describe('the tiles', () => {
  const tile = (name: string, title: string) =>
    tilesOf(scene(name)).find((each) => each.title === title)?.figures;

  it('say the figures with their age, and where they come from', () => {
    expect(tile('healthy', 'Connections on the master')?.[0]).toMatchObject({
      node: 'fw1',
      value: '48,210',
      observedAt: at - 300,
    });
    expect(tile('healthy', 'Lag')?.[0]?.value).toBe('< 1 s');
    expect(tile('healthy', 'Coverage')?.[0]?.value).toBe('99.9 % ± 0.2');
  });

  it('say unknown for a node that cannot be read, and not measurable where the mode is the reason', () => {
    expect(tile('unreachable', 'Replicated')?.[0]).toMatchObject({ value: 'unknown', note: 'not reachable' });
    expect(tile('three-nodes', 'Lag')?.map((figure) => figure.value)).toEqual(['< 1 s', 'not measurable']);
    expect(tile('lagging', 'Lag')?.[0]).toMatchObject({ value: '512 ms', note: 'by counters' });
  });

  it('say that there is nothing to replicate where the master has nothing, and not that it is unknown', () => {
    const { nodes, ...cluster } = scene('healthy');
    const empty = nodes.map((node) =>
      node.replication
        ? { ...node, replication: { ...node.replication, replicated: 0, atRisk: 0, excess: 0, coverage: {} } }
        : node,
    );
    const coverage = tilesOf({ ...cluster, nodes: empty as typeof nodes }).find(
      ({ title }) => title === 'Coverage',
    );
    expect(coverage?.figures[0]).toMatchObject({ value: '–', note: 'nothing to replicate', known: true });
  });

  it('claim no figure of a slave where there is none', () => {
    expect(tile('one-node', 'Coverage')?.[0]).toMatchObject({ value: '–', note: 'no slave', known: false });
  });
});

it('opens a reason to the readings it rests on, each with age and command', () => {
  const split = scene('split-brain');
  const evidence = evidenceOf(split, { code: 'split-brain' });
  expect(new Set(evidence.map((each) => each.node))).toEqual(new Set(['fw1', 'fw2']));
  expect(evidence.every((each) => each.source !== '' && each.observedAt <= at)).toBe(true);
  const gone = scene('unreachable');
  expect(evidenceOf(gone, { code: 'node-unreachable', node: 'fw2' })[0]?.what).toMatch(/no route to host/);
});

describe('while the engine is away', () => {
  it('a cluster stays as it is until the deadline, and is then only what was last known', () => {
    const cluster = scene('healthy');
    expect(asLastKnown(cluster, cluster.observedAt + 3000)).toBe(cluster);
    const old = asLastKnown(cluster, cluster.observedAt + 30_000);
    expect(old.verdict).toBe('unknown');
    expect(old.sentence).toMatch(/^Last known: /);
    expect(layoutTopology(old, 900).nodes.every((box) => box.unknown)).toBe(true);
  });
});
