import { randomInt, randomUUID } from 'node:crypto';
import type { CallHandlers, CallOutput } from '../../shared/contract/contract.ts';
import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import type { LagEstimate } from '../../shared/domain/sync-lag.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { CanaryCommands, SyncAgent, TableAgent } from '../agents/agent.ts';
import { halfRoundTrip } from '../probe/lag-burst.ts';
import type { NodeRunner } from '../probe/node-runner.ts';
import type { Audit } from './audit-log.ts';
import { awaitSnapshot } from './await-snapshot.ts';
import { canaryGuard, forbidden } from './canary-guards.ts';
import { awaitCanary, canaryEstimate, spanOf } from './canary-watch.ts';
import type { FailoverPorts } from './ports.ts';
import type { TakeRunLock } from './run-lock.ts';

/** What a canary needs to see of clusters, and how it acts on their nodes. */
export interface CanaryPorts extends Pick<FailoverPorts, 'clock' | 'definition' | 'snapshot' | 'onSnapshot'> {
  readonly agents: (definition: ClusterDefinition) => { table: TableAgent; sync: SyncAgent };
  readonly runner: (cluster: string, node: string) => NodeRunner | undefined;
  /** When a node's cache may be dumped again, whatever it was dumped for; undefined: now. */
  readonly nextDumpAt: (cluster: string, node: string) => number | undefined;
  readonly dumped: (cluster: string, node: string) => void;
  readonly publish: (cluster: string, master: string, node: string, estimate: LagEstimate) => void;
}

export interface Canaries {
  readonly send: CallHandlers['lag.canary'];
  /** Waits until every entry of ours is deleted again. */
  readonly close: () => Promise<void>;
}

type Answer = CallOutput<'lag.canary'>;

/** A command that has just started knows its nodes only after a few readings. */
const usualSettleMs = 15_000;
const deletions = 3;
/** What sudo's rule allows. */
const sourcePorts = [40_000, 60_000] as const;

/** Measures lag with an entry of ours: refused with a reason, or written, seen or not, and in any case deleted again. */
export function createCanaries(
  ports: CanaryPorts,
  audit: Audit,
  takeLock: TakeRunLock,
  settleMs = usualSettleMs,
): Canaries {
  const underWay = new Set<Promise<unknown>>();

  const send: Canaries['send'] = async ({ cluster, node }) => {
    const definition = ports.definition(cluster);
    if (!definition) return refused(`There is no cluster ${cluster} in the inventory.`);
    const never = forbidden(definition, node);
    if (never !== undefined) return refused(never);
    const guard = () => {
      const snapshot = ports.snapshot(cluster);
      return snapshot
        ? canaryGuard(snapshot, node, ports.clock())
        : { refusal: `Nothing is known of ${cluster}.` };
    };
    if ('refusal' in guard()) {
      const allowed = () => ('master' in guard() ? true : undefined);
      await awaitSnapshot(ports, cluster, allowed, settleMs);
    }
    const judged = guard();
    if ('refusal' in judged) return refused(judged.refusal);
    const wait = ports.nextDumpAt(cluster, node);
    if (wait !== undefined) {
      const seconds = Math.ceil((wait - ports.clock()) / 1000);
      return refused(`The cache of ${node} was read less than a minute ago: again in ${seconds} s.`);
    }
    const lock = takeLock(cluster);
    if (!lock.ok) return refused(lock.error);
    try {
      return await measure(definition, judged.master, node);
    } finally {
      lock.value();
    }
  };

  const measure = async (definition: ClusterDefinition, master: string, node: string): Promise<Answer> => {
    const { name: cluster } = definition;
    const [writer, reader] = [ports.runner(cluster, master), ports.runner(cluster, node)];
    const lane = reader?.lane();
    if (!writer || !reader || !lane) return refused(`The session to ${writer ? node : master} is down.`);
    try {
      const oneWay = await halfRoundTrip(lane);
      if (!oneWay.ok) return refused(`${node} cannot be read: ${oneWay.error}`);
      const { table, sync } = ports.agents(definition);
      const canary = table.canary(randomInt(...sourcePorts));
      const log = auditor(audit, cluster, master, writer, canary);
      const intended = await log.intent(canary.insert);
      if (!intended.ok)
        return refused(`Nothing was written, because the audit log cannot be: ${intended.error}`);
      ports.dumped(cluster, node);
      const dump = sync.commands(definition.agent.config).externalDump;
      let removed = false;
      const estimated = await (async (): Promise<
        Result<{ estimate: LagEstimate; reads: number }, string>
      > => {
        try {
          const inserted = await writer.exec(canary.insert);
          const failure = inserted.ok
            ? table.classify(canary.insert, inserted.value, writer.privileged)
            : inserted.error;
          await log.outcome(canary.insert, failure ? 'failed' : 'done', failure?.message ?? canary.entry);
          if (failure || !inserted.ok) return err(failure?.message ?? 'it was not written');
          const sighting = await awaitCanary(lane, dump, sync.classify, canary, oneWay.value, ports.clock);
          const written = spanOf(inserted.value, 0);
          const source = `${writer.line(canary.insert)}; then ${reader.line(dump)} on ${node}`;
          return ok({
            estimate: canaryEstimate(written, sighting, source, ports.clock()),
            reads: sighting.reads,
          });
        } finally {
          removed = await remove(writer, canary, log);
        }
      })();
      if (!estimated.ok) return refused(`The entry could not be written on ${master}: ${estimated.error}`);
      ports.publish(cluster, master, node, estimated.value.estimate);
      return { accepted: true, ...estimated.value, entry: canary.entry, removed };
    } finally {
      lane.close();
    }
  };

  return {
    send: (input) => {
      const sent = send(input);
      underWay.add(sent);
      void sent.finally(() => underWay.delete(sent)).catch(() => undefined);
      return sent;
    },
    close: async () => {
      await Promise.allSettled([...underWay]);
    },
  };
}

/** Deletes the entry even where the audit log fails by now: nothing of ours may stay in a table. */
async function remove(
  writer: NodeRunner,
  canary: CanaryCommands,
  log: ReturnType<typeof auditor>,
): Promise<boolean> {
  await log.intent(canary.remove);
  for (let attempt = 1; attempt <= deletions; attempt += 1) {
    const output = await writer.exec(canary.remove);
    if (!output.ok || !canary.isGone(output.value)) continue;
    await log.outcome(canary.remove, 'done', 'the entry is deleted');
    return true;
  }
  await log.outcome(canary.remove, 'failed', 'the entry could not be deleted, and ends by itself');
  return false;
}

function auditor(audit: Audit, cluster: string, node: string, writer: NodeRunner, canary: CanaryCommands) {
  const about = { cluster, planId: `canary ${randomUUID()}`, node };
  const words = (command: CanaryCommands['insert']) => ({ command: writer.line(command).split(' ') });
  return {
    intent: (command: CanaryCommands['insert']) =>
      audit({ kind: 'intent', ...about, ...words(command), detail: canary.entry }),
    outcome: (command: CanaryCommands['insert'], outcome: string, detail: string) =>
      audit({ kind: 'outcome', ...about, ...words(command), outcome, detail }),
  };
}

const refused = (reason: string): Answer => ({ accepted: false, reason });
