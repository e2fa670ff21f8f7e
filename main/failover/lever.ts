import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import type { NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { TakeoverInstance, TrackFile } from '../../shared/domain/takeover.ts';
import { readingValue } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';

/** One instance that is to move: the weight with which it follows the file, and both priorities as they are now. */
export interface MovingInstance {
  readonly name: string;
  readonly weight: number;
  readonly from: number;
  readonly to: number;
  /** What the takeover engine itself read from the file last, and so has in the priority already. */
  readonly tracked: number;
}

/** The file whose number moves the role: the master's own, to hold it down, or the target's, to release it. */
export interface Lever {
  readonly kind: 'handover-file' | 'release';
  readonly node: string;
  readonly file: string;
  /** What stands in the file now, and what a failed run puts back. */
  readonly previous: number;
  readonly instances: readonly MovingInstance[];
}

/** A lever with the number to write, and the priorities that follow from it. */
export interface LeverMove extends Lever {
  readonly value: number;
  readonly after: readonly { readonly name: string; readonly from: number; readonly to: number }[];
}

/** Takes 100 from a priority with weight 1: more than priorities usually lie apart, and the node stays eligible. */
const usualValue = -100;
/** keepalived turns a tracked sum of −254 into FAULT, and keeps priorities from 1 to 254. 255 never changes. */
const deepestSum = -253;
const addressOwner = 255;
const clamp = (priority: number): number => Math.min(254, Math.max(1, priority));

/** The instances of which a node is master by its own word: those that a failover moves. */
export const heldInstances = (node: NodeSnapshot): TakeoverInstance[] =>
  readingValue(node.readings.takeover)?.instances.filter((instance) => instance.state === 'MASTER') ?? [];

export const instanceOf = (node: NodeSnapshot, name: string): TakeoverInstance | undefined =>
  readingValue(node.readings.takeover)?.instances.find((instance) => instance.name === name);

/** Whether the node's own handover file keeps its priority down. */
export const isHeldDown = (node: NodeSnapshot): boolean =>
  (readingValue(node.readings.handoverFile)?.value ?? 0) < 0;

/**
 * The lever for moving every instance of `from` to `target`; an error is a sentence that says why there is none.
 * A file counts only where the running engine tracks it for each of these instances, with a weight that holds there.
 */
export function findLever(
  definition: ClusterDefinition,
  from: NodeSnapshot,
  target: NodeSnapshot,
): Result<Lever, string> {
  const file = definition.takeover.handoverFile;
  if (file === undefined) return err('The inventory names no handover file for this cluster.');
  const kind = isHeldDown(target) ? 'release' : 'handover-file';
  const holder = kind === 'release' ? target : from;
  const state = readingValue(holder.readings.takeover);
  if (!state?.trackFiles) return err(`The files that keepalived tracks on ${holder.name} could not be read.`);
  const track = state.trackFiles.find((each) => each.file === file);
  if (!track)
    return err(`keepalived on ${holder.name} does not track ${file}: writing it would move nothing.`);
  const content = holder.readings.handoverFile;
  if (!content?.ok) {
    const why = content ? ` (${content.failure.message})` : '';
    return err(`${file} on ${holder.name} could not be read${why}, so it could not be put back.`);
  }
  const previous = content.value.value;
  const moving = heldInstances(from);
  if (moving.length === 0) return err(`${from.name} says that it is MASTER of nothing.`);
  const instances: MovingInstance[] = [];
  for (const held of moving) {
    const facing = instanceOf(target, held.name);
    if (!facing) return err(`${target.name} has no instance ${held.name}.`);
    const weight = weightFor(track, kind === 'release' ? facing : held);
    if (weight === undefined) {
      return err(`${held.name} on ${holder.name} does not follow ${file}: it would stay where it is.`);
    }
    if (weight === 0) {
      return err(
        `${held.name} on ${holder.name} follows ${file} with weight 0: a number in it would put the node into FAULT ` +
          'instead of lowering its priority.',
      );
    }
    if (weight < 0) {
      return err(`${held.name} follows ${file} with weight ${weight}: Handover needs a positive weight.`);
    }
    const priorities = { from: held.effectivePriority, to: facing.effectivePriority };
    instances.push({ name: held.name, weight, ...priorities, tracked: track.status ?? previous });
  }
  return ok({ kind, node: holder.name, file, previous, instances });
}

const weightFor = (track: TrackFile, instance: TakeoverInstance): number | undefined =>
  (
    track.trackedBy.find((each) => each.name === instance.name) ??
    track.trackedBy.find((each) => each.name === instance.syncGroup)
  )?.weight;

/** The number to write so that `target` wins every instance; an error says why none would do. */
export function aimLever(lever: Lever, from: NodeSnapshot, target: NodeSnapshot): Result<LeverMove, string> {
  const value = lever.kind === 'release' ? 0 : depth(lever);
  const after = lever.instances.map(({ name, weight, tracked, ...now }) => {
    const moved = (priority: number) => clamp(priority + weight * (value - tracked));
    return lever.kind === 'release'
      ? { name, from: now.from, to: moved(now.to) }
      : { name, from: moved(now.from), to: now.to };
  });
  const owner = lever.instances.find(({ name }) => instanceOf(from, name)?.basePriority === addressOwner);
  if (owner) {
    return err(
      `${from.name} owns the addresses of ${owner.name} (priority 255), and such a priority cannot be lowered.`,
    );
  }
  const short = after.find((each) => each.to <= each.from);
  if (!short) return ok({ ...lever, value, after });
  const comparison = `${short.name}: ${target.name} would have priority ${short.to} against ${short.from} of ${from.name}`;
  return err(
    lever.kind === 'release'
      ? `Releasing ${target.name} would not be enough. ${comparison}, and only the higher one takes over.`
      : `No number in the file would be enough. ${comparison}, even with ${value} in it.`,
  );
}

/** The usual value; deeper where the target's priority lies further below, never so deep that it means FAULT. */
function depth({ instances }: Lever): number {
  const needed = instances.map(
    ({ weight, from, to, tracked }) => tracked + Math.floor((to - from - 1) / weight),
  );
  const deepest = Math.max(...instances.map(({ weight }) => Math.ceil(deepestSum / weight)));
  return Math.max(deepest, Math.min(usualValue, ...needed));
}
