import type { Columns } from './columns.ts';
import { slotsFor } from './row-index.ts';
import { hashOf, isSame, isSameKey, type KeyKind } from './row-key.ts';
import { partitions, recordWords, rowAt, type Spread, spreadRows } from './spread-rows.ts';

/**
 * For each row of `from` the row of `to` that is the same connection, the first of several; -1 where there is none.
 * `repeats` becomes 1 for each row of `to` that repeats an earlier one. About 60 bytes a row while it works.
 */
export function matchRows(
  from: Columns,
  to: Columns,
  kind: KeyKind = 'exact',
  repeats?: Uint8Array,
): Int32Array {
  const matched = new Int32Array(from.length).fill(-1);
  const held = spreadRows(to, kind);
  const asked = spreadRows(from, kind);
  const hasRest = from.rest.size > 0 || to.rest.size > 0;
  const isSameRow = (row: number, other: number) => isSame(from, row, to, other, kind);
  const onRepeat =
    repeats &&
    ((at: number) => {
      repeats[held.records[at + rowAt] ?? 0] = 1;
    });
  let slots = new Int32Array(slotsFor(1));
  for (let part = 0; part < partitions; part += 1) {
    const size = slotsOf(held, part);
    if (size > slots.length) slots = new Int32Array(size);
    else slots.fill(0, 0, size);
    for (const starts of held.stretches)
      holdPartition(held.records, starts, part, slots, size - 1, to, kind, onRepeat);
    for (const starts of asked.stretches)
      askPartition(asked.records, starts, part, held.records, slots, size - 1, matched, hasRest, isSameRow);
  }
  return matched;
}

/** Half as full as an index: a slot that is taken costs a branch that was guessed wrong. */
export const slotsOf = ({ stretches }: Spread, part: number): number =>
  slotsFor(stretches.reduce((sum, starts) => sum + (starts[part + 1] ?? 0) - (starts[part] ?? 0), 0) * 2);

/** Hashed again rather than kept: a word more of a record costs more than the hash does. */
export const hashAt = (records: Int32Array, at: number): number =>
  hashOf(records[at] ?? 0, records[at + 1] ?? 0, records[at + 2] ?? 0, records[at + 3] ?? 0);

/** Of IPv4 the key tells the addresses themselves. */
export const isV4 = (records: Int32Array, at: number): boolean => ((records[at] ?? 0) & 0xff) === 4;

function askPartition(
  records: Int32Array,
  starts: Int32Array,
  part: number,
  held: Int32Array,
  slots: Int32Array,
  mask: number,
  matched: Int32Array,
  hasRest: boolean,
  isSameRow: (row: number, other: number) => boolean,
): void {
  const last = (starts[part + 1] ?? 0) * recordWords;
  for (let at = (starts[part] ?? 0) * recordWords; at < last; at += recordWords) {
    const row = records[at + rowAt] ?? 0;
    let slot = hashAt(records, at) & mask;
    for (let found = slots[slot] ?? 0; found !== 0; found = slots[slot] ?? 0) {
      if (isSameKey(records, at, held, found - 1)) {
        const heldRow = held[found - 1 + rowAt] ?? 0;
        if ((!hasRest && isV4(records, at)) || isSameRow(row, heldRow)) {
          matched[row] = heldRow;
          break;
        }
      }
      slot = (slot + 1) & mask;
    }
  }
}

/** Puts a partition's records of one stretch into the slots, each connection once; tells of each other where it and the first begin. */
export function holdPartition(
  records: Int32Array,
  starts: Int32Array,
  part: number,
  slots: Int32Array,
  mask: number,
  columns: Columns,
  kind: KeyKind,
  onRepeat: ((at: number, first: number) => void) | undefined,
): void {
  const end = starts[part + 1] ?? 0;
  for (let place = starts[part] ?? 0; place < end; place += 1) {
    const at = place * recordWords;
    const row = records[at + rowAt] ?? 0;
    let slot = hashAt(records, at) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = (slots[slot] ?? 0) - 1;
      if (
        isSameKey(records, at, records, other) &&
        isSame(columns, row, columns, records[other + rowAt] ?? 0, kind)
      )
        break;
    }
    if (slots[slot] === 0) slots[slot] = at + 1;
    else onRepeat?.(at, (slots[slot] ?? 0) - 1);
  }
}
