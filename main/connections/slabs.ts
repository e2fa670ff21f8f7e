/** Pieces gathered on their way to another thread. */
export interface Slabs {
  /** Takes a piece; its memory is gone then. */
  readonly add: (chunk: Uint8Array) => void;
  /** Sends what was gathered so far. */
  readonly flush: () => void;
  /** The slab that was sent first, of those that are under way, is done with: it is filled again. */
  readonly workedOff: () => void;
  /** Sends nothing by itself any more. */
  readonly stop: () => void;
}

const slabBytes = 256 * 2 ** 10;
/** What comes faster than a slab in so long (ms) goes in whole slabs. */
const gatherMs = 10;

/**
 * A channel's pieces are small and often share their memory with others: they are copied together, once, into slabs that
 * both threads see. The same few go to and fro: memory that is had, zeroed, given away and let go for each quarter of a
 * megabyte cost a quarter of what reading a table costs this thread. `enough`: bytes that are sent without waiting for more.
 */
export function slabs(
  send: (bytes: Uint8Array<SharedArrayBuffer>) => void,
  enough: () => number = () => slabBytes,
): Slabs {
  const newSlab = () => new Uint8Array(new SharedArrayBuffer(slabBytes));
  const underWay: Uint8Array<SharedArrayBuffer>[] = [];
  const idle: Uint8Array<SharedArrayBuffer>[] = [];
  let slab = newSlab();
  let filled = 0;
  let flushing: NodeJS.Timeout | undefined;

  const stop = () => {
    clearTimeout(flushing);
    flushing = undefined;
  };
  const flush = () => {
    stop();
    if (filled === 0) return;
    const bytes = slab.subarray(0, filled);
    underWay.push(slab);
    // the one that was done with longest ago: the other processor has let go of it
    slab = idle.shift() ?? newSlab();
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
        if (filled >= Math.min(slabBytes, enough())) flush();
      }
      letGo(chunk);
      if (filled > 0) flushing ??= setTimeout(flush, gatherMs);
    },
    flush,
    workedOff: () => {
      const done = underWay.shift();
      if (done) idle.push(done);
    },
    stop,
  };
}

/** What a packet of SSH has around the bytes that it carries, and more. */
const mostAround = 512;

/**
 * Gives the memory of a piece back now, unless others have theirs in it, as in Node's pool. A packet is decrypted into memory
 * of its own beside V8's heap: left to the collector, 32 MB of it heap up, and then the whole heap is marked for them,
 * seven times a million rows.
 */
function letGo({ buffer, length }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength - length <= mostAround) buffer.transfer(0);
}
