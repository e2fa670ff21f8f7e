import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { ClusterEvent } from '../../shared/domain/event.ts';

type Id = Pick<ClusterEvent, 'id' | 'at'>;

interface Numbering {
  /** The newest id of the snapshot that was taken. */
  seen: number;
  /** From a snapshot's ids to those that are kept. */
  readonly shift: number;
  newest: Id | undefined;
}

/**
 * Gives a cluster's events ids that stay theirs over restarts. An engine that begins with the kept events goes on from
 * their ids, and nothing changes; one that counts from 1 again is moved past what is kept.
 */
export function eventNumbers(newestKept: (cluster: string) => Id | undefined) {
  const clusters = new Map<string, Numbering>();

  function numberingOf({ name, events }: ClusterSnapshot): Numbering {
    const known = clusters.get(name);
    if (known && (events.at(-1)?.id ?? 0) >= known.seen) return known;
    const newest = known?.newest ?? newestKept(name);
    const goesOn = events.some(({ id, at }) => id === newest?.id && at === newest.at);
    const begun = { seen: goesOn ? (newest?.id ?? 0) : 0, shift: goesOn ? 0 : (newest?.id ?? 0), newest };
    clusters.set(name, begun);
    return begun;
  }

  return {
    /** The events of this snapshot that were not taken yet, with their ids for good. */
    take: (snapshot: ClusterSnapshot): ClusterEvent[] => {
      const numbering = numberingOf(snapshot);
      const taken = snapshot.events
        .filter(({ id }) => id > numbering.seen)
        .map((event) => ({ ...event, id: event.id + numbering.shift }));
      numbering.seen = snapshot.events.at(-1)?.id ?? 0;
      numbering.newest = taken.at(-1) ?? numbering.newest;
      return taken;
    },
    forget: (cluster: string): void => {
      clusters.delete(cluster);
    },
  };
}
