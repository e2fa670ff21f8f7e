import { useMemo } from 'react';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { asLastKnown } from '../../shared/domain/last-known.ts';
import { useConsole } from './store.ts';

/** The clusters as they may be shown: while the engine is away they turn into what was last known. */
export function useClusters(): readonly ClusterSnapshot[] {
  const clusters = useConsole((state) => state.fleet?.clusters ?? none);
  const lostAt = useConsole((state) => (state.connected ? undefined : state.now));
  return useMemo(
    () => (lostAt === undefined ? clusters : clusters.map((cluster) => asLastKnown(cluster, lostAt))),
    [clusters, lostAt],
  );
}

const none: never[] = [];

/** The cluster that the current route names. */
export function useCluster(): ClusterSnapshot | undefined {
  const name = useConsole(({ route }) => ('cluster' in route ? route.cluster : undefined));
  return useClusters().find((cluster) => cluster.name === name);
}
