import type { Connection, Tuple } from '../../../shared/domain/connection.ts';
import { builderFrom, tableBuilder } from './builder.ts';
import { type Columns, none } from './columns.ts';
import { change } from './compare.ts';
import { connectionOf } from './connection-of.ts';
import type { TableEvent } from './event-lines.ts';
import type { Changes } from './revision.ts';
import { forEachFound, indexOf } from './row-index.ts';
import { keyText } from './row-key.ts';

/** What events made of a table. `before`: of each row the one that it was, -1: it is new. */
export interface Applied {
  readonly columns: Columns;
  readonly before: Int32Array;
  readonly counts: ChangeCounts;
}

/** How many rows are marked new and changed, and how many that were there when the marks began are gone. */
type ChangeCounts = Pick<Changes, 'added' | 'changed' | 'gone'>;

/** What a run of events says in the end of one connection. */
interface Outcome {
  /** As it is now; absent: it has ended. */
  readonly now?: Connection;
  /** It began in this run: with another that the table has of this key it has nothing to do. */
  readonly began: boolean;
  /** Those of this key that ended, in their order. */
  readonly ended: readonly Connection[];
  /** When it began, Unix seconds. */
  readonly at?: number | undefined;
}

/**
 * The table after these events, which are in their order; the old one stays as it is. An event may be older than the
 * table, where that was read while they were heard: one of an entry with another id than the row's says nothing about
 * the row's end, and what a later event tells comes later. Counters of a row stay: events tell none. A new row takes
 * the place of one that ended, or the end; else the last row moves to the free place. `observed`: the time of the new
 * table, in Unix seconds to the millisecond. `marks`: those of the changes so far, undefined: they begin anew.
 */
export function applyEvents(
  old: Columns,
  events: readonly TableEvent[],
  observed: number,
  marks: ChangeCounts | undefined,
): Applied {
  const outcomes = outcomesOf(events);
  const { places, repeats } = placesOf(old, outcomes);
  const room = outcomes.filter(({ now }, index) => now !== undefined && places[index] === -1).length;
  const builder = builderFrom(old, room, observed);
  const before = new Int32Array(old.length + room).fill(-1);
  for (let row = 0; row < old.length; row += 1) before[row] = row;
  const columns = builder.soFar();
  if (!marks) columns.change.fill(change.none);
  const counts = { ...(marks ?? { added: 0, changed: 0, gone: 0 }) };
  const free = [...repeats];
  const arrivals: Outcome[] = [];

  const unmark = (row: number) => {
    if (columns.change[row] === change.new) counts.added -= 1;
    else if (columns.change[row] === change.changed) counts.changed -= 1;
  };
  const leave = (row: number) => {
    unmark(row);
    if (columns.change[row] !== change.new) counts.gone += 1;
  };
  const arrive = (row: number, { began, at }: Outcome) => {
    columns.since[row] = began ? Math.floor(at ?? observed) : none;
    columns.change[row] = change.new;
    counts.added += 1;
    before[row] = -1;
  };
  const goOn = (row: number, was: Connection, now: Connection) => {
    const next = updated(was, now);
    const mark = columns.change[row] ?? change.none;
    const isMarked = mark === change.none && isOther(was, next);
    if (isMarked) counts.changed += 1;
    builder.replace(row, next);
    columns.since[row] = old.since[row] ?? none;
    columns.change[row] = isMarked ? change.changed : mark;
  };

  for (const row of repeats) unmark(row);
  outcomes.forEach((outcome, index) => {
    const row = places[index] ?? -1;
    const { now, began, ended } = outcome;
    if (row === -1) {
      if (now) arrivals.push(outcome);
      return;
    }
    const was = connectionOf(old, row);
    if (now && (hasSameId(was, now) ?? !began)) goOn(row, was, now);
    else if (now) {
      leave(row);
      builder.replace(row, now);
      arrive(row, outcome);
    } else if (ended.some((one) => hasSameId(was, one) ?? true)) {
      leave(row);
      free.push(row);
    }
  });

  for (const outcome of arrivals) {
    const row = free.pop() ?? builder.length();
    if (!outcome.now) continue;
    if (row === builder.length()) builder.append(outcome.now);
    else builder.replace(row, outcome.now);
    arrive(row, outcome);
  }
  // from the end: the last row is then never itself to be taken out
  for (const row of free.toSorted((a, b) => b - a)) {
    before[row] = before[builder.length() - 1] ?? -1;
    builder.remove(row);
  }
  return { columns: builder.done(), before: before.subarray(0, builder.length()), counts };
}

function outcomesOf(events: readonly TableEvent[]): Outcome[] {
  const outcomes = new Map<string, Outcome>();
  for (const { kind, connection, at } of events) {
    const key = keyText(connection, 'exact');
    const { now, ended, ...before } = outcomes.get(key) ?? { began: false, ended: [] };
    if (kind === 'new') outcomes.set(key, { now: connection, began: true, at, ended });
    else if (kind === 'destroy') outcomes.set(key, { ...before, ended: [...ended, connection] });
    else {
      const began = before.began || ended.length > 0;
      outcomes.set(key, { ...before, now: now ? updated(now, connection) : connection, began, ended });
    }
  }
  return [...outcomes.values()];
}

/** Undefined where one of them tells no id. */
const hasSameId = (a: Connection, b: Connection): boolean | undefined =>
  a.id === undefined || b.id === undefined ? undefined : a.id === b.id;

/** Where the table has each of them, -1: nowhere; `repeats`: rows that repeat one of these. */
function placesOf(old: Columns, outcomes: readonly Outcome[]) {
  const builder = tableBuilder(outcomes.length);
  for (const { now, ended } of outcomes) {
    const told = now ?? ended.at(-1);
    if (told) builder.append(told);
  }
  const keys = builder.done();
  const places = new Int32Array(keys.length).fill(-1);
  const repeats: number[] = [];
  forEachFound(indexOf(keys), old, (row, found) => {
    if (places[found] === -1) places[found] = row;
    else repeats.push(row);
  });
  return { places, repeats };
}

const countersOf = ({ packets, bytes }: Partial<Tuple>): Partial<Tuple> => ({
  ...(packets !== undefined && { packets }),
  ...(bytes !== undefined && { bytes }),
});

/** A connection after an event of it, which tells of its state and its timer only where they changed, and leaves a mark of 0 out. */
function updated(was: Connection, event: Connection): Connection {
  const reply = event.reply ?? was.reply;
  return {
    ...was,
    ...event,
    original: { ...countersOf(was.original), ...event.original },
    ...(reply && { reply: { ...countersOf(was.reply ?? {}), ...reply } }),
    ...(was.mark !== undefined && event.mark === undefined && { mark: 0 }),
    extra: { ...was.extra, ...event.extra },
  };
}

const ends = ['src', 'dst', 'sport', 'dport', 'type', 'code', 'id', 'srckey', 'dstkey'] as const;

/** Whether it has changed in what a comparison of two dumps calls a change. */
const isOther = (a: Connection, b: Connection): boolean =>
  a.state !== b.state ||
  (a.mark ?? 0) !== (b.mark ?? 0) ||
  a.flags.join() !== b.flags.join() ||
  ends.some((end) => a.reply?.[end] !== b.reply?.[end]);
