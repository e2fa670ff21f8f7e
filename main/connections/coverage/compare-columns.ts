import type { Connection } from '../../../shared/domain/connection.ts';
import type { ClassifiedConnection } from '../../../shared/domain/coverage.ts';
import { asGhost, classify } from '../../../shared/domain/coverage-compare.ts';
import { isBlurredProtocol, notCarried } from '../../../shared/domain/coverage-key.ts';
import { type Columns, flagBits } from '../store/columns.ts';
import { connectionOf } from '../store/connection-of.ts';
import { type Meeting, meetRows, standing } from '../store/meet-rows.ts';
import { finder, forEachFound, indexOf, type RowHashes, type RowIndex } from '../store/row-index.ts';
import type { KeyKind } from '../store/row-key.ts';
import { pickRows } from './pick-rows.ts';

/** The tables of `ComparedTables`, by column. */
export interface ComparedColumns {
  readonly earlier: Columns;
  readonly held: Columns;
  readonly master: Columns;
  /** From the beginning of `earlier` to the reading of `held`, in seconds. */
  readonly seconds: number;
  readonly isOwn?: (connection: Connection) => boolean;
  /** What was made ready of each while it came in. */
  readonly ready?: {
    readonly earlier?: RowHashes | undefined;
    readonly master?: RowHashes | undefined;
    /** What both have in common, where the slave's was looked up in the master's as it came. */
    readonly met?: Meeting | undefined;
  };
}

/** What tables are compared for: how connections of both are told, and what is said of those that are not plainly alike. */
export interface Rules<T> {
  readonly kind: KeyKind;
  /** Undefined: it is as it should be. `steady`: the same entry in the earlier table. */
  readonly judge: (
    connection: Connection,
    steady: Connection | undefined,
    replica: Connection | undefined,
  ) => T | undefined;
  /** Of what only the second table has. */
  readonly judgeLone: (connection: Connection, tables: ComparedColumns) => T | undefined;
  /** Whether two rows that have state, flags and mark alike are so in all else that is compared. */
  readonly beside?: (master: Columns, held: Columns) => (row: number, there: number) => boolean;
}

/** `row` is one of the master's table, `there` that of the other; of what only the other has `row` is its own. */
export interface Found<T> {
  readonly classified: (classified: T, row: number, there: number) => void;
  /** Of a connection that the master's table shows twice only the later row is judged. */
  readonly skipped: (row: number) => void;
}

/** What a slave has of its master's connections. */
const coverageRules: Rules<ClassifiedConnection> = {
  kind: 'carried',
  judge: (...entries) => {
    const classified = classify(...entries);
    return classified.class === 'replicated' ? undefined : classified;
  },
  judgeLone: asGhost,
};

/**
 * What `compareTables` says of a million connections: everything but the replicated is told to `found`, the
 * number of the replicated is the answer.
 */
export const compareColumns = (tables: ComparedColumns, found: Found<ClassifiedConnection>): number =>
  compareBy(coverageRules, tables, found);

/**
 * Tells what the rules say; the answer is how many connections are as they should be. Rows that are plainly alike in both
 * tables, nearly all, are settled by their columns; only of the others is a connection made, and the rules judge it.
 */
export function compareBy<T>(rules: Rules<T>, tables: ComparedColumns, found: Found<T>): number {
  const { kind } = rules;
  const { earlier, held, master, ready } = tables;
  const beside = rules.beside?.(master, held);
  const met = ready?.met?.base.spread.kind === kind ? ready.met : meetRows(master, held, kind);
  const { matched: replicas, alike } = met;
  // under churn a dump may show an entry twice, and the later one counts
  const superseded = met.isAnyShared() ? supersededRows(master, held, replicas) : new Set<number>();
  const lone = loners(tables, kind, met);
  const hasRest = master.rest.size > 0 || held.rest.size > 0;
  let replicated = 0;
  const suspects: number[] = [];
  for (let row = 0; row < master.length; row += 1) {
    if (superseded.size > 0 && superseded.has(row)) {
      found.skipped(row);
      continue;
    }
    const there = replicas[row] ?? none;
    // most differ in nothing, and of them the slave's row need not be looked for again, far away in memory
    const isAlike = alike[row] === 1 && !hasRest && !isBlurredProtocol(master.protocol[row] ?? 0);
    const isPlain = isAlike || isPlainlyReplicated(master, row, held, there);
    if (isPlain && (beside === undefined || beside(row, there))) replicated += 1;
    else suspects.push(row);
  }
  if (suspects.length > 0) {
    const before = steadyRows(master, suspects, earlier, ready?.earlier);
    for (const [index, row] of suspects.entries()) {
      const steady = before[index] ?? none;
      if (steady === repeated) {
        found.skipped(row);
        continue;
      }
      const there = replicas[row] ?? none;
      const classified = rules.judge(
        connectionOf(master, row),
        steady < 0 ? undefined : connectionOf(earlier, steady),
        there < 0 ? undefined : connectionOf(held, there),
      );
      if (classified === undefined) replicated += 1;
      else found.classified(classified, row, there);
    }
  }
  for (const row of lone) {
    const classified = rules.judgeLone(connectionOf(held, row), tables);
    if (classified) found.classified(classified, row, row);
  }
  return replicated;
}

const none = -1;
const repeated = -2;
const offloaded = flagBits.OFFLOAD | flagBits.HW_OFFLOAD;

function isPlainlyReplicated(master: Columns, row: number, held: Columns, there: number): boolean {
  if (there < 0 || isBlurredProtocol(master.protocol[row] ?? 0)) return false;
  if ((master.rest.size > 0 && master.rest.has(row)) || (held.rest.size > 0 && held.rest.has(there)))
    return false;
  const state = master.state[row] ?? 0;
  const replica = held.state[there] ?? 0;
  if (state !== replica && state !== 0 && replica !== 0) return false;
  const flags = master.flags[row] ?? 0;
  const others = held.flags[there] ?? 0;
  if (((flags ^ others) & flagBits.ASSURED) !== 0 && ((flags | others) & offloaded) === 0) return false;
  return master.mark[row] === held.mark[there];
}

/** The master's rows that a later one of the same connection follows. */
function supersededRows(master: Columns, held: Columns, replicas: Int32Array): Set<number> {
  const pairedWith = new Int32Array(held.length).fill(none);
  const superseded = new Set<number>();
  for (let row = 0; row < master.length; row += 1) {
    const there = replicas[row] ?? none;
    if (there < 0) continue;
    const other = pairedWith[there] ?? none;
    // what is not carried tells several connections apart that have one replica
    if (other >= 0 && !isBeyondKey(master, row) && !isBeyondKey(master, other)) superseded.add(other);
    pairedWith[there] = row;
  }
  return superseded;
}

/** Whether the key that a slave holds is not all that tells this connection from others. */
const isBeyondKey = (columns: Columns, row: number): boolean =>
  isBlurredProtocol(columns.protocol[row] ?? 0) ||
  (columns.rest.has(row) && notCarried(connectionOf(columns, row)) !== undefined);

/** A table of these rows, the last first, so that of several rows of one connection the last is found. */
function lastFirst(columns: Columns, rows: readonly number[], kind: RowIndex['kind']) {
  const index = indexOf(pickRows(columns, rows.toReversed()), kind);
  /** Tells each row of another table that is the same connection as one of these, this one as an index into `rows`. */
  const meet = (other: Columns, onMet: (row: number, at: number) => void, hashed?: RowHashes): void =>
    forEachFound(index, other, (row, found) => onMet(row, rows.length - 1 - found), hashed);
  const own = finder(index, index.columns);
  /** Of each of the rows the last one that is the same connection, as an index into `rows`. */
  const last = (at: number): number => rows.length - 1 - own(rows.length - 1 - at);
  return { meet, last };
}

/**
 * The rows of the slave that neither table of the master's has. Of a connection that it shows twice the later
 * replica is put into what was met, and what was found alike to the first no longer counts.
 */
function loners({ earlier, held, master, ready }: ComparedColumns, kind: KeyKind, met: Meeting): number[] {
  const { matched: replicas, alike } = met;
  const standings = met.standings();
  const only: number[] = [];
  let isAnyRepeated = false;
  for (let row = 0; row < held.length; row += 1) {
    const stands = standings[row];
    if (stands === standing.met) continue;
    only.push(row);
    if (stands === standing.repeats) isAnyRepeated = true;
  }
  if (only.length === 0) return [];
  const { meet, last } = lastFirst(held, only, kind);
  const known = new Uint8Array(only.length);
  // the first row of a connection was met by the master's, so that only a repeated one can meet it now
  if (isAnyRepeated) {
    const onMet = (row: number, at: number) => {
      known[at] = 1;
      alike[row] = 0;
      replicas[row] = Math.max(replicas[row] ?? none, only[at] ?? none);
    };
    meet(master, onMet, ready?.master);
  }
  const onKnown = (_: number, at: number) => {
    known[at] = 1;
  };
  meet(earlier, onKnown, ready?.earlier);
  return only.filter((_, at) => last(at) === at && known[at] === 0);
}

/**
 * Of each suspect the row of `earlier` that is the same entry, by its id too; {@link none} where it was not there, and
 * {@link repeated} where a later suspect is the same connection.
 */
function steadyRows(
  master: Columns,
  suspects: readonly number[],
  earlier: Columns,
  hashed: RowHashes | undefined,
): Int32Array {
  const { meet, last } = lastFirst(master, suspects, 'exact');
  const before = new Int32Array(suspects.length).fill(none);
  const onMet = (row: number, at: number) => {
    before[at] = row;
  };
  meet(earlier, onMet, hashed);
  for (const [at, row] of suspects.entries()) {
    const there = before[at] ?? none;
    if (last(at) !== at) before[at] = repeated;
    else if (there >= 0 && !isSameEntry(master, row, earlier, there)) before[at] = none;
  }
  return before;
}

const isSameEntry = (a: Columns, row: number, b: Columns, other: number): boolean =>
  a.id[row] === b.id[other] && a.rest.get(row)?.exact?.id === b.rest.get(other)?.exact?.id;
