import type { Flow } from './traffic.ts';

/** One of conntrackd's two caches. Always: held = created − destroyed; a flush counts as destroyed. */
export interface Cache {
  readonly held: ReadonlyMap<number, CacheEntry>;
  readonly created: number;
  readonly updated: number;
  readonly destroyed: number;
  /** Adds, or updates what is held already. */
  readonly put: (flow: Flow, at: number) => void;
  /** Updates what is held; false where it is not. */
  readonly update: (flow: Flow) => boolean;
  readonly remove: (flow: Flow) => boolean;
  readonly flush: () => void;
}

export interface CacheEntry {
  readonly flow: Flow;
  readonly since: number;
}

export function createCache(): Cache {
  const held = new Map<number, CacheEntry>();
  let [created, updated, destroyed] = [0, 0, 0];
  const update = (flow: Flow) => {
    if (held.has(flow.id)) updated++;
    return held.has(flow.id);
  };
  return {
    held,
    get created() {
      return created;
    },
    get updated() {
      return updated;
    },
    get destroyed() {
      return destroyed;
    },
    update,
    put: (flow, at) => {
      if (update(flow)) return;
      held.set(flow.id, { flow, since: at });
      created++;
    },
    remove: (flow) => {
      const known = held.delete(flow.id);
      if (known) destroyed++;
      return known;
    },
    flush: () => {
      destroyed += held.size;
      held.clear();
    },
  };
}
