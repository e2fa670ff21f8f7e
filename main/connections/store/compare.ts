import { type Columns, hasActive, hasCounters, hasDelta, hasReply, none } from './columns.ts';
import { matchRows } from './match-rows.ts';
import { wideNumbers } from './wide-table.ts';

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

/** Values of `change`. */
export const change = { none: 0, new: 1, changed: 2 } as const;

/**
 * Compares a dump with the one before, and writes `change` and `since` of `fresh`, which nobody may have seen yet.
 *
 * A connection is the same where {@link matchRows} says so and its id, where both dumps tell one, is the same: with
 * another id it ended and was opened again between the two, so that the old one is gone and the new one new.
 * It has changed where its state, its flags, its mark or its reply direction did. Counters that went on, a timer that
 * ran or was wound up again, and references to it (`use`) are no change: else every living connection would have one.
 * `since` goes on from the old table; a row that the first dump has is older than it, so that it is not known.
 * About 60 bytes a row while it works, 4 of them, with counters 8, in what it gives.
 *
 * `countedAt`: when the counters of `old` were read, Unix seconds, where events have moved it on since then.
 */
export function compareTables(old: Columns, fresh: Columns, countedAt = old.observed): Comparison {
  // 1: nothing to tell of the row: it goes on, or it repeats an earlier one
  const marks = new Uint8Array(old.length);
  const before = matchRows(fresh, old, 'exact', marks);
  const isChanged = changeTest(old, fresh);
  const now = Math.floor(fresh.observed);
  let added = 0;
  let changed = 0;
  for (let row = 0; row < fresh.length; row += 1) {
    let was = before[row] ?? -1;
    if (was !== -1) {
      const id = fresh.id[row] ?? none;
      const oldId = old.id[was] ?? none;
      if (id !== oldId && id !== none && oldId !== none) {
        was = -1;
        before[row] = -1;
      }
    }
    const ownStart = ((fresh.has[row] ?? 0) & (hasActive | hasDelta)) !== 0;
    if (was === -1) {
      added += 1;
      fresh.change[row] = change.new;
      if (!ownStart) fresh.since[row] = now;
      continue;
    }
    marks[was] = 1;
    if (!ownStart)
      fresh.since[row] =
        ((old.has[was] ?? 0) & (hasActive | hasDelta)) === 0 ? (old.since[was] ?? none) : none;
    if (isChanged(was, row)) {
      changed += 1;
      fresh.change[row] = change.changed;
    } else fresh.change[row] = change.none;
  }
  return { before, gone: rowsWhere(marks, 0), added, changed, rate: rates(old, fresh, before, countedAt) };
}

/** Whether a connection of both tables is another than it was. */
function changeTest(old: Columns, fresh: Columns): (was: number, row: number) => boolean {
  const wide = wideNumbers(old.wide, fresh.wide);
  const hasOther = old.rest.size > 0 || fresh.rest.size > 0;
  return (was, row) => {
    if (old.state[was] !== fresh.state[row] || old.flags[was] !== fresh.flags[row]) return true;
    if (old.mark[was] !== fresh.mark[row]) return true;
    const has = fresh.has[row] ?? 0;
    if (((has ^ (old.has[was] ?? 0)) & hasReply) !== 0) return true;
    if ((has & hasReply) !== 0) {
      const isV4 = fresh.family[row] === 4;
      const src = old.replySrc[was] ?? 0;
      const dst = old.replyDst[was] ?? 0;
      if (
        (isV4 ? src : wide[src]) !== fresh.replySrc[row] ||
        (isV4 ? dst : wide[dst]) !== fresh.replyDst[row]
      )
        return true;
      if (old.replySport[was] !== fresh.replySport[row] || old.replyDport[was] !== fresh.replyDport[row])
        return true;
    }
    return hasOther && otherOf(old, was) !== otherOf(fresh, row);
  };
}

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

const rowsWhere = (marks: Uint8Array, value: number): Uint32Array => {
  let count = 0;
  for (const mark of marks) if (mark === value) count += 1;
  const rows = new Uint32Array(count);
  count = 0;
  for (let row = 0; row < marks.length; row += 1) {
    if (marks[row] !== value) continue;
    rows[count] = row;
    count += 1;
  }
  return rows;
};

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
