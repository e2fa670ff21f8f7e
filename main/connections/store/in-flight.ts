/** How many bytes the worker may be behind with a dump. */
export interface InFlight {
  readonly sent: (bytes: number) => void;
  /** The piece that was sent first, of those that are under way, is worked off. */
  readonly workedOff: () => void;
  /** So many may be under way; a piece need not be larger. */
  readonly bound: () => number;
  readonly isFull: () => boolean;
  /** So much is worked off that who waits is let go on. */
  readonly hasRoom: () => boolean;
}

/** A question to the worker waits behind the pieces that were sent before it: about so long (ms) at most. */
const longestWaitMs = 30;
const [atFirst, least, most] = [2 ** 15, 2 ** 19, 2 ** 23];

/**
 * The bound follows what the worker works off: it grows with each piece that was done with in time, and is halved with each
 * that was not. It begins small, because a worker that has just begun is many times slower than it will be once its code is
 * compiled, and it is then that the first rows are asked of it.
 */
export function inFlightBytes(now: () => number = () => performance.now()): InFlight {
  const pieces: { readonly bytes: number; readonly at: number }[] = [];
  let behind = 0;
  let bound = atFirst;
  return {
    sent: (bytes) => {
      pieces.push({ bytes, at: now() });
      behind += bytes;
    },
    workedOff: () => {
      const piece = pieces.shift();
      if (!piece) return;
      behind -= piece.bytes;
      const isLate = now() - piece.at > longestWaitMs;
      bound = isLate ? Math.max(Math.min(bound, least), bound / 2) : Math.min(most, bound + piece.bytes);
    },
    bound: () => bound,
    isFull: () => behind > bound,
    hasRoom: () => behind <= bound / 2,
  };
}
