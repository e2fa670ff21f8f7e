import type { Columns } from './columns.ts';
import { isSame, type KeyKind, keyWords, keyWriter } from './row-key.ts';
import { wideNumbers } from './wide-table.ts';

/** Finds rows by what makes them a connection. Of several rows of one connection it knows the first. */
export interface RowIndex {
  readonly columns: Columns;
  readonly kind: KeyKind;
  /** Four words a row. */
  readonly keys: Int32Array;
  /** Open addressing: the row + 1, 0 where free. */
  readonly slots: Int32Array;
}

const slotsFor = (rows: number): number => 2 ** Math.ceil(Math.log2(Math.max(rows, 8) * 2));

const isEqual = (a: Int32Array, at: number, b: Int32Array, other: number): boolean =>
  a[at] === b[other] &&
  a[at + 1] === b[other + 1] &&
  a[at + 2] === b[other + 2] &&
  a[at + 3] === b[other + 3];

/** 24 to 32 bytes a row. */
export function indexOf(columns: Columns, kind: KeyKind = 'exact'): RowIndex {
  const keys = new Int32Array(columns.length * keyWords);
  const slots = new Int32Array(slotsFor(columns.length));
  const mask = slots.length - 1;
  const write = keyWriter(columns, kind);
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
  const write = keyWriter(other, kind, wideNumbers(other.wide, columns.wide));
  const key = new Int32Array(keyWords);
  const mask = slots.length - 1;
  return (row) => {
    const hash = write(row, key, 0);
    if (hash === 0) return -1;
    for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const found = (slots[slot] ?? 0) - 1;
      if (isEqual(key, 0, keys, found * keyWords) && isSame(other, row, columns, found, kind)) return found;
    }
    return -1;
  };
}

/** The same for one row. Who looks up many makes a {@link finder} once. */
export const find = (index: RowIndex, other: Columns, row: number): number => finder(index, other)(row);

/** Rows a partition, so that its records and slots stay in the processor's cache. */
const partitionRows = 4096;

/** Words a record: the key, its hash, the row. */
const recordWords = 6;
const hashAt = 4;
const rowAt = 5;

interface Partitions {
  /** One partition behind the other. */
  readonly records: Int32Array;
  /** The record with which each partition begins, and the last one ends. */
  readonly starts: Int32Array;
}

/** Spreads the rows over 2^bits partitions by the upper bits of their hashes. */
function partition(columns: Columns, kind: KeyKind, bits: number, numbers?: Int32Array): Partitions {
  const write = keyWriter(columns, kind, numbers);
  const { length } = columns;
  // shifting by 32 shifts nothing
  const partOf = (hash: number): number => (hash >>> 1) >>> (31 - bits);
  const hashes = new Int32Array(length);
  const starts = new Int32Array(2 ** bits + 1);
  const scratch = new Int32Array(keyWords);
  for (let row = 0; row < length; row += 1) {
    const hash = write(row, scratch, 0);
    hashes[row] = hash;
    if (hash === 0) continue;
    const next = partOf(hash) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let part = 1; part < starts.length; part += 1)
    starts[part] = (starts[part] ?? 0) + (starts[part - 1] ?? 0);
  const records = new Int32Array((starts[2 ** bits] ?? 0) * recordWords);
  const next = starts.slice();
  for (let row = 0; row < length; row += 1) {
    const hash = hashes[row] ?? 0;
    if (hash === 0) continue;
    const part = partOf(hash);
    const place = next[part] ?? 0;
    next[part] = place + 1;
    const at = place * recordWords;
    write(row, records, at);
    records[at + hashAt] = hash;
    records[at + rowAt] = row;
  }
  return { records, starts };
}

/**
 * For each row of `from` the row of `to` that is the same connection, the first of several; -1 where there is none.
 * `repeats`, where given, becomes 1 for each row of `to` that repeats an earlier one. About 60 bytes a row while it works.
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
    holdPartition(held.records, begin, end, slots, size - 1, to, kind, repeats);
    const last = asked.starts[part + 1] ?? 0;
    for (let place = asked.starts[part] ?? 0; place < last; place += 1) {
      const at = place * recordWords;
      const row = asked.records[at + rowAt] ?? 0;
      let slot = (asked.records[at + hashAt] ?? 0) & (size - 1);
      for (; slots[slot] !== 0; slot = (slot + 1) & (size - 1)) {
        const found = ((slots[slot] ?? 0) - 1) * recordWords;
        if (!isEqual(asked.records, at, held.records, found)) continue;
        const heldRow = held.records[found + rowAt] ?? 0;
        if (!isSame(from, row, to, heldRow, kind)) continue;
        matched[row] = heldRow;
        break;
      }
    }
  }
  return matched;
}

/** Puts a partition's records into the slots, each connection once. */
function holdPartition(
  records: Int32Array,
  begin: number,
  end: number,
  slots: Int32Array,
  mask: number,
  columns: Columns,
  kind: KeyKind,
  repeats: Uint8Array | undefined,
): void {
  for (let place = begin; place < end; place += 1) {
    const at = place * recordWords;
    const row = records[at + rowAt] ?? 0;
    let slot = (records[at + hashAt] ?? 0) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = ((slots[slot] ?? 0) - 1) * recordWords;
      if (
        isEqual(records, at, records, other) &&
        isSame(columns, row, columns, records[other + rowAt] ?? 0, kind)
      )
        break;
    }
    if (slots[slot] === 0) slots[slot] = place + 1;
    else if (repeats) repeats[row] = 1;
  }
}
