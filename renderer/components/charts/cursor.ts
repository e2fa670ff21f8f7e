import { useSyncExternalStore } from 'react';

/** The one cursor of charts that stand together: a moment (ms since the epoch), or nowhere. */
export interface Cursor {
  readonly get: () => number | undefined;
  readonly set: (at: number | undefined) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Outside of React's state, so that moving it draws only what follows it. */
export function createCursor(): Cursor {
  const listeners = new Set<() => void>();
  let at: number | undefined;
  return {
    get: () => at,
    set: (next) => {
      if (next === at) return;
      at = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const useCursor = (cursor: Cursor): number | undefined =>
  useSyncExternalStore(cursor.subscribe, cursor.get);
