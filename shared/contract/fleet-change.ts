import * as z from 'zod/mini';
import { ClusterSnapshot, type FleetSnapshot } from '../domain/cluster-snapshot.ts';

/**
 * A fleet as it travels: only the clusters that this console has not been sent as they are now. A hundred clusters
 * would otherwise travel whole each time that one of them is read. `order`: all names, so that a cluster which is gone
 * or missing is seen to be.
 */
export const FleetChange = z.object({
  revision: z.number(),
  order: z.array(z.string()),
  clusters: z.array(ClusterSnapshot),
  notices: z.optional(z.array(z.string())),
});
export type FleetChange = z.infer<typeof FleetChange>;

/** One subscription's sender: what differs from what it was called with last, by identity; at first, everything. */
export function fleetSender(): (fleet: FleetSnapshot) => FleetChange {
  let sent = new Map<string, ClusterSnapshot>();
  return ({ clusters, ...rest }) => {
    const changed = clusters.filter((cluster) => sent.get(cluster.name) !== cluster);
    sent = new Map(clusters.map((cluster) => [cluster.name, cluster]));
    return { ...rest, order: clusters.map(({ name }) => name), clusters: changed };
  };
}

/** The console's end of one subscription. Undefined: a cluster was never sent, which is a defect of the sender. */
export function fleetReceiver(): (change: FleetChange) => FleetSnapshot | undefined {
  const known = new Map<string, ClusterSnapshot>();
  return ({ order, clusters, ...rest }) => {
    for (const cluster of clusters) known.set(cluster.name, cluster);
    for (const name of known.keys()) if (!order.includes(name)) known.delete(name);
    const whole = order.flatMap((name) => known.get(name) ?? []);
    return whole.length === order.length ? { ...rest, clusters: whole } : undefined;
  };
}
