/** The product's own watch over the lab, whose slaves are sampled as often as told. */
import { agentsOf } from '../../main/cluster/cluster-agents.ts';
import { type ClusterWatch, watchCluster } from '../../main/cluster/cluster-watch.ts';
import { burstGate } from '../../main/cluster/lag-schedule.ts';
import { pollPace } from '../../main/cluster/poll-pace.ts';
import { loadInventory } from '../../main/inventory/load.ts';
import { sessionPool } from '../../main/transport/pool.ts';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { LagEstimate, LagMethod } from '../../shared/domain/sync-lag.ts';
import { until } from './shell.ts';

export interface LagWatch {
  readonly watch: ClusterWatch;
  /** The first snapshot that matches; a wait that fails says what was last estimated. */
  readonly until: (what: string, holds: (snapshot: ClusterSnapshot) => boolean, ms: number) => Promise<void>;
  /** The newest estimate of a slave's lag by this method, if it is younger than `since` (ms, our clock). */
  readonly estimate: (node: string, method: LagMethod, since?: number) => LagEstimate | undefined;
  readonly close: () => void;
}

export function watchLag(inventory: string, everyMs: number): LagWatch {
  const loaded = loadInventory(inventory);
  const definition = loaded.ok ? loaded.value[0] : undefined;
  if (!definition) throw new Error(`no cluster in ${inventory}`);
  const pool = sessionPool({ connectTimeoutMs: 5_000 });
  const watch = watchCluster(
    definition,
    agentsOf(definition),
    ({ sudo: _, identityFile = '', ...node }) => pool.open({ ...node, identityFile }),
    Date.now,
    () => pollPace(definition.nodes.length),
    0,
    [],
    undefined,
    burstGate(1, everyMs),
  );
  const replication = (node: string) => watch.snapshot().nodes.find(({ name }) => name === node)?.replication;
  return {
    watch,
    until: async (what, holds, ms) => {
      await until(what, () => (holds(watch.snapshot()) ? true : undefined), ms).catch((error: Error) => {
        const estimates = definition.nodes.map(({ name }) => replication(name)?.lagEstimates);
        throw new Error(`${error.message}; estimates: ${JSON.stringify(estimates)}`);
      });
    },
    estimate: (node, method, since = 0) =>
      replication(node)?.lagEstimates?.find((each) => each.method === method && each.observedAt >= since),
    close: () => {
      watch.close();
      pool.closeAll();
    },
  };
}
