import type { ExportPiece, ExportQuery } from '../../../shared/domain/connection-actions.ts';
import type { GroupQuery, Groups } from '../../../shared/domain/connection-groups.ts';
import type { ConnectionQuery } from '../../../shared/domain/connection-query.ts';
import type { Followed } from './followed.ts';
import type { ReplicaMarks } from './replicas.ts';
import type { DumpEnd, DumpForm, StoredPage, TableNews } from './table-store.ts';

/** What a table can be asked, and the type of each answer. */
export interface Questions {
  readonly page: { readonly query: ConnectionQuery; readonly answer: StoredPage };
  readonly groups: { readonly query: GroupQuery; readonly answer: Groups };
  readonly follow: { readonly query: TableNews; readonly answer: Followed };
  readonly export: { readonly query: ExportQuery; readonly answer: ExportPiece };
}

export type Question = {
  [Name in keyof Questions]: { readonly name: Name; readonly query: Questions[Name]['query'] };
}[keyof Questions];

/** To the worker. `id` and `dump` are given by who asks; chunks are transferred. */
export type ToWorker =
  | { readonly kind: 'ask'; readonly id: number; readonly key: string; readonly question: Question }
  | { readonly kind: 'begin'; readonly dump: number; readonly key: string; readonly form: DumpForm }
  | { readonly kind: 'chunk'; readonly dump: number; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly dump: number; readonly id: number }
  | { readonly kind: 'abort'; readonly dump: number; readonly keep: boolean }
  | { readonly kind: 'mark'; readonly key: string; readonly marks: ReplicaMarks }
  | { readonly kind: 'forget'; readonly key: string };

/** From the worker. `taken`: a dump's earliest chunk under way was worked off, and its table has so many entries now. */
export type FromWorker =
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly value: DumpEnd | Questions[keyof Questions]['answer'];
    }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'taken'; readonly dump: number; readonly entries: number };

/** What a worker is started with: revisions go on from those of the worker before, so that none comes twice. */
export interface WorkerStart {
  readonly revision: number;
}
