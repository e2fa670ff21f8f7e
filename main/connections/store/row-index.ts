import type { Columns } from './columns.ts';
import { isSame, type KeyKind, keyWords, keyWriter } from './row-key.ts';
import { wideNumbers } from './wide-table.ts';

/** Finds rows by what makes them a connection. Of several rows of one connection it knows the first. */
export interface RowIndex {
  readonly columns: Columns;
  readonly kind: KeyKind;
  /** Four words a row. */
  readonly keys: Uint32Array;
  /** Open addressing: the row + 1, 0 where free. */
  readonly slots: Int32Array;
}

const slotsFor = (rows: number): number => 2 ** Math.ceil(Math.log2(Math.max(rows, 8) * 2));

const isEqual = (a: Uint32Array, at: number, b: Uint32Array, other: number): boolean =>
  a[at] === b[other] &&
  a[at + 1] === b[other + 1] &&
  a[at + 2] === b[other + 2] &&
  a[at + 3] === b[other + 3];

/** 24 to 32 bytes a row. */
export function indexOf(columns: Columns, kind: KeyKind = 'exact'): RowIndex {
  const keys = new Uint32Array(columns.length * keyWords);
  const slots = new Int32Array(slotsFor(columns.length));
  const mask = slots.length - 1;
  const { write } = keyWriter(columns, kind);
  for (let row = 0; row < columns.length; row += 1) {
    let slot = write(row, keys, row * keyWords) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = (slots[slot] ?? 0) - 1;
      if (isEqual(keys, row * keyWords, keys, other * keyWords) && isSame(columns, row, columns, other, kind))
        break;
    }
    if (slots[slot] === 0) slots[slot] = row + 1;
  }
  return { columns, kind, keys, slots };
}

/** Looks rows of another table up: gives the row of the indexed one that is the same connection, -1 where there is none. */
export function finder({ columns, kind, keys, slots }: RowIndex, other: Columns): (row: number) => number {
  const { write, isAbsent } = keyWriter(other, kind, wideNumbers(other.wide, columns.wide));
  const key = new Uint32Array(keyWords);
  const mask = slots.length - 1;
  return (row) => {
    if (isAbsent(row)) return -1;
    for (let slot = write(row, key, 0) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const found = (slots[slot] ?? 0) - 1;
      if (isEqual(key, 0, keys, found * keyWords) && isSame(other, row, columns, found, kind)) return found;
    }
    return -1;
  };
}

/** The same for one row. Who looks up many makes a {@link finder} once. */
export const find = (index: RowIndex, other: Columns, row: number): number => finder(index, other)(row);

/** Rows a partition, so that its keys and slots stay in the processor's cache. */
const partitionRows = 2048;

interface Partitions {
  /** Four words a row, one partition behind the other. */
  readonly keys: Uint32Array;
  readonly hashes: Uint32Array;
  readonly rows: Uint32Array;
  /** Where each partition begins, and the last one ends. */
  readonly starts: Uint32Array;
}

/** Spreads the rows over 2^bits partitions by the upper bits of their hashes. */
function partition(columns: Columns, kind: KeyKind, bits: number, numbers?: Int32Array): Partitions {
  const { write, isAbsent } = keyWriter(columns, kind, numbers);
  const { length } = columns;
  const scratch = new Uint32Array(keyWords);
  const shift = 32 - bits;
  const hashOf = new Uint32Array(length);
  const starts = new Uint32Array(2 ** bits + 1);
  const skipped = 0;
  for (let row = 0; row < length; row += 1) {
    const hash = isAbsent(row) ? skipped : write(row, scratch, 0) || 1;
    hashOf[row] = hash;
    if (hash !== skipped)
      starts[(bits === 0 ? 0 : hash >>> shift) + 1] =
        (starts[(bits === 0 ? 0 : hash >>> shift) + 1] ?? 0) + 1;
  }
  for (let index = 1; index < starts.length; index += 1)
    starts[index] = (starts[index] ?? 0) + (starts[index - 1] ?? 0);
  const count = starts[starts.length - 1] ?? 0;
  const next = starts.slice();
  const keys = new Uint32Array(count * keyWords);
  const hashes = new Uint32Array(count);
  const rows = new Uint32Array(count);
  for (let row = 0; row < length; row += 1) {
    const hash = hashOf[row] ?? skipped;
    if (hash === skipped) continue;
    const part = bits === 0 ? 0 : hash >>> shift;
    const at = next[part] ?? 0;
    next[part] = at + 1;
    write(row, keys, at * keyWords);
    hashes[at] = hash;
    rows[at] = row;
  }
  return { keys, hashes, rows, starts };
}

/**
 * For each row of `from` the row of `to` that is the same connection, the first of several; -1 where there is none.
 * `repeats`, where given, becomes 1 for each row of `to` that repeats an earlier one. About 50 bytes a row while it works.
 */
export function matchRows(
  from: Columns,
  to: Columns,
  kind: KeyKind = 'exact',
  repeats?: Uint8Array,
): Int32Array {
  const matched = new Int32Array(from.length).fill(-1);
  const bits = Math.max(0, Math.min(12, Math.ceil(Math.log2(Math.max(1, to.length / partitionRows)))));
  const held = partition(to, kind, bits);
  const asked = partition(from, kind, bits, wideNumbers(from.wide, to.wide));
  let slots = new Int32Array(slotsFor(partitionRows * 2));
  for (let part = 0; part < 2 ** bits; part += 1) {
    const begin = held.starts[part] ?? 0;
    const end = held.starts[part + 1] ?? 0;
    const size = slotsFor(end - begin);
    if (size > slots.length) slots = new Int32Array(size);
    else slots.fill(0, 0, size);
    const mask = size - 1;
    for (let at = begin; at < end; at += 1) {
      let slot = (held.hashes[at] ?? 0) & mask;
      for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const other = (slots[slot] ?? 0) - 1;
        if (
          isEqual(held.keys, at * keyWords, held.keys, other * keyWords) &&
          isSame(to, held.rows[at] ?? 0, to, held.rows[other] ?? 0, kind)
        )
          break;
      }
      if (slots[slot] === 0) slots[slot] = at + 1;
      else if (repeats) repeats[held.rows[at] ?? 0] = 1;
    }
    const last = asked.starts[part + 1] ?? 0;
    for (let at = asked.starts[part] ?? 0; at < last; at += 1) {
      for (let slot = (asked.hashes[at] ?? 0) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const found = (slots[slot] ?? 0) - 1;
        if (!isEqual(asked.keys, at * keyWords, held.keys, found * keyWords)) continue;
        const row = asked.rows[at] ?? 0;
        const heldRow = held.rows[found] ?? 0;
        if (!isSame(from, row, to, heldRow, kind)) continue;
        matched[row] = heldRow;
        break;
      }
    }
  }
  return matched;
}
