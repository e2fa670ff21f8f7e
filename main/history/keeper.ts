import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../shared/lib/clock.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { inMemory, openFile, type Refusal, refusalOf, setAside } from './open-file.ts';
import { openStore, type Store } from './store.ts';

/** Holds whichever store there is, so that a broken file never reaches the engine as an error. */
export interface Keeper {
  readonly attempt: <T>(work: (store: Store) => T) => Result<T, Refusal>;
  /** What the operator should know about where the history is kept. */
  readonly notices: () => readonly string[];
  readonly close: () => void;
}

/**
 * Opens the history in `path`. One that is broken or not ours is set aside and a new one begun; where no file can be
 * had, it is kept in memory. `path` may be `inMemory`.
 */
export function openKeeper(path: string, clock: Clock): Keeper {
  const notices: string[] = [];
  let store = begin(openAt(path));
  let replaced = false;

  function begin(first: Result<Store, Refusal>): Store {
    let opened = first;
    if (!opened.ok && opened.error.kind === 'broken') {
      const aside = setAside(path, clock());
      notices.push(asideNotice(path, opened.error.why, aside));
      if (aside.ok) opened = openAt(path);
    }
    if (opened.ok) return opened.value;
    if (opened.error.kind !== 'broken') notices.push(memoryNotice(path, opened.error));
    const memory = openAt(inMemory);
    if (!memory.ok) throw new Error(`SQLite keeps no history in memory: ${JSON.stringify(memory.error)}`);
    return memory.value;
  }

  const once = <T>(work: (store: Store) => T): Result<T, Refusal> => {
    try {
      return ok(work(store));
    } catch (cause) {
      return err(refusalOf(cause));
    }
  };

  return {
    attempt: (work) => {
      const first = once(work);
      // Once: a disk that breaks file after file is not worth a third.
      if (first.ok || first.error.kind !== 'broken' || replaced) return first;
      replaced = true;
      once((broken) => broken.close());
      store = begin(first);
      return once(work);
    },
    notices: () => notices,
    close: () => {
      once((open) => open.close());
    },
  };
}

function openAt(path: string): Result<Store, Refusal> {
  const opened = openFile(path);
  if (!opened.ok) return opened;
  const database: DatabaseSync = opened.value;
  try {
    return ok(openStore(database));
  } catch (cause) {
    database.close();
    return err({ kind: 'broken', why: cause instanceof Error ? cause.message : String(cause) });
  }
}

const meanwhile = 'Until this Handover ends, it keeps its own history in memory.';

function memoryNotice(path: string, refusal: Exclude<Refusal, { kind: 'broken' }>): string {
  switch (refusal.kind) {
    case 'in-use':
      return `Another Handover on this machine keeps the history in ${path}. ${meanwhile}`;
    case 'newer':
      return `${path} was written by a newer Handover (version ${refusal.version} of its schema), and is left alone. ${meanwhile}`;
    case 'unusable':
      return `The history cannot be kept in ${path}: ${refusal.why}. ${meanwhile}`;
  }
}

const asideNotice = (path: string, why: string, aside: Result<string, string>): string =>
  aside.ok
    ? `${path} cannot be read as a history: ${why}. It was set aside as ${aside.value}, and a new one was begun.`
    : `${path} cannot be read as a history: ${why}. It could not be set aside either: ${aside.error}. ${meanwhile}`;
