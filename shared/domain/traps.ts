import { elapsed } from '../lib/clock.ts';
import type { ClusterInput, ClusterState } from './cluster-state.ts';
import type { Trap } from './trap.ts';
import { lostMessages, threeNodesFtfw } from './trap-cluster.ts';
import { externalCacheOff, hashLimit, internalCacheOff, startupResync } from './trap-config.ts';
import { hookNotExecutable, kernelEvents, staleLock } from './trap-node.ts';
import { sharedGroup } from './trap-shared-group.ts';

const ofNodes = [
  staleLock,
  hookNotExecutable,
  externalCacheOff,
  internalCacheOff,
  kernelEvents,
  hashLimit,
  startupResync,
];

/** Every known trap that is there, may be there, or cannot be ruled out; those that are known not to be there are left out. */
export function assessTraps({ snapshot, nodes, elsewhere }: ClusterState): Trap[] {
  const samplesOf = (name: string) => nodes[name]?.samples ?? [];
  const found = [
    ...threeNodesFtfw(snapshot.nodes),
    ...sharedGroup(snapshot, samplesOf, elsewhere),
    ...ofNodes.flatMap((check) => snapshot.nodes.flatMap((node) => check(node) ?? [])),
    ...lostMessages(snapshot.nodes),
  ];
  const order = { present: 0, possible: 1, unknown: 2 };
  return found.sort((a, b) => order[a.state] - order[b.state]);
}

/** Traps move slowly, and to look for all of them is the dearest part of a judgement. */
const everyMs = 5_000;

/** Whether it tells what traps rest on: they are looked for at once. */
export const bearsOnTraps = (input: ClusterInput): boolean =>
  input.kind === 'elsewhere' || (input.kind === 'readings' && input.readings.syncSetup !== undefined);

export const areTrapsDue = ({ trapsAt }: Pick<ClusterState, 'trapsAt'>, now: number): boolean =>
  trapsAt === undefined || elapsed(trapsAt, now) >= everyMs;
