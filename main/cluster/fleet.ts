import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import type { FleetSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { couldMeet, placesOf, type SyncPlace } from '../../shared/domain/trap-shared-group.ts';
import type { ClusterWatch } from './cluster-watch.ts';

/** All clusters under watch, in the inventory's order. */
export interface Fleet {
  readonly get: (cluster: string) => ClusterWatch | undefined;
  readonly all: () => readonly ClusterWatch[];
  readonly add: (definition: ClusterDefinition) => void;
  readonly remove: (cluster: string) => void;
  readonly snapshot: () => FleetSnapshot;
  readonly onSnapshot: (listener: (snapshot: FleetSnapshot) => void) => () => void;
  readonly close: () => void;
}

/** Clusters that change within so many ms of each other go out together. */
const gatherMs = 10;

/**
 * `watch` starts one cluster, given how many were started before; `onCluster` sees each of its snapshots before the fleet's
 * listeners do.
 */
export function openFleet(
  watch: (definition: ClusterDefinition, place: number) => ClusterWatch,
  onCluster: (snapshot: FleetSnapshot['clusters'][number]) => void,
): Fleet {
  const clusters = new Map<string, ClusterWatch>();
  const listeners = new Set<(snapshot: FleetSnapshot) => void>();
  let revision = 0;
  let started = 0;
  const snapshot = (): FleetSnapshot => ({
    revision,
    clusters: [...clusters.values()].map((cluster) => cluster.snapshot()),
  });
  const places = new Map<string, readonly SyncPlace[]>();
  /** Clusters whose nodes could hear each other are told of it: a multicast group is all that keeps them apart. */
  const meet = (changed: FleetSnapshot['clusters'][number]) => {
    const [before, after] = [places.get(changed.name), placesOf(changed)];
    if (JSON.stringify(before ?? []) === JSON.stringify(after)) return;
    places.set(changed.name, after);
    for (const [name, cluster] of clusters) {
      const own = places.get(name) ?? [];
      const met = [...places].flatMap(([other, theirs]) =>
        other === name ? [] : theirs.filter((each) => own.some((place) => couldMeet(place, each))),
      );
      if (
        name === changed.name ||
        [...(before ?? []), ...after].some((each) => own.some((place) => couldMeet(place, each)))
      )
        cluster.put({ kind: 'elsewhere', places: met });
    }
  };
  const latest = new Map<string, FleetSnapshot['clusters'][number]>();
  let gathering: NodeJS.Timeout | undefined;
  const publish = () => {
    clearTimeout(gathering);
    gathering = undefined;
    revision += 1;
    // what came in since a cluster's last beat waits for its next: else each beat of one would judge them all
    const now = {
      revision,
      clusters: [...clusters].map(([name, cluster]) => latest.get(name) ?? cluster.snapshot()),
    };
    for (const listener of listeners) listener(now);
  };
  return {
    get: (cluster) => clusters.get(cluster),
    all: () => [...clusters.values()],
    add: (definition) => {
      clusters.get(definition.name)?.close();
      latest.delete(definition.name);
      const cluster = watch(definition, started++);
      clusters.set(definition.name, cluster);
      cluster.onSnapshot((next) => {
        latest.set(next.name, next);
        meet(next);
        onCluster(next);
        gathering ??= setTimeout(publish, gatherMs);
      });
      publish();
    },
    remove: (name) => {
      places.delete(name);
      latest.delete(name);
      clusters.get(name)?.close();
      clusters.delete(name);
      publish();
    },
    snapshot,
    onSnapshot: (listener) => {
      listeners.add(listener);
      listener(snapshot());
      return () => listeners.delete(listener);
    },
    close: () => {
      clearTimeout(gathering);
      for (const cluster of clusters.values()) cluster.close();
      clusters.clear();
      listeners.clear();
    },
  };
}
