import { Worker } from 'node:worker_threads';
import type { Answer, Question, Questions } from './messages.ts';

/** One comparison in a thread of its own, which holds what it found until it is closed. */
export interface Comparison {
  /** Fails where the thread ended, by {@link Comparison.close} or by itself. What is in `transfer` is given away. */
  readonly ask: <Name extends keyof Questions>(
    name: Name,
    query: Questions[Name]['query'],
    transfer?: ArrayBuffer[],
  ) => Promise<Questions[Name]['answer']>;
  readonly close: () => void;
}

/** The thread's file: TypeScript when this is run as it is, a file of the bundle when it was built. */
const workerFile = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('./worker.ts', import.meta.url)
    : new URL(
        import.meta.url.includes('/chunks/') ? '../coverage-worker.js' : './coverage-worker.js',
        import.meta.url,
      );

/** Starts the thread. It never keeps the process alive but while it is asked something. */
export function startComparison(): Comparison {
  const worker = new Worker(workerFile());
  worker.unref();
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  let ids = 0;
  let ended: Error | undefined;
  const lose = (reason: string) => {
    ended ??= new Error(reason);
    for (const { reject } of pending.values()) reject(ended);
    pending.clear();
  };
  worker.on('message', ({ id, value, problem }: Answer) => {
    const waiting = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    if (problem === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(problem));
  });
  worker.on('error', (error) => lose(`The comparison broke off: ${error.message}.`));
  worker.on('exit', () => lose('The comparison was ended.'));
  return {
    ask: (name, query, transfer = []) => {
      const waiting = Promise.withResolvers<unknown>();
      // a comparison that is called off leaves questions behind whose answers nobody waits for
      waiting.promise.catch(() => undefined);
      if (ended) waiting.reject(ended);
      else {
        ids += 1;
        pending.set(ids, waiting);
        worker.ref();
        worker.postMessage({ id: ids, name, query } as Question, transfer);
      }
      return waiting.promise as Promise<Questions[typeof name]['answer']>;
    },
    close: () => {
      lose('The comparison was ended.');
      void worker.terminate();
    },
  };
}
