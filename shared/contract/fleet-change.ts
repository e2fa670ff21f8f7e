import * as z from 'zod/mini';
import { ClusterSnapshot, type FleetSnapshot } from '../domain/cluster-snapshot.ts';
import { Difference, differenceOf, withDifference } from '../lib/difference.ts';

/**
 * A fleet as it travels: of each cluster only what is not as this console was sent it last. Whole, a hundred clusters
 * would be megabytes a second, most of it the same as the second before. `order`: all names, so that a cluster which is
 * gone or missing is seen to be.
 */
export const FleetChange = z.object({
  revision: z.number(),
  order: z.array(z.string()),
  clusters: z.array(z.object({ name: z.string(), change: Difference })),
  notices: z.optional(z.array(z.string())),
});
export type FleetChange = z.infer<typeof FleetChange>;

/**
 * One subscription's sender: what differs from what it was called with last; at first, everything. Throws the ZodError
 * of a cluster that breaks the contract.
 */
export function fleetSender(): (fleet: FleetSnapshot) => FleetChange {
  let sent = new Map<string, { snapshot: ClusterSnapshot; travelled: ClusterSnapshot }>();
  return ({ clusters, ...rest }) => {
    const now: typeof sent = new Map();
    const changed: FleetChange['clusters'] = [];
    for (const snapshot of clusters) {
      const { name } = snapshot;
      const before = sent.get(name);
      const travelled = before?.snapshot === snapshot ? before.travelled : fitForTravel(snapshot);
      const change = before === undefined ? { put: travelled } : differenceOf(before.travelled, travelled);
      if (change !== undefined) changed.push({ name, change });
      now.set(name, { snapshot, travelled });
    }
    sent = now;
    return { ...rest, order: clusters.map(({ name }) => name), clusters: changed };
  };
}

/** Checked, and without whatever the schema does not name; once, however many consoles there are. */
function fitForTravel(snapshot: ClusterSnapshot): ClusterSnapshot {
  const fit = checked.get(snapshot) ?? z.parse(ClusterSnapshot, snapshot);
  checked.set(snapshot, fit);
  return fit;
}
const checked = new WeakMap<ClusterSnapshot, ClusterSnapshot>();

/** The console's end of one subscription. Undefined: a cluster was never sent, which is a defect of the sender. */
export function fleetReceiver(): (change: FleetChange) => FleetSnapshot | undefined {
  const known = new Map<string, ClusterSnapshot>();
  return ({ order, clusters, ...rest }) => {
    for (const { name, change } of clusters) {
      const before = known.get(name);
      if ('put' in change) known.set(name, z.parse(ClusterSnapshot, change.put));
      // what was checked whole stays so under changes that were taken from what was checked
      else if (before !== undefined) known.set(name, withDifference(before, change) as ClusterSnapshot);
      else return undefined;
    }
    for (const name of known.keys()) if (!order.includes(name)) known.delete(name);
    const whole = order.flatMap((name) => known.get(name) ?? []);
    return whole.length === order.length ? { ...rest, clusters: whole } : undefined;
  };
}
