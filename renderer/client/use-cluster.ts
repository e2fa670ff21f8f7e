import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { useConsole } from './store.ts';

/** The cluster that the current route names, as it stands in the newest snapshot. */
export const useCluster = (): ClusterSnapshot | undefined =>
  useConsole(({ fleet, route }) =>
    'cluster' in route ? fleet?.clusters.find((cluster) => cluster.name === route.cluster) : undefined,
  );
