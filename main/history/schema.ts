import type { DatabaseSync } from 'node:sqlite';
import { columnsOf } from './figures.ts';

/** Marks a file as Handover's history in SQLite's header: "HOvr". */
export const applicationId = 0x484f7672;

const first = [
  ...['connections', 'tableLimit', 'replicated', 'coverage', 'lag', 'backlog'],
  ...['messagesSent', 'messagesReceived', 'bytesSent', 'bytesReceived', 'lagKind'],
];
const definitions = (figures: readonly string[]): string[] =>
  figures.flatMap((name) => columnsOf(name).map((column) => `${column} REAL`));

const readings = (table: string, key: string) => `
  CREATE TABLE ${table} (node INTEGER NOT NULL, at INTEGER NOT NULL, ${definitions(first).join(', ')}, PRIMARY KEY (${key}))
  STRICT, WITHOUT ROWID;`;

const tables = ['second', 'ten_seconds', 'minute', 'ten_minutes', 'six_hours'];
/** Figures that are kept from a version on: unknown before it. */
const addFigures = (...figures: readonly string[]): string =>
  tables
    .flatMap((table) => definitions(figures).map((column) => `ALTER TABLE ${table} ADD COLUMN ${column};`))
    .join('\n');

/**
 * Each makes the next version of the schema out of the one before. Never change one that was released: add one.
 *
 * `at` is in ms since the epoch. A second's rows lie beside each other, since that is how they are written, a few
 * hundred at once; a node's coarser rows do, since that is how they are read, ten thousands at once.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE node (id INTEGER PRIMARY KEY, cluster TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (cluster, name)) STRICT;
  ${readings('second', 'at, node')}
  ${readings('ten_seconds', 'node, at')}
  ${readings('minute', 'node, at')}
  ${readings('ten_minutes', 'node, at')}
  ${readings('six_hours', 'node, at')}
  CREATE TABLE progress (tier TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT;
  CREATE TABLE event (
    cluster TEXT NOT NULL, id INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL,
    node TEXT, message TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (cluster, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX event_at ON event (cluster, at);`,
  addFigures('coverageError', 'excess'),
  addFigures('lagResolution'),
  `CREATE TABLE log_record (
    cluster TEXT NOT NULL, node TEXT NOT NULL, place TEXT NOT NULL, number INTEGER NOT NULL, at REAL NOT NULL,
    record TEXT NOT NULL, PRIMARY KEY (cluster, node, place, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX log_record_at ON log_record (cluster, at);`,
];

/** Brings the schema to the newest version, inside the caller's transaction. */
export function migrate(database: DatabaseSync, to: readonly string[] = migrations): void {
  const version = pragma(database, 'user_version');
  if (version === to.length) return;
  for (const sql of to.slice(version)) database.exec(sql);
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${to.length}`);
}

/** A number out of the file's header. */
export function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
