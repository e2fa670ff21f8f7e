import { rowAligner } from './align-rows.ts';
import { type Columns, hasActive, hasCounters, hasDelta, hasReply, none } from './columns.ts';
import { matchRows } from './match-rows.ts';
import { finder, forEachFound, indexOf } from './row-index.ts';
import { roomFor } from './spread-rows.ts';
import { isSameWide } from './wide-table.ts';

/** What became of a table since the dump before. */
export interface Comparison {
  /** For each row of the new table its row in the old one; -1: it is new. */
  readonly before: Int32Array;
  /** Rows of the old table whose connection is no more, each once. */
  readonly gone: Uint32Array;
  readonly added: number;
  readonly changed: number;
  /** Bytes a second of both directions between the two dumps, by row; NaN where it cannot be told, empty where the node does not count. */
  readonly rate: Float32Array;
}

/** A dump that is compared with the one before while it comes in. Rows that were seen once must stay as they are. */
export interface TableComparison {
  readonly grown: (fresh: Columns) => void;
  readonly done: (fresh: Columns) => Comparison;
}

/** Values of `change`. */
export const change = { none: 0, new: 1, changed: 2 } as const;

/** What is told of a row of the old table; of one that repeats an earlier one that it goes on, which says nothing. */
const fate = { unknown: 0, goesOn: 1, ended: 2 } as const;

/** In `before`: what became of the row has yet to be told. */
const untold = -2;

/** Where fewer than every so manieth row found no partner beside it, those are sought alone. */
const fewOf = 4;

/**
 * Compares a dump with the one before, and writes `change` and `since` of the new table, which nobody may have seen yet.
 *
 * A connection is the same where {@link isSame} says so and its id, where both dumps tell one, is the same: with
 * another id it ended and was opened again between the two, so that the old one is gone and the new one new.
 * It has changed where its state, its flags, its mark or its reply direction did. Counters that went on, a timer that
 * ran or was wound up again, and references to it (`use`) are no change: else every living connection would have one.
 * `since` goes on from the old table; a row that the first dump has is older than it, so that it is not known.
 *
 * Nearly every row finds its partner side by side ({@link rowAligner}), while it comes; the few others are sought at the
 * end. 5 bytes a row, with counters 9; where the two are in another order, 60 more while it ends.
 *
 * `expected`: about how many rows the new table will have. `countedAt`: when the counters of `old` were read, Unix
 * seconds, where events have moved it on since then.
 */
export function tableComparison(old: Columns, expected: number, countedAt = old.observed): TableComparison {
  const fates = new Uint8Array(old.length);
  let before = new Int32Array(expected).fill(untold);
  let counts = { settled: 0, added: 0, changed: 0 };

  const settle = (fresh: Columns, row: number, partner: number): void => {
    const goesOn = partner >= 0 && !isOtherId(old, partner, fresh, row);
    const was = goesOn ? partner : -1;
    before[row] = was;
    counts.settled += 1;
    if (goesOn) fates[partner] = fate.goesOn;
    else if (partner >= 0 && fates[partner] === fate.unknown) fates[partner] = fate.ended;
    if (!hasOwnStart(fresh, row)) fresh.since[row] = goesOn ? startOf(old, was) : Math.floor(fresh.observed);
    if (!goesOn) {
      counts.added += 1;
      fresh.change[row] = change.new;
    } else if (isChanged(old, was, fresh, row)) {
      counts.changed += 1;
      fresh.change[row] = change.changed;
    } else fresh.change[row] = change.none;
  };
  const aligner = rowAligner(old, settle);
  const align = (fresh: Columns, isWhole: boolean): void => {
    const known = before.length;
    before = roomFor(before, fresh.length).fill(untold, known);
    aligner.align(fresh, isWhole);
  };

  /** All partners are sought among all rows. */
  const settleAll = (fresh: Columns): void => {
    counts = { settled: 0, added: 0, changed: 0 };
    const partners = matchRows(fresh, old, 'exact', fates.fill(fate.unknown));
    for (let row = 0; row < fresh.length; row += 1) settle(fresh, row, partners[row] ?? -1);
    for (let was = 0; was < old.length; was += 1) if (fates[was] === fate.unknown) fates[was] = fate.ended;
  };

  /** The partners of the few that have none yet. */
  const settleRest = (fresh: Columns): void => {
    const findLeft = finder(indexOf(old, 'exact', rowsWhere(fates, fate.unknown)), fresh);
    for (const row of rowsWhere(before, untold, fresh.length)) {
      const partner = findLeft(row);
      if (partner >= 0) settle(fresh, row, partner);
    }
    // what is left is new or ended, or it repeats a row that has its partner
    const added = rowsWhere(before, untold, fresh.length);
    const addedIndex = indexOf(fresh, 'exact', added);
    const repeated = new Map<number, number>();
    if (added.length > 0) forEachFound(addedIndex, old, (was, row) => repeated.set(row, was));
    const findFirst = finder(addedIndex, fresh);
    for (const row of added)
      settle(fresh, row, repeated.size === 0 ? -1 : (repeated.get(findFirst(row)) ?? -1));
    const ended = rowsWhere(fates, fate.unknown);
    if (ended.length === 0) return;
    const endedIndex = indexOf(old, 'exact', ended);
    const findEnded = finder(endedIndex, old);
    for (const row of ended) fates[row] = findEnded(row) === row ? fate.ended : fate.goesOn;
    forEachFound(endedIndex, fresh, (_, row) => {
      fates[row] = fate.goesOn;
    });
  };

  return {
    grown: (fresh) => align(fresh, false),
    done: (fresh) => {
      align(fresh, true);
      const alone = old.length + fresh.length - 2 * counts.settled;
      if (aligner.isLost() || alone * fewOf > fresh.length) settleAll(fresh);
      else if (alone > 0) settleRest(fresh);
      const partners = before.subarray(0, fresh.length);
      const { added, changed } = counts;
      const gone = rowsWhere(fates, fate.ended);
      return { before: partners, gone, added, changed, rate: rates(old, fresh, partners, countedAt) };
    },
  };
}

function isOtherId(old: Columns, was: number, fresh: Columns, row: number): boolean {
  const id = fresh.id[row] ?? none;
  const oldId = old.id[was] ?? none;
  return id !== oldId && id !== none && oldId !== none;
}

const hasOwnStart = ({ has }: Columns, row: number): boolean =>
  ((has[row] ?? 0) & (hasActive | hasDelta)) !== 0;

const startOf = (old: Columns, was: number): number =>
  hasOwnStart(old, was) ? none : (old.since[was] ?? none);

/** Whether a connection of both tables is another than it was. */
function isChanged(old: Columns, was: number, fresh: Columns, row: number): boolean {
  if (old.state[was] !== fresh.state[row] || old.flags[was] !== fresh.flags[row]) return true;
  if (old.mark[was] !== fresh.mark[row]) return true;
  const has = fresh.has[row] ?? 0;
  if (((has ^ (old.has[was] ?? 0)) & hasReply) !== 0) return true;
  if ((has & hasReply) !== 0) {
    if (old.replySport[was] !== fresh.replySport[row] || old.replyDport[was] !== fresh.replyDport[row])
      return true;
    const isSameAddress = fresh.family[row] === 4 ? isSameNumber : isSameWideOf(old, fresh);
    if (!isSameAddress(old.replySrc[was] ?? 0, fresh.replySrc[row] ?? 0)) return true;
    if (!isSameAddress(old.replyDst[was] ?? 0, fresh.replyDst[row] ?? 0)) return true;
  }
  return (old.rest.size > 0 || fresh.rest.size > 0) && otherOf(old, was) !== otherOf(fresh, row);
}

const isSameNumber = (was: number, is: number): boolean => was === is;
const isSameWideOf =
  (old: Columns, fresh: Columns) =>
  (was: number, is: number): boolean =>
    isSameWide(old.wide, was, fresh.wide, is);

/** What of these columns the columns do not tell. */
function otherOf({ rest }: Columns, row: number): string | undefined {
  const other = rest.get(row);
  if (other === undefined) return undefined;
  const { packets: _, bytes: __, ...reply } = other.reply ?? {};
  const told = [other.stateName, other.flags, other.exact?.mark, Object.entries(reply).sort()];
  return told.every((each) => each === undefined || (Array.isArray(each) && each.length === 0))
    ? undefined
    : JSON.stringify(told);
}

/** The rows with this value, of which there are few, among the first so many. */
function rowsWhere(values: Uint8Array | Int32Array, value: number, length = values.length): Uint32Array {
  const rows: number[] = [];
  for (let row = values.indexOf(value); row >= 0 && row < length; row = values.indexOf(value, row + 1))
    rows.push(row);
  return Uint32Array.from(rows);
}

function rates(old: Columns, fresh: Columns, before: Int32Array, countedAt: number): Float32Array {
  const seconds = fresh.observed - countedAt;
  if (fresh.bytes.length === 0) return new Float32Array(0);
  const rate = new Float32Array(fresh.length).fill(Number.NaN);
  if (old.bytes.length === 0 || seconds <= 0) return rate;
  for (let row = 0; row < fresh.length; row += 1) {
    const was = before[row] ?? -1;
    if (was === -1 || ((fresh.has[row] ?? 0) & (old.has[was] ?? 0) & hasCounters) === 0) continue;
    const now = (fresh.bytes[row] ?? 0) + (fresh.replyBytes[row] ?? 0);
    const moved = now - (old.bytes[was] ?? 0) - (old.replyBytes[was] ?? 0);
    // counters that were set back tell nothing
    if (moved >= 0) rate[row] = moved / seconds;
  }
  return rate;
}
