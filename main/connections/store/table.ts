import type { ExportPiece, ExportQuery } from '../../../shared/domain/connection-actions.ts';
import type { GroupQuery, Groups } from '../../../shared/domain/connection-groups.ts';
import type { ConnectionQuery, ConnectionRow } from '../../../shared/domain/connection-query.ts';
import { type Clock, systemClock } from '../../../shared/lib/clock.ts';
import { scanNetlink } from '../../agents/table/conntrack/scan-netlink.ts';
import { scanText } from '../../agents/table/conntrack/scan-text.ts';
import { type TableBuilder, tableBuilder } from './builder.ts';
import type { Columns } from './columns.ts';
import { type TableComparison, tableComparison } from './compare.ts';
import { exportPiece } from './export.ts';
import { applied, type Followed, followedTable } from './followed.ts';
import { groupsOf } from './groups.ts';
import { carried, type ReplicaMarks, replicasOf } from './replicas.ts';
import { type Changes, noChanges, type Revision } from './revision.ts';
import { rowOf } from './row-of.ts';
import { shownRevisions } from './shown-revisions.ts';
import type { DumpEnd, DumpForm, StoredPage } from './table-store.ts';
import { viewOf } from './view.ts';

/**
 * One node's table. What shows is always a revision: a whole dump, or of the first one what came so far, or either with
 * what events made of it. Earlier ones are kept for those who still look at them ({@link shownRevisions}).
 */
export interface Table {
  readonly begin: (form: DumpForm) => TableDump;
  readonly page: (query: ConnectionQuery) => StoredPage;
  readonly groups: (query: GroupQuery) => Groups;
  readonly export: (query: ExportQuery) => ExportPiece;
  /** Puts what slaves hold of the rows beside them, and beside those of the dumps to come. */
  readonly mark: (marks: ReplicaMarks) => void;
  /** Puts whole lines of events, heard until `at` (ms), into the table, and on top of a dump that is under way. */
  readonly follow: (lines: Uint8Array, at: number) => Followed;
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

/** A dump is compared with the table before each time that so many rows more have come. */
const stretchRows = 2 ** 13;

/** A first dump that is so many times as long shows its new rows: all its sorts together then take but twice the last one. */
const growth = 2;

export function openTable(nextRevision: () => number, clock: Clock = systemClock): Table {
  const revisions = shownRevisions(nextRevision, clock);
  const followed = followedTable();
  /** The first dump, while nothing whole can be shown. */
  let first: ({ readonly builder: TableBuilder } & Pick<DumpForm, 'observedAt' | 'timeouts'>) | undefined;
  /** The last dump that was begun: one before it that ends late shows nothing any more. */
  let latest: TableBuilder | undefined;
  /** What compares it with the table that shows while it comes; undefined: that is another by now, or there is none. */
  let comparing: TableComparison | undefined;
  let isWhole = false;
  /** What a comparison found before there was a whole table to put it to. */
  let unplaced: ReplicaMarks | undefined;

  /** Rows of a first dump show in steps, each a revision of its own. */
  const grow = () => {
    if (!first) return;
    const { builder, observedAt, timeouts } = first;
    const length = revisions.shown()?.columns.length ?? 0;
    if (builder.length() === 0 || builder.length() < length * growth) return;
    revisions.show({ columns: builder.soFar(), observedAt, unreadable: 0, changes: noChanges, timeouts });
  };
  const revisionOf = (wanted: number | undefined): Revision | undefined => {
    const known = wanted === undefined ? undefined : revisions.asked(wanted);
    if (known) return known;
    grow();
    return revisions.shown();
  };

  return {
    begin: (form) => {
      const { observedAt, expected, timeouts } = form;
      const builder = tableBuilder(expected, observedAt / 1000);
      const scan =
        form.format === 'netlink' ? scanNetlink(builder, Math.floor(observedAt / 1000)) : scanText(builder);
      latest = builder;
      const base = isWhole ? revisions.shown() : undefined;
      comparing = base && comparisonWith(base);
      let next = stretchRows;
      followed.dumpBegins();
      if (isWhole) revisions.makeRoom();
      else {
        first = { builder, observedAt, timeouts };
        revisions.clear();
      }
      const take = (unreadable: number, cappedAt?: number) => {
        first = undefined;
        const shown = revisions.shown();
        const columns = builder.done();
        const { changes, before: was } = isWhole && shown ? changesSince(shown, columns, comparing) : firstOf;
        const replicas = unplaced
          ? replicasOf(unplaced, columns)
          : was && shown?.replicas && carried(shown.replicas, was);
        unplaced = undefined;
        comparing = undefined;
        isWhole = true;
        revisions.show(
          followed.onTop({
            columns,
            observedAt,
            unreadable,
            changes,
            replicas,
            timeouts,
            ...(cappedAt !== undefined && { cappedAt }),
          }),
        );
      };
      const drop = () => {
        if (latest === builder) {
          followed.dumpEnds();
          comparing = undefined;
        }
        if (first?.builder !== builder) return;
        first = undefined;
        revisions.clear();
      };
      return {
        write: (chunk) => {
          scan.write(chunk);
          if (latest !== builder || builder.length() < next) return;
          next += stretchRows;
          comparing?.grown(builder.soFar());
        },
        entries: builder.length,
        end: (problem) => {
          const { interrupted, ...end } = scan.end();
          const wrong = problem ?? end.problem ?? wrongOf(end.entries, end.unreadable, interrupted);
          if (wrong !== undefined) drop();
          else if (latest === builder) take(end.unreadable);
          return { ...end, ...(wrong !== undefined && { problem: wrong }) };
        },
        abort: (keep) => {
          const isBetter = !isWhole || revisions.shown()?.cappedAt !== undefined;
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
    mark: (marks) => {
      const shown = revisions.shown();
      if (!isWhole || !shown) unplaced = marks;
      else revisions.show({ ...shown, replicas: replicasOf(marks, shown.columns) });
    },
    follow: (lines, at) => {
      const heard = followed.hear(lines, at);
      const shown = revisions.shown();
      if (isWhole && shown && heard.events.length > 0) {
        revisions.makeRoom();
        comparing = undefined;
        revisions.show(applied(shown, heard.events, at));
      }
      return { events: heard.events.length, unreadable: heard.unreadable, isWhole: heard.isWhole };
    },
    rest: revisions.rest,
  };
}

interface Since {
  readonly changes: Changes;
  /** Of each new row the old one; undefined: there was no table before. */
  readonly before?: Int32Array;
}

const firstOf: Since = { changes: noChanges };

/** Marks in the new rows what became of the old ones. `comparing`: what was compared of them while they came. */
function changesSince(shown: Revision, fresh: Columns, comparing: TableComparison | undefined): Since {
  const { added, changed, gone, rate, before } = (comparing ?? comparisonWith(shown)).done(fresh);
  const rates = rate.length > 0 ? { rates: rate } : {};
  return { changes: { added, changed, gone: gone.length, since: shown.observedAt, ...rates }, before };
}

const comparisonWith = ({ columns, observedAt, readAt = observedAt }: Revision): TableComparison =>
  tableComparison(columns, columns.length, readAt / 1000);

/** Why a dump that came to its end is no whole table all the same. */
function wrongOf(entries: number, unreadable: number, interrupted: boolean): string | undefined {
  if (interrupted) return 'the kernel rebuilt its table under the dump';
  return entries === 0 && unreadable > 0 ? 'not one of its lines is a connection' : undefined;
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
  const { columns, observedAt, readAt, unreadable, cappedAt, changes, replicas } = revision;
  const { rates: _, ...counts } = changes;
  const view = viewOf(revision, query.filter, query.sort);
  const about = {
    revision: revision.number,
    observedAt,
    ...(readAt !== undefined && { readAt }),
    total: columns.length,
    offset: query.offset,
    unreadable,
    ...counts,
    ...(replicas && { comparedAt: replicas.comparedAt }),
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
