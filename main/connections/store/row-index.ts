import type { Columns } from './columns.ts';
import { hashOf, isBlurredProtocol, isSame, type KeyKind, keyWords, keyWriter } from './row-key.ts';
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
  a[at + 1] === b[other + 1] &&
  a[at + 3] === b[other + 3] &&
  a[at + 2] === b[other + 2] &&
  a[at] === b[other];

const few = 2 ** 14;

/** 24 to 32 bytes a row. */
export function indexOf(columns: Columns, kind: KeyKind = 'exact'): RowIndex {
  const keys = new Int32Array(columns.length * keyWords);
  // where few are sought, nearly every slot is free, and most rows are done with at the first look
  const slots = new Int32Array(slotsFor(columns.length * (columns.length < few ? 16 : 1)));
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
    for (let slot = write(row, key, 0) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const found = (slots[slot] ?? 0) - 1;
      if (isEqual(key, 0, keys, found * keyWords) && isSame(other, row, columns, found, kind)) return found;
    }
    return -1;
  };
}

/** Tells each row of `other` that is the same connection as one of the indexed, and that one: for few that are sought in many. */
export function forEachFound(
  { columns, kind, keys, slots }: RowIndex,
  other: Columns,
  onFound: (row: number, found: number) => void,
): void {
  const { zone, protocol, family, src, dst, sport, dport, length } = other;
  const numbers = wideNumbers(other.wide, columns.wide);
  const isCarried = kind === 'carried';
  const mask = slots.length - 1;
  for (let row = 0; row < length; row += 1) {
    const number = protocol[row] ?? 0;
    const version = family[row] ?? 0;
    let from = (src[row] ?? 0) | 0;
    let towards = (dst[row] ?? 0) | 0;
    if (version !== 4) {
      from = numbers[from] ?? -1;
      towards = numbers[towards] ?? -1;
    }
    const head = ((zone[row] ?? 0) << 16) | (number << 8) | version;
    const ends = isCarried && isBlurredProtocol(number) ? 0 : ((sport[row] ?? 0) << 16) | (dport[row] ?? 0);
    let slot = hashOf(head, from, towards, ends) & mask;
    for (let entry = slots[slot] ?? 0; entry !== 0; entry = slots[slot] ?? 0) {
      const at = (entry - 1) * keyWords;
      if (
        keys[at + 1] === from &&
        keys[at + 2] === towards &&
        keys[at + 3] === ends &&
        keys[at] === head &&
        isSame(other, row, columns, entry - 1, kind)
      ) {
        onFound(row, entry - 1);
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
}

/** The same for one row. Who looks up many makes a {@link finder} once. */
export const find = (index: RowIndex, other: Columns, row: number): number => finder(index, other)(row);

/** Rows a partition, so that its records and slots stay in the processor's cache. */
const partitionRows = 4096;

/** Words a record: the key, the row, and what {@link Matched.alike} compares. */
const recordWords = 6;
const rowAt = 4;
const looksAt = 5;

const unknownLooks = -1;

/** State, flags and mark in one word, where they fit: a word more for the mark would cost each record as much again. */
const looksOf = (state: number, flags: number, mark: number): number =>
  mark < 0xf_ffff && flags < 16 && state < 256 ? (mark << 12) | (state << 4) | flags : unknownLooks;

interface Partitions {
  /** One partition behind the other. */
  readonly records: Int32Array;
  /** The record with which each partition begins, and the last one ends. */
  readonly starts: Int32Array;
}

/**
 * Spreads the rows over 2^bits partitions by the upper bits of their hashes. The key is written out in the loops: a call
 * for each of a million rows would take half of the time again.
 */
function partition(columns: Columns, kind: KeyKind, bits: number, numbers?: Int32Array): Partitions {
  const { zone, protocol, family, src, dst, sport, dport, state, flags, mark, length } = columns;
  const isCarried = kind === 'carried';
  const shift = 31 - bits;
  const hashes = new Int32Array(length);
  const starts = new Int32Array(2 ** bits + 1);
  for (let row = 0; row < length; row += 1) {
    const number = protocol[row] ?? 0;
    const version = family[row] ?? 0;
    // as signed numbers, with which the processor counts as they are
    let from = (src[row] ?? 0) | 0;
    let towards = (dst[row] ?? 0) | 0;
    if (version !== 4 && numbers !== undefined) {
      from = numbers[from] ?? -1;
      towards = numbers[towards] ?? -1;
    }
    const head = ((zone[row] ?? 0) << 16) | (number << 8) | version;
    const ends = isCarried && isBlurredProtocol(number) ? 0 : ((sport[row] ?? 0) << 16) | (dport[row] ?? 0);
    const hash = hashOf(head, from, towards, ends);
    hashes[row] = hash;
    // shifting by 32 shifts nothing
    const next = ((hash >>> 1) >>> shift) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let part = 1; part < starts.length; part += 1)
    starts[part] = (starts[part] ?? 0) + (starts[part - 1] ?? 0);
  const records = new Int32Array(length * recordWords);
  const next = starts.slice();
  for (let row = 0; row < length; row += 1) {
    const hash = hashes[row] ?? 0;
    const part = (hash >>> 1) >>> shift;
    const place = next[part] ?? 0;
    next[part] = place + 1;
    const at = place * recordWords;
    const number = protocol[row] ?? 0;
    const version = family[row] ?? 0;
    let from = (src[row] ?? 0) | 0;
    let towards = (dst[row] ?? 0) | 0;
    if (version !== 4 && numbers !== undefined) {
      from = numbers[from] ?? -1;
      towards = numbers[towards] ?? -1;
    }
    records[at] = ((zone[row] ?? 0) << 16) | (number << 8) | version;
    records[at + 1] = from;
    records[at + 2] = towards;
    records[at + 3] =
      isCarried && isBlurredProtocol(number) ? 0 : ((sport[row] ?? 0) << 16) | (dport[row] ?? 0);
    records[at + rowAt] = row;
    records[at + looksAt] = looksOf(state[row] ?? 0, flags[row] ?? 0, mark[row] ?? 0);
  }
  return { records, starts };
}

/** Hashed again rather than kept: a word more of a record costs more than the hash does. */
const hashAt = (records: Int32Array, at: number): number =>
  hashOf(records[at] ?? 0, records[at + 1] ?? 0, records[at + 2] ?? 0, records[at + 3] ?? 0);

/** What {@link matchRows} tells beside, where it is asked to: a byte a row, 0 where it is not so. */
interface Matched {
  /** 1 for each row of `to` that repeats an earlier one. */
  readonly repeats?: Uint8Array;
  /**
   * 1 for each row of `from` that has the state, the flags and the mark of the one that it is the same as; of a mark of
   * more than 20 bits it is not told.
   */
  readonly alike?: Uint8Array;
}

/**
 * For each row of `from` the row of `to` that is the same connection, the first of several; -1 where there is none.
 * About 60 bytes a row while it works.
 */
export function matchRows(
  from: Columns,
  to: Columns,
  kind: KeyKind = 'exact',
  { repeats, alike }: Matched = {},
): Int32Array {
  const matched = new Int32Array(from.length).fill(-1);
  const bits = Math.max(0, Math.min(12, Math.ceil(Math.log2(Math.max(1, to.length / partitionRows)))));
  const held = partition(to, kind, bits);
  const asked = partition(from, kind, bits, wideNumbers(from.wide, to.wide));
  const hasRest = from.rest.size > 0 || to.rest.size > 0;
  let slots = new Int32Array(slotsFor(partitionRows * 4));
  for (let part = 0; part < 2 ** bits; part += 1) {
    const begin = held.starts[part] ?? 0;
    const end = held.starts[part + 1] ?? 0;
    // half as full as an index: a slot that is taken costs a branch that was guessed wrong
    const size = slotsFor((end - begin) * 2);
    if (size > slots.length) slots = new Int32Array(size);
    else slots.fill(0, 0, size);
    holdPartition(held.records, begin, end, slots, size - 1, to, kind, repeats);
    askPartition(
      asked,
      part,
      held.records,
      slots,
      size - 1,
      matched,
      alike,
      hasRest ? (row, other) => isSame(from, row, to, other, kind) : undefined,
    );
  }
  return matched;
}

function askPartition(
  { records, starts }: Partitions,
  part: number,
  held: Int32Array,
  slots: Int32Array,
  mask: number,
  matched: Int32Array,
  alike: Uint8Array | undefined,
  isSameRow: ((row: number, other: number) => boolean) | undefined,
): void {
  const last = (starts[part + 1] ?? 0) * recordWords;
  for (let at = (starts[part] ?? 0) * recordWords; at < last; at += recordWords) {
    const row = records[at + rowAt] ?? 0;
    let slot = hashAt(records, at) & mask;
    for (let found = slots[slot] ?? 0; found !== 0; found = slots[slot] ?? 0) {
      if (isEqual(records, at, held, found - 1)) {
        const heldRow = held[found - 1 + rowAt] ?? 0;
        if (isSameRow === undefined || isSameRow(row, heldRow)) {
          matched[row] = heldRow;
          const looks = records[at + looksAt] ?? 0;
          if (alike && looks !== unknownLooks && looks === held[found - 1 + looksAt]) alike[row] = 1;
          break;
        }
      }
      slot = (slot + 1) & mask;
    }
  }
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
    let slot = hashAt(records, at) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = (slots[slot] ?? 0) - 1;
      if (
        isEqual(records, at, records, other) &&
        isSame(columns, row, columns, records[other + rowAt] ?? 0, kind)
      )
        break;
    }
    if (slots[slot] === 0) slots[slot] = at + 1;
    else if (repeats) repeats[row] = 1;
  }
}
