import type { ExportPiece, ExportQuery } from '../../../shared/domain/connection-actions.ts';
import type { GroupQuery, Groups } from '../../../shared/domain/connection-groups.ts';
import type { ConnectionPage, ConnectionQuery } from '../../../shared/domain/connection-query.ts';
import type { Followed } from './followed.ts';
import type { IdleTimeouts } from './idle.ts';
import type { ReplicaMarks } from './replicas.ts';

/** The tables of all nodes, held by column in a worker: what parses, filters and sorts is never the engine's own thread. */
export interface TableStore {
  /** The table of this key, which is made when it is first asked for. */
  readonly table: (key: string) => StoredTable;
  readonly forget: (key: string) => void;
  readonly close: () => Promise<void>;
}

export interface StoredTable {
  /** Begins to take a dump in. The rows of a first dump show while it arrives; later ones replace the table when they end. */
  readonly begin: (form: DumpForm) => Intake;
  /** Puts what slaves hold of its connections beside them; the marks are not to be used any more. */
  readonly mark: (marks: ReplicaMarks) => void;
  /** Puts whole lines of events into the table. */
  readonly follow: (news: TableNews) => Promise<Followed>;
  readonly page: (query: ConnectionQuery) => Promise<StoredPage>;
  readonly groups: (query: GroupQuery) => Promise<Groups>;
  readonly export: (query: ExportQuery) => Promise<ExportPiece>;
}

/** Whole lines of events, heard until `at`, ms. */
export interface TableNews {
  readonly lines: Uint8Array;
  readonly at: number;
}

export interface DumpForm {
  readonly format: 'netlink' | 'text';
  /** When the dump began, ms. */
  readonly observedAt: number;
  /** About how many entries will come: saves growing. */
  readonly expected?: number;
  readonly gzip?: boolean;
  /** The node's timeouts; absent: not known. */
  readonly timeouts?: IdleTimeouts | undefined;
}

export interface Intake {
  /** Takes a piece, and its memory with it. A promise: wait for it before the next one. */
  readonly write: (chunk: Uint8Array) => Promise<void> | undefined;
  /** How many entries were parsed so far. */
  readonly entries: () => number;
  /** The dump is whole; resolves when the table shows it. Fails where what came is no dump at all, or breaks off within. */
  readonly end: () => Promise<DumpEnd>;
  /**
   * The last good table stays, and of a first dump nothing. `keep`: it was ended on purpose, and what came is shown, as
   * `cappedAt` says, unless a whole table is there.
   */
  readonly abort: (keep: boolean) => void;
}

export interface DumpEnd {
  readonly entries: number;
  readonly unreadable: number;
  /** Why it is not a whole table (a truncated netlink dump, an error of the kernel in it); the table then stays as it was. */
  readonly problem?: string;
}

/** What the store knows of a page; the rest is known to who reads the node. */
export type StoredPage = Omit<ConnectionPage, 'reading' | 'failure' | 'progress' | 'reader' | 'refresh'> & {
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  /** When the dump before was read. */
  readonly since?: number;
};
