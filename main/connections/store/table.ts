import type { ExportPiece, ExportQuery } from '../../../shared/domain/connection-actions.ts';
import type { GroupQuery, Groups } from '../../../shared/domain/connection-groups.ts';
import type { ConnectionQuery, ConnectionRow } from '../../../shared/domain/connection-query.ts';
import { type TableBuilder, tableBuilder } from './builder.ts';
import { none } from './columns.ts';
import { connectionOf } from './connection-of.ts';
import { exportPiece } from './export.ts';
import { groupsOf } from './groups.ts';
import { lineIntake } from './line-intake.ts';
import { noChanges, type Revision } from './revision.ts';
import type { DumpEnd, DumpForm, StoredPage } from './table-store.ts';
import { viewOf } from './view.ts';

/**
 * One node's table. What shows is always a revision: a whole dump, or of the first one what came so far. The revision
 * before is kept as well until the table rests, so that whoever scrolls it or exports it may end.
 */
export interface Table {
  readonly begin: (form: DumpForm) => TableDump;
  readonly page: (query: ConnectionQuery) => StoredPage;
  readonly groups: (query: GroupQuery) => Groups;
  readonly export: (query: ExportQuery) => ExportPiece;
  /** Lets go of all that is kept only to be quick, or for somebody who looked away long ago. */
  readonly rest: () => void;
}

export interface TableDump {
  readonly write: (chunk: Uint8Array) => void;
  readonly entries: () => number;
  /** `problem`: why what came cannot be whole. */
  readonly end: (problem?: string) => DumpEnd;
  readonly abort: (keep: boolean) => void;
}

/** A first dump that grew by this part shows its new rows. */
const growth = 1 / 8;

export function openTable(nextRevision: () => number): Table {
  let shown: Revision | undefined;
  let before: Revision | undefined;
  /** The first dump, while nothing whole can be shown. */
  let first: { readonly builder: TableBuilder; readonly observedAt: number } | undefined;
  /** The last dump that was begun: one before it that ends late shows nothing any more. */
  let latest: TableBuilder | undefined;
  let isWhole = false;

  const show = (revision: Omit<Revision, 'number' | 'views'>) => {
    before = shown;
    shown = { ...revision, number: nextRevision(), views: [] };
  };
  /** Rows of a first dump show in steps, each a revision of its own. */
  const grow = () => {
    if (!first) return;
    const { builder, observedAt } = first;
    const length = shown?.columns.length ?? 0;
    if (builder.length() === 0 || builder.length() < length * (1 + growth)) return;
    show({ columns: builder.soFar(), observedAt, unreadable: 0, changes: noChanges });
  };
  const revisionOf = (wanted: number | undefined): Revision | undefined => {
    if (wanted !== undefined && before?.number === wanted) return before;
    if (wanted === undefined || shown?.number !== wanted) grow();
    return shown;
  };

  return {
    begin: (form) => {
      const { observedAt, expected } = form;
      const builder = tableBuilder(expected, observedAt / 1000);
      const intake = lineIntake(builder);
      latest = builder;
      if (!isWhole) {
        first = { builder, observedAt };
        shown = undefined;
      }
      const take = (unreadable: number, cappedAt?: number) => {
        first = undefined;
        isWhole = true;
        const columns = builder.done();
        show({
          columns,
          observedAt,
          unreadable,
          changes: noChanges,
          ...(cappedAt !== undefined && { cappedAt }),
        });
      };
      const drop = () => {
        if (first?.builder !== builder) return;
        first = undefined;
        shown = undefined;
        before = undefined;
      };
      return {
        write: intake.write,
        entries: builder.length,
        end: (problem) => {
          const end = intake.end();
          const wrong = problem ?? end.problem;
          if (wrong !== undefined) drop();
          else if (latest === builder) take(end.unreadable);
          return { ...end, ...(wrong !== undefined && { problem: wrong }) };
        },
        abort: (keep) => {
          const isBetter = !isWhole || shown?.cappedAt !== undefined;
          if (keep && isBetter && latest === builder) take(0, builder.length());
          else drop();
        },
      };
    },
    page: (query) => {
      const revision = revisionOf(query.revision);
      return revision ? pageOf(revision, query) : unread(query);
    },
    groups: (query) => groupsOf(revisionOf(undefined), query),
    export: (query) => exportPiece(revisionOf(query.revision), query),
    rest: () => {
      before = undefined;
      shown?.views.splice(0);
    },
  };
}

const unread = ({ offset }: ConnectionQuery): StoredPage => ({
  revision: 0,
  total: 0,
  matched: 0,
  offset,
  rows: [],
  unreadable: 0,
  added: 0,
  changed: 0,
  gone: 0,
});

function pageOf(revision: Revision, query: ConnectionQuery): StoredPage {
  const { columns, observedAt, unreadable, cappedAt, changes } = revision;
  const { rates: _, ...counts } = changes;
  const view = viewOf(revision, query.filter, query.sort);
  const about = {
    revision: revision.number,
    observedAt,
    total: columns.length,
    offset: query.offset,
    unreadable,
    ...counts,
    ...(cappedAt !== undefined && { cappedAt }),
  };
  if (!view.ok) return { ...about, matched: 0, rows: [], filterError: view.error };
  const { rows, length } = view.value;
  const end = Math.min(length, query.offset + query.limit);
  const shown: ConnectionRow[] = [];
  for (let at = Math.max(0, query.offset); at < end; at += 1)
    shown.push(rowOf(revision, rows ? (rows[at] ?? 0) : at));
  return { ...about, matched: length, rows: shown };
}

const changeNames = [undefined, 'new', 'changed'] as const;

/** A row with what is known of it beyond its entry. */
export function rowOf({ columns, changes }: Revision, row: number): ConnectionRow {
  const change = changeNames[columns.change[row] ?? 0];
  const rate = changes.rates?.[row];
  const since = columns.since[row] ?? none;
  return {
    ...connectionOf(columns, row),
    row,
    ...(change !== undefined && { change }),
    ...(rate !== undefined && !Number.isNaN(rate) && { rate }),
    ...(since !== none && { age: Math.max(0, Math.floor(columns.observed) - since) }),
  };
}
