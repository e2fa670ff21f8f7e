import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { formatSpan } from '../../shared/domain/format.ts';
import type { Engine } from '../engine.ts';
import type { Io } from './command.ts';

/** How long (ms) at most to wait for all nodes to be read before the tables are compared. */
const readMs = 15_000;

/**
 * Compares the slaves of a cluster with their master, waiting for the minute between two readings of a cache where it has
 * to. Says what stands in the way; true: the engine has the report. An interrupt calls it off.
 */
export async function compareSlaves(
  engine: Engine,
  cluster: string,
  command: string,
  io: Io,
): Promise<boolean> {
  await nodesRead(engine);
  const cancel = () => void engine.handlers['coverage.cancel']({ cluster });
  for (;;) {
    process.once('SIGINT', cancel);
    const answer = await engine.handlers['coverage.compare']({ cluster }).finally(() =>
      process.off('SIGINT', cancel),
    );
    if (answer.accepted) return true;
    io.stderr.write(`handover ${command}: ${answer.reason}\n`);
    if (answer.retryAt === undefined) return false;
    const wait = Math.max(0, answer.retryAt - Date.now());
    io.stderr.write(`handover ${command}: waits ${formatSpan(Math.ceil(wait / 1000))} for that\n`);
    await delay(wait);
  }
}

/** Resolves once the master is known and each node was read or could not be, at the latest at the deadline. */
function nodesRead(engine: Engine): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      queueMicrotask(() => unsubscribe());
      resolve();
    };
    const timer = setTimeout(finish, readMs);
    const unsubscribe = engine.subscribe('fleet', ({ clusters }) => {
      if (clusters.every(isRead)) finish();
    });
  });
}

const isRead = ({ master, nodes }: ClusterSnapshot): boolean =>
  master !== null &&
  nodes.every(({ readings, failure }) => readings.agent !== undefined || failure !== undefined);
