import type { Columns } from './columns.ts';
import { hashAt, holdPartition, isV4, slotsOf } from './match-rows.ts';
import { isSame, isSameKey, type KeyKind } from './row-key.ts';
import {
  looksAt,
  partitions,
  recordWords,
  rowAt,
  type Spread,
  spreadRows,
  unknownLooks,
} from './spread-rows.ts';

/** The table that others are compared with: it is whole, and their rows are looked up in it while they come in. */
export interface BaseRows {
  readonly columns: Columns;
  readonly spread: Spread;
  /** Of each partition its slots: where a record begins + 1, 0 where free. 16 to 32 bytes a row. */
  readonly slots: readonly Int32Array[];
  /** Records that repeat an earlier one, by that one. */
  readonly again: ReadonlyMap<number, readonly number[]>;
}

/** How a row of the table that comes in stands: nobody's, somebody's, or that of a row which has an earlier one already. */
export const standing = { lone: 0, met: 1, repeats: 2 } as const;

/** What two tables have in common, as far as the second has come. */
export interface Meeting {
  readonly base: BaseRows;
  /** For each row of the base the first of the other that is the same connection; -1 where there is none. */
  readonly matched: Int32Array;
  /**
   * 1 for each row of the base that has the state, the flags and the mark of the one that it is the same as; of a mark of
   * more than 20 bits it is not told.
   */
  readonly alike: Uint8Array;
  /** Of each row of the other how it stands. */
  readonly standings: () => Uint8Array;
  /** Whether rows of the base share a row of the other. */
  readonly isAnyShared: () => boolean;
  /** Meets what has come of the other table since the last time. */
  readonly meet: (other: Columns, spread: Spread) => void;
}

export function indexBase(columns: Columns, spread: Spread): BaseRows {
  const { records, stretches, kind } = spread;
  const again = new Map<number, number[]>();
  const onRepeat = (at: number, first: number) => {
    const known = again.get(first);
    if (known) known.push(at);
    else again.set(first, [at]);
  };
  const slots = Array.from({ length: partitions }, (_, part) => {
    const mine = new Int32Array(slotsOf(spread, part));
    for (const starts of stretches)
      holdPartition(records, starts, part, mine, mine.length - 1, columns, kind, onRepeat);
    return mine;
  });
  return { columns, spread, slots, again };
}

/** `expected`: about how many rows the other table will have. */
export function meeting(base: BaseRows, expected: number): Meeting {
  const { columns, spread, again } = base;
  const matched = new Int32Array(columns.length).fill(-1);
  const alike = new Uint8Array(columns.length);
  let standings = new Uint8Array(expected);
  let isShared = false;
  let next = 0;
  const share = (at: number, row: number, looks: number): void => {
    for (const other of again.get(at) ?? []) {
      isShared = true;
      const mine = spread.records[other + rowAt] ?? 0;
      if ((matched[mine] ?? 0) >= 0) continue;
      matched[mine] = row;
      if (looks !== unknownLooks && looks === spread.records[other + looksAt]) alike[mine] = 1;
    }
  };
  return {
    base,
    matched,
    alike,
    standings: () => standings,
    isAnyShared: () => isShared,
    meet: (other, { records, stretches, kind }) => {
      if (standings.length < other.length) {
        const larger = new Uint8Array(Math.max(other.length, Math.ceil(standings.length * 1.5)));
        larger.set(standings);
        standings = larger;
      }
      const hasRest = columns.rest.size > 0 || other.rest.size > 0;
      const isSameRow = (row: number, mine: number) => isSame(other, row, columns, mine, kind);
      const onMet = again.size === 0 ? undefined : share;
      for (; next < stretches.length; next += 1) {
        const starts = stretches[next];
        if (!starts) continue;
        for (let part = 0; part < partitions; part += 1)
          meetPartition(records, starts, part, base, matched, alike, standings, hasRest, isSameRow, onMet);
      }
    },
  };
}

/** The same of two tables that are whole. */
export function meetRows(columns: Columns, other: Columns, kind: KeyKind): Meeting {
  const met = meeting(indexBase(columns, spreadRows(columns, kind)), other.length);
  met.meet(other, spreadRows(other, kind));
  return met;
}

function meetPartition(
  records: Int32Array,
  starts: Int32Array,
  part: number,
  { spread: { records: known }, slots: all }: BaseRows,
  matched: Int32Array,
  alike: Uint8Array,
  standings: Uint8Array,
  hasRest: boolean,
  isSameRow: (row: number, mine: number) => boolean,
  onMet: ((at: number, row: number, looks: number) => void) | undefined,
): void {
  const slots = all[part];
  if (!slots) return;
  const mask = slots.length - 1;
  const last = (starts[part + 1] ?? 0) * recordWords;
  for (let at = (starts[part] ?? 0) * recordWords; at < last; at += recordWords) {
    const row = records[at + rowAt] ?? 0;
    let slot = hashAt(records, at) & mask;
    for (let found = slots[slot] ?? 0; found !== 0; found = slots[slot] ?? 0) {
      if (isSameKey(records, at, known, found - 1)) {
        const mine = known[found - 1 + rowAt] ?? 0;
        if ((!hasRest && isV4(records, at)) || isSameRow(row, mine)) {
          if ((matched[mine] ?? 0) >= 0) standings[row] = standing.repeats;
          else {
            matched[mine] = row;
            standings[row] = standing.met;
            const looks = records[at + looksAt] ?? 0;
            if (looks !== unknownLooks && looks === known[found - 1 + looksAt]) alike[mine] = 1;
            onMet?.(found - 1, row, looks);
          }
          break;
        }
      }
      slot = (slot + 1) & mask;
    }
  }
}
