import { setTimeout as delay } from 'node:timers/promises';
import type { CallOutput } from '../../shared/contract/contract.ts';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { formatSpan } from '../../shared/domain/format.ts';
import type { Engine } from '../engine.ts';
import type { Io } from './command.ts';

/** How long (ms) at most to wait for all nodes to be read before the tables are compared. */
const readMs = 15_000;

/** What is compared, and how it is called off. */
export interface Comparing {
  /** Who is master has to be known before. */
  readonly byRole: boolean;
  readonly compare: () => Promise<CallOutput<'coverage.compare'>>;
  readonly cancel: () => Promise<unknown>;
}

/** Compares the slaves of a cluster with their master. */
export const compareSlaves = (engine: Engine, cluster: string, command: string, io: Io): Promise<boolean> =>
  compareTables(engine, slavesOf(engine, cluster), command, io);

const slavesOf = ({ handlers }: Engine, cluster: string): Comparing => ({
  byRole: true,
  compare: () => handlers['coverage.compare']({ cluster }),
  cancel: () => handlers['coverage.cancel']({ cluster }),
});

/**
 * Compares once the nodes were read, waiting for the minute between two readings of a cache where it has to. Says what
 * stands in the way; true: the engine has the report. An interrupt calls it off.
 */
export async function compareTables(
  engine: Engine,
  comparing: Comparing,
  command: string,
  io: Io,
): Promise<boolean> {
  await nodesRead(engine, comparing.byRole);
  const cancel = () => void comparing.cancel();
  for (;;) {
    process.once('SIGINT', cancel);
    const answer = await comparing.compare().finally(() => process.off('SIGINT', cancel));
    if (answer.accepted) return true;
    io.stderr.write(`handover ${command}: ${answer.reason}\n`);
    if (answer.retryAt === undefined) return false;
    const wait = Math.max(0, answer.retryAt - Date.now());
    io.stderr.write(`handover ${command}: waits ${formatSpan(Math.ceil(wait / 1000))} for that\n`);
    await delay(wait);
  }
}

/** Resolves once the master is known, where it matters, and each node was read or could not be, at the latest at the deadline. */
function nodesRead(engine: Engine, byRole: boolean): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      queueMicrotask(() => unsubscribe());
      resolve();
    };
    const timer = setTimeout(finish, readMs);
    const unsubscribe = engine.subscribe('fleet', ({ clusters }) => {
      if (clusters.every((cluster) => isRead(cluster, byRole))) finish();
    });
  });
}

const isRead = ({ master, nodes }: ClusterSnapshot, byRole: boolean): boolean =>
  (master !== null || !byRole) &&
  nodes.every(({ readings, failure }) => readings.agent !== undefined || failure !== undefined);
