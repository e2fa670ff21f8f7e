import { describe, expect, test } from 'vitest';
import { fleetReceiver, fleetSender } from '../../../shared/contract/fleet-change.ts';
import type { ClusterSnapshot, FleetSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { initialState } from '../../../shared/domain/cluster-state.ts';

const clusterAt = (name: string, revision: number): ClusterSnapshot => ({
  ...initialState(
    {
      name,
      agent: { kind: 'conntrackd', config: '/c' },
      takeover: { kind: 'keepalived', pidFile: '/p' },
      nodes: [],
    },
    0,
  ).snapshot,
  revision,
});
const fleet = (revision: number, ...clusters: ClusterSnapshot[]): FleetSnapshot => ({ revision, clusters });

describe('a fleet on its way to a console', () => {
  test('comes whole at first, and then only with what changed of the clusters that changed', () => {
    const [edge, core, later] = [clusterAt('edge', 1), clusterAt('core', 1), clusterAt('core', 2)];
    const send = fleetSender();
    expect(send(fleet(1, edge, core)).clusters).toEqual([
      { name: 'edge', change: { put: edge } },
      { name: 'core', change: { put: core } },
    ]);
    expect(send(fleet(2, edge, later)).clusters).toEqual([
      { name: 'core', change: { keys: { revision: { put: 2 } } } },
    ]);
  });

  test('is the same fleet at the other end, with the identity of what did not change', () => {
    const [edge, core, later] = [clusterAt('edge', 1), clusterAt('core', 1), clusterAt('core', 2)];
    const [send, receive] = [fleetSender(), fleetReceiver()];
    const first = receive(send(fleet(1, edge, core)));
    const seen = receive(send(fleet(2, edge, later)));
    expect(seen).toEqual(fleet(2, edge, later));
    expect(seen?.clusters[0]).toBe(first?.clusters[0]);
  });

  test('loses the clusters that are gone, keeps their order, and forgets none that came back', () => {
    const [edge, core] = [clusterAt('edge', 1), clusterAt('core', 1)];
    const [send, receive] = [fleetSender(), fleetReceiver()];
    receive(send(fleet(1, edge, core)));
    expect(receive(send(fleet(2, core)))).toEqual(fleet(2, core));
    expect(receive(send(fleet(3, core, edge)))).toEqual(fleet(3, core, edge));
  });

  test('is complete again for a console that lost its engine and subscribed anew', () => {
    const edge = clusterAt('edge', 1);
    const receive = fleetReceiver();
    receive(fleetSender()(fleet(1, edge)));
    expect(receive(fleetSender()(fleet(2, edge)))).toEqual(fleet(2, edge));
  });

  test('carries nothing that the contract does not name', () => {
    const talkative = { ...clusterAt('edge', 1), passphrase: 'open sesame' };
    const [send, receive] = [fleetSender(), fleetReceiver()];
    expect(JSON.stringify(send(fleet(1, talkative)))).not.toContain('sesame');
    const later = { ...clusterAt('edge', 2), passphrase: 'open barley' };
    const change = send(fleet(2, later));
    expect(JSON.stringify(change)).not.toContain('barley');
    expect(() =>
      receive({ ...change, clusters: [{ name: 'edge', change: { put: { name: 1 } } }] }),
    ).toThrow();
  });

  test('is not shown with a part missing', () => {
    const [edge, core] = [clusterAt('edge', 1), clusterAt('core', 1)];
    const send = fleetSender();
    send(fleet(1, edge));
    expect(fleetReceiver()(send(fleet(2, edge, core)))).toBeUndefined();
  });
});
