/** Pieces gathered on their way to another thread. */
export interface Slabs {
  readonly add: (chunk: Uint8Array) => void;
  /** Sends what was gathered so far. */
  readonly flush: () => void;
  /** Sends nothing by itself any more. */
  readonly stop: () => void;
}

const slabBytes = 256 * 2 ** 10;

/**
 * A channel's pieces are small and often share their memory with others: they are copied together, once, into slabs that
 * `send` may give away.
 */
export function slabs(send: (bytes: Uint8Array<ArrayBuffer>) => void): Slabs {
  let slab = new Uint8Array(slabBytes);
  let filled = 0;
  let flushing: NodeJS.Immediate | undefined;

  const stop = () => {
    clearImmediate(flushing);
    flushing = undefined;
  };
  const flush = () => {
    stop();
    if (filled === 0) return;
    const bytes = slab.subarray(0, filled);
    slab = new Uint8Array(slabBytes);
    filled = 0;
    send(bytes);
  };
  return {
    add: (chunk) => {
      for (let at = 0; at < chunk.length; ) {
        const piece = chunk.subarray(at, at + slabBytes - filled);
        slab.set(piece, filled);
        filled += piece.length;
        at += piece.length;
        if (filled === slabBytes) flush();
      }
      // what came in one turn of the loop goes together
      if (filled > 0) flushing ??= setImmediate(flush);
    },
    flush,
    stop,
  };
}
