import type { ToWorker } from './messages.ts';
import type { DumpEnd, Intake } from './table-store.ts';

/** A dump whose bytes are on their way to the worker. */
export interface Posted {
  readonly taken: (bytes: number, entries: number) => void;
  readonly lost: (error: Error) => void;
}

export interface Line {
  readonly post: (message: ToWorker, transfer?: ArrayBuffer[]) => void;
  readonly ask: <T>(message: (id: number) => ToWorker) => Promise<T>;
  /** The dumps under way, by their number: what comes back is told to them. */
  readonly dumps: Map<number, Posted>;
}

/** Bytes that the worker may be behind. */
const mostInFlight = 8 * 2 ** 20;
/** Once it is so far behind only, who waits is let go on. */
const enoughWorkedOff = 4 * 2 ** 20;
/** Pieces are gathered up to this size: a channel's are small, and often share their memory with others. */
const slabBytes = 256 * 2 ** 10;

/** Carries a dump to the worker, in pieces that it owns from then on. */
export function intakeOf(dump: number, { post, ask, dumps }: Line): Intake {
  let slab = new Uint8Array(slabBytes);
  let filled = 0;
  let flushing: NodeJS.Immediate | undefined;
  let inFlight = 0;
  let entries = 0;
  let broken: Error | undefined;
  let ended = false;
  let waiting: PromiseWithResolvers<void> | undefined;

  const go = () => {
    waiting?.resolve();
    waiting = undefined;
  };
  dumps.set(dump, {
    taken: (bytes, soFar) => {
      inFlight -= bytes;
      entries = soFar;
      if (inFlight <= enoughWorkedOff) go();
    },
    lost: (error) => {
      broken = error;
      waiting?.reject(error);
      waiting = undefined;
    },
  });
  const flush = () => {
    clearImmediate(flushing);
    flushing = undefined;
    if (filled === 0 || broken) return;
    const bytes = slab.subarray(0, filled);
    inFlight += filled;
    post({ kind: 'chunk', dump, bytes }, [slab.buffer]);
    slab = new Uint8Array(slabBytes);
    filled = 0;
  };
  const add = (chunk: Uint8Array) => {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + slabBytes - filled);
      slab.set(piece, filled);
      filled += piece.length;
      at += piece.length;
      if (filled === slabBytes) flush();
    }
    // what came in one turn of the loop goes together
    if (filled > 0) flushing ??= setImmediate(flush);
  };
  const finish = () => {
    ended = true;
    clearImmediate(flushing);
    dumps.delete(dump);
    go();
  };

  return {
    write: (chunk) => {
      if (ended) return undefined;
      if (broken) return Promise.reject(broken);
      add(chunk);
      if (inFlight <= mostInFlight) return undefined;
      waiting ??= Promise.withResolvers();
      return waiting.promise;
    },
    entries: () => entries,
    end: async () => {
      if (broken) throw broken;
      flush();
      try {
        return await ask<DumpEnd>((id) => ({ kind: 'end', dump, id }));
      } finally {
        finish();
      }
    },
    abort: (keep) => {
      if (ended) return;
      if (keep) flush();
      finish();
      if (!broken) post({ kind: 'abort', dump, keep });
    },
  };
}
