import { Worker } from 'node:worker_threads';
import { intakeOf, type Posted } from './intake.ts';
import type { FromWorker, Questions, ToWorker, WorkerStart } from './messages.ts';
import { buffersOf } from './replicas.ts';
import type { StoredTable, TableStore } from './table-store.ts';

/** The worker's file: this one is TypeScript when it is run as it is, and a piece of a bundle when it was built. */
const workerFile = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('./worker.ts', import.meta.url)
    : new URL(
        import.meta.url.includes('/chunks/') ? '../table-worker.js' : './table-worker.js',
        import.meta.url,
      );

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Opens the worker of the tables when it is first needed. One that stops by itself fails all that waits for it, and the
 * next question starts another, whose tables are unread. It never keeps the process alive.
 */
export function openTableStore(file: URL = workerFile()): TableStore {
  let worker: Worker | undefined;
  let ids = 0;
  let revision = 0;
  const pending = new Map<number, Pending>();
  const dumps = new Map<number, Posted>();

  const take = (message: FromWorker) => {
    if (message.kind === 'taken') {
      dumps.get(message.dump)?.taken(message.entries);
      return;
    }
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    release();
    if (message.kind === 'failed') return waiting?.reject(new Error(message.message));
    if ('revision' in message.value) revision = Math.max(revision, message.value.revision);
    waiting?.resolve(message.value as never);
  };
  const lose = (lost: Worker, reason: string) => {
    if (worker !== lost) return;
    worker = undefined;
    const error = new Error(`The tables were lost, and must be read again: ${reason}.`);
    for (const { reject } of pending.values()) reject(error);
    for (const dump of dumps.values()) dump.lost(error);
    pending.clear();
    dumps.clear();
  };
  const started = (): Worker => {
    if (worker) return worker;
    const workerData: WorkerStart = { revision };
    const next = new Worker(file, { workerData });
    next.on('message', take);
    next.on('error', (error) => lose(next, error.message));
    next.on('exit', (code) => lose(next, `their thread ended with ${code}`));
    next.unref();
    worker = next;
    return next;
  };
  const post = (message: ToWorker, transfer: ArrayBuffer[] = []) => started().postMessage(message, transfer);
  /** Only what somebody waits for holds the process. */
  const release = () => {
    if (pending.size === 0) worker?.unref();
  };
  const ask = <T>(message: (id: number) => ToWorker): Promise<T> => {
    ids += 1;
    const id = ids;
    return new Promise<T>((resolve, reject) => {
      pending.set(id, { resolve, reject });
      post(message(id));
      worker?.ref();
    });
  };

  const table = (key: string): StoredTable => {
    const question =
      <Name extends keyof Questions>(name: Name) =>
      (query: Questions[Name]['query']) =>
        ask<Questions[Name]['answer']>((id) => ({
          kind: 'ask',
          id,
          key,
          question: { name, query } as Extract<ToWorker, { kind: 'ask' }>['question'],
        }));
    return {
      begin: (form) => {
        ids += 1;
        const dump = ids;
        post({ kind: 'begin', dump, key, form });
        return intakeOf(dump, { post, ask, dumps });
      },
      mark: (marks) => post({ kind: 'mark', key, marks }, buffersOf(marks)),
      follow: question('follow'),
      page: question('page'),
      groups: question('groups'),
      export: question('export'),
    };
  };

  return {
    table,
    forget: (key) => {
      if (worker) post({ kind: 'forget', key });
    },
    close: async () => {
      const last = worker;
      if (!last) return;
      lose(last, 'the console was closed');
      await last.terminate();
    },
  };
}
