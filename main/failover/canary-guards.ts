import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import type { ClusterSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { isFinished } from '../../shared/domain/failover-run.ts';
import { elapsed } from '../../shared/lib/clock.ts';
import { readingValue } from '../../shared/lib/reading.ts';

/** A bigger cache is not read for the sake of one figure. */
const mostEntries = 5_000;
/** Past this age (ms) a reading says nothing about now. */
const staleMs = 6_500;

/** Why a canary may never be sent here, whatever is read; undefined where it may. */
export function forbidden(definition: ClusterDefinition, node: string): string | undefined {
  const target = definition.nodes.find(({ name }) => name === node);
  if (!target) return `Cluster ${definition.name} has no node ${node}.`;
  if (definition.canary !== true)
    return `The inventory does not allow a canary in ${definition.name}: set canary: true for it.`;
  const reader = definition.nodes.find(({ user, sudo }) => user !== 'root' && !sudo);
  return reader && `The login ${reader.user} on ${reader.name} only reads: a canary needs root or sudo.`;
}

/** Why no canary may be sent as things stand; the master that it would be written on where it may. */
export function canaryGuard(
  snapshot: ClusterSnapshot,
  node: string,
  now: number,
): { readonly master: string } | { readonly refusal: string } {
  const refusal = (text: string) => ({ refusal: text });
  if (snapshot.run && !isFinished(snapshot.run.state))
    return refusal(`A failover of ${snapshot.name} is under way.`);
  const master = snapshot.nodes.find(({ name }) => name === snapshot.master);
  if (!master)
    return refusal(`No node is master of all of ${snapshot.name}: there is nobody to write it on.`);
  if (master.name === node) return refusal(`${node} is the master: lag is a question of its slaves.`);
  const target = snapshot.nodes.find(({ name }) => name === node);
  if (!target) return refusal(`Nothing is known of ${node}.`);
  const unread = notReadable(master, now) ?? notReadable(target, now);
  if (unread !== undefined) return refusal(unread);
  const external = readingValue(target.readings.agent)?.external;
  if (external?.kind !== 'cache')
    return refusal(
      `${node} keeps no external cache (DisableExternalCache): a canary could not be seen there.`,
    );
  const held = external.counters?.active;
  if (held === undefined) return refusal(`How much the external cache of ${node} holds cannot be read.`);
  if (held > mostEntries) {
    return refusal(
      `The external cache of ${node} holds ${held} entries; it is read for a canary up to ${mostEntries} only.`,
    );
  }
  if (target.replication?.phase === 'silent')
    return refusal(`${node} does not hear ${master.name}: a canary would not arrive.`);
  return { master: master.name };
}

function notReadable({ name, reachable, readings }: NodeSnapshot, now: number): string | undefined {
  const { agent } = readings;
  if (!reachable || agent === undefined) return `${name} cannot be read now.`;
  if (!agent.ok) return `The sync agent of ${name} cannot be read: ${agent.failure.message}.`;
  return elapsed(agent.observedAt, now) > staleMs ? `What was read of ${name} is too old.` : undefined;
}
