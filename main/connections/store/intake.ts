import { slabs } from '../slabs.ts';
import { inFlightBytes } from './in-flight.ts';
import type { ToWorker } from './messages.ts';
import type { DumpEnd, Intake } from './table-store.ts';

/** A dump whose bytes are on their way to the worker. */
export interface Posted {
  /** The earliest piece under way was worked off. */
  readonly taken: (entries: number) => void;
  readonly lost: (error: Error) => void;
}

export interface Line {
  readonly post: (message: ToWorker, transfer?: ArrayBuffer[]) => void;
  readonly ask: <T>(message: (id: number) => ToWorker) => Promise<T>;
  /** The dumps under way, by their number: what comes back is told to them. */
  readonly dumps: Map<number, Posted>;
}

/** Carries a dump to the worker, in pieces that it owns from then on. */
export function intakeOf(dump: number, { post, ask, dumps }: Line): Intake {
  const inFlight = inFlightBytes();
  let entries = 0;
  let broken: Error | undefined;
  let ended = false;
  let waiting: PromiseWithResolvers<void> | undefined;

  const go = () => {
    waiting?.resolve();
    waiting = undefined;
  };
  dumps.set(dump, {
    taken: (soFar) => {
      inFlight.workedOff();
      workedOff();
      entries = soFar;
      if (inFlight.hasRoom()) go();
    },
    lost: (error) => {
      broken = error;
      waiting?.reject(error);
      waiting = undefined;
    },
  });
  const { add, flush, workedOff, stop } = slabs((bytes) => {
    if (broken) return;
    inFlight.sent(bytes.length);
    post({ kind: 'chunk', dump, bytes });
  }, inFlight.bound);
  const finish = () => {
    ended = true;
    stop();
    dumps.delete(dump);
    go();
  };

  return {
    write: (chunk) => {
      if (ended) return undefined;
      if (broken) return Promise.reject(broken);
      add(chunk);
      if (!inFlight.isFull()) return undefined;
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
