import { createGunzip, type Gunzip } from 'node:zlib';
import type { FromWorker, Question, ToWorker } from './messages.ts';
import { openTable, type Table, type TableDump } from './table.ts';
import type { DumpForm } from './table-store.ts';

/** All tables of a worker. */
export interface WorkerTables {
  readonly take: (message: ToWorker) => void;
}

/** A table that was left alone for so long (ms) lets go of what it keeps only to be quick. */
const restMs = 10_000;

/** Bytes that may be packed. `end` calls back when all of them were worked off. */
interface Feed {
  readonly write: (bytes: Uint8Array, taken: () => void) => void;
  readonly end: (ended: (problem?: string) => void) => void;
  readonly close: () => void;
}

export function workerTables(revision: number, send: (message: FromWorker) => void): WorkerTables {
  let last = revision;
  const nextRevision = () => {
    last += 1;
    return last;
  };
  const tables = new Map<string, Table>();
  const dumps = new Map<number, { readonly dump: TableDump; readonly feed: Feed }>();
  const tableOf = (key: string): Table => {
    const table = tables.get(key) ?? openTable(nextRevision);
    tables.set(key, table);
    return table;
  };

  let idle: NodeJS.Timeout | undefined;
  const stayAwake = () => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      for (const table of tables.values()) table.rest();
    }, restMs);
  };

  const answer = (id: number, work: () => Extract<FromWorker, { kind: 'answer' }>['value']) => {
    try {
      send({ kind: 'answer', id, value: work() });
    } catch (error) {
      send({ kind: 'failed', id, message: messageOf(error) });
    }
  };

  return {
    take: (message) => {
      stayAwake();
      switch (message.kind) {
        case 'ask':
          return answer(message.id, () => ask(tableOf(message.key), message.question));
        case 'begin': {
          const dump = tableOf(message.key).begin(message.form);
          dumps.set(message.dump, { dump, feed: feedOf(dump, message.form) });
          return;
        }
        case 'chunk': {
          const { dump, feed } = known(dumps, message.dump);
          feed.write(message.bytes, () =>
            send({ kind: 'taken', dump: message.dump, entries: dump.entries() }),
          );
          return;
        }
        case 'end': {
          const { dump, feed } = known(dumps, message.dump);
          feed.end((problem) => {
            dumps.delete(message.dump);
            answer(message.id, () => dump.end(problem));
          });
          return;
        }
        case 'abort': {
          const aborted = dumps.get(message.dump);
          aborted?.feed.close();
          aborted?.dump.abort(message.keep);
          dumps.delete(message.dump);
          return;
        }
        case 'mark':
          return tableOf(message.key).mark(message.marks);
        case 'forget':
          tables.delete(message.key);
      }
    },
  };
}

function ask(table: Table, question: Question) {
  switch (question.name) {
    case 'page':
      return table.page(question.query);
    case 'groups':
      return table.groups(question.query);
    case 'export':
      return table.export(question.query);
    case 'follow':
      return table.follow(question.query.lines, question.query.at);
  }
}

function known<T>(dumps: ReadonlyMap<number, T>, dump: number): T {
  const found = dumps.get(dump);
  if (!found) throw new Error(`no dump ${dump} was begun`);
  return found;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function feedOf(dump: TableDump, { gzip = false }: DumpForm): Feed {
  if (gzip) return packedFeed(dump, createGunzip());
  return {
    write: (bytes, taken) => {
      dump.write(bytes);
      taken();
    },
    end: (ended) => ended(),
    close: () => undefined,
  };
}

/** A broken stream is no reason to stop reading it: what follows is let go, and the end says what was wrong. */
function packedFeed(dump: TableDump, gunzip: Gunzip): Feed {
  let problem: string | undefined;
  gunzip.on('data', (bytes: Uint8Array) => dump.write(bytes));
  gunzip.on('error', (error) => {
    problem = `it cannot be unpacked: ${error.message}`;
  });
  return {
    write: (bytes, taken) => {
      if (gunzip.destroyed) taken();
      else gunzip.write(bytes, () => taken());
    },
    end: (ended) => {
      if (gunzip.closed) return ended(problem);
      gunzip.once('close', () => ended(problem));
      if (!gunzip.destroyed) gunzip.end();
    },
    close: () => gunzip.destroy(),
  };
}
