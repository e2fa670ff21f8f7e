import type { ClusterWatch } from '../cluster/cluster-watch.ts';
import type { Fleet } from '../cluster/fleet.ts';
import type { Audit } from '../failover/audit-log.ts';

const followersOf = (watch: ClusterWatch | undefined) =>
  watch?.definition.nodes.flatMap(({ name }) => watch.probe(name)?.logs ?? []) ?? [];

export const logsOf = (watch: ClusterWatch | undefined) =>
  watch && {
    logs: followersOf(watch).flatMap((logs) => logs.states()),
    clocks: followersOf(watch).map((logs) => logs.clock()),
  };

/** What is done from here moves something on the nodes: their logs are looked at at once, to tell what came after. */
export const watchedAudit =
  (audit: Audit, fleet: Fleet): Audit =>
  (entry) => {
    for (const logs of followersOf(fleet.get(entry.cluster))) logs.lookNow();
    return audit(entry);
  };
