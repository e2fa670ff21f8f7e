import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { applicationId, migrate, migrations, pragma } from './schema.ts';

/**
 * Why a history cannot be written to its file. in-use: another Handover does; newer: a newer Handover made it;
 * broken: no history of ours, or one that cannot be read; unusable: the disk or its rights forbid it, for now.
 */
export type Refusal =
  | { readonly kind: 'in-use' }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'unusable'; readonly why: string };

export const inMemory = ':memory:';

/** How long (ms) two that start in the same moment wait for each other. */
const patience = 100;

/**
 * Opens the history file, alone: the lock lies on the file and dies with its process. A file that is not ours is only
 * looked at.
 */
export function openFile(path: string): Result<DatabaseSync, Refusal> {
  let database: DatabaseSync | undefined;
  try {
    if (path !== inMemory) makeOurs(path);
    database = new DatabaseSync(path, { timeout: patience });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = NORMAL; BEGIN EXCLUSIVE');
    const refusal = recognise(database);
    if (refusal) {
      database.close();
      return err(refusal);
    }
    migrate(database);
    database.exec('COMMIT; PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 16777216');
    return ok(database);
  } catch (cause) {
    if (database?.isOpen) database.close();
    return err(refusalOf(cause));
  }
}

/** Readable by its owner alone, as the audit log beside it. */
function makeOurs(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path)) return;
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

function recognise(database: DatabaseSync): Refusal | undefined {
  const version = pragma(database, 'user_version');
  if (pragma(database, 'application_id') !== applicationId) {
    const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n;
    return tables === 0 && version === 0
      ? undefined
      : { kind: 'broken', why: 'it is the database of another program' };
  }
  return version > migrations.length ? { kind: 'newer', version } : undefined;
}

/** SQLite's primary result codes: https://www.sqlite.org/rescode.html */
const codes = { busy: 5, corrupt: 11, full: 13, notADatabase: 26 };

/** What an error of SQLite, or of the file system, means for the history. */
export function refusalOf(cause: unknown): Refusal {
  const why = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : undefined;
  if (code === codes.busy) return { kind: 'in-use' };
  if (code === codes.full) return { kind: 'unusable', why: 'the disk is full' };
  if (code === codes.corrupt || code === codes.notADatabase) return { kind: 'broken', why };
  return { kind: 'unusable', why };
}

/**
 * Renames a broken file, and what SQLite keeps beside it, out of the way: nothing is ever deleted. Answers with its
 * new path, or why it could not be renamed.
 */
export function setAside(path: string, now: number): Result<string, string> {
  const stem = `${path}.aside-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  let aside = stem;
  for (let next = 2; existsSync(aside); next += 1) aside = `${stem}-${next}`;
  try {
    for (const part of ['', '-wal', '-journal', '-shm']) {
      if (existsSync(path + part)) renameSync(path + part, aside + part);
    }
    return ok(aside);
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : String(cause));
  }
}
