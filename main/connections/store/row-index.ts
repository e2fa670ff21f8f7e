import type { Columns } from './columns.ts';
import { isBlurredProtocol, isSame, isSameKey, type KeyKind, keyWords, keyWriter } from './row-key.ts';
import { wideHashes } from './wide-table.ts';

/** Finds rows by what makes them a connection. Of several rows of one connection it knows the first. */
export interface RowIndex {
  readonly columns: Columns;
  readonly kind: KeyKind;
  /** The rows that it finds, by their places in it; undefined: all of them, each at its own place. */
  readonly rows: Uint32Array | undefined;
  /** Four words a place. */
  readonly keys: Int32Array;
  /** Open addressing: the place + 1, 0 where free. */
  readonly slots: Int32Array;
}

/** The hash of each row's key, by what makes it a connection in a comparison of this kind. */
export interface RowHashes {
  readonly kind: KeyKind;
  readonly hashes: Int32Array;
  /** Those of the table's IPv6 addresses, by their numbers. */
  readonly wide: Int32Array;
}

export const slotsFor = (rows: number): number => 2 ** Math.ceil(Math.log2(Math.max(rows, 8) * 2));

const few = 2 ** 14;

/** 24 to 32 bytes a row. `rows`: those that are to be found, in their order; undefined: all. */
export function indexOf(columns: Columns, kind: KeyKind = 'exact', rows?: Uint32Array): RowIndex {
  const length = rows?.length ?? columns.length;
  const keys = new Int32Array(length * keyWords);
  // where few are sought, nearly every slot is free, and most rows are done with at the first look
  const slots = new Int32Array(slotsFor(length * (length < few ? 16 : 1)));
  const mask = slots.length - 1;
  const write = keyWriter(columns, kind);
  const rowAt = (place: number): number => (rows ? (rows[place] ?? 0) : place);
  for (let place = 0; place < length; place += 1) {
    let slot = write(rowAt(place), keys, place * keyWords) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = (slots[slot] ?? 0) - 1;
      if (
        isSameKey(keys, place * keyWords, keys, other * keyWords) &&
        isSame(columns, rowAt(place), columns, rowAt(other), kind)
      )
        break;
    }
    if (slots[slot] === 0) slots[slot] = place + 1;
  }
  return { columns, kind, rows, keys, slots };
}

/** Looks rows of another table up: gives the row of the indexed one that is the same connection, -1 where there is none. */
export function finder(
  { columns, kind, rows, keys, slots }: RowIndex,
  other: Columns,
  wide = wideHashes(other.wide),
): (row: number) => number {
  const write = keyWriter(other, kind, wide);
  const key = new Int32Array(keyWords);
  const mask = slots.length - 1;
  return (row) => {
    for (let slot = write(row, key, 0) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const place = (slots[slot] ?? 0) - 1;
      const found = rows ? (rows[place] ?? 0) : place;
      if (isSameKey(key, 0, keys, place * keyWords) && isSame(other, row, columns, found, kind)) return found;
    }
    return -1;
  };
}

/** The same for one row. Who looks up many makes a {@link finder} once. */
export const find = (index: RowIndex, other: Columns, row: number): number => finder(index, other)(row);

/**
 * Tells each row of `other` that is the same connection as one of the indexed, and that one: for few that are sought in
 * many. `hashed`: the hashes of the rows of `other`, where somebody has them.
 */
export function forEachFound(
  index: RowIndex,
  other: Columns,
  onFound: (row: number, found: number) => void,
  hashed?: RowHashes,
): void {
  const { kind, slots } = index;
  const mask = slots.length - 1;
  const wide = hashed?.wide ?? wideHashes(other.wide);
  const lookUp = finder(index, other, wide);
  const look = (row: number): void => {
    const found = lookUp(row);
    if (found >= 0) onFound(row, found);
  };
  if (hashed) {
    const { hashes } = hashed;
    const { protocol, length } = other;
    // of what the kinds tell apart in another way, the hash is another
    const isOfKind = hashed.kind === kind;
    for (let row = 0; row < length; row += 1)
      if (slots[(hashes[row] ?? 0) & mask] !== 0 || (!isOfKind && isBlurredProtocol(protocol[row] ?? 0)))
        look(row);
    return;
  }
  const isNear = nearness(index);
  const { family, protocol, src, sport, dport, length } = other;
  for (let row = 0; row < length; row += 1) {
    const own = src[row] ?? 0;
    const from = family[row] === 4 ? own : (wide[own] ?? 0);
    const ends = ((sport[row] ?? 0) << 16) | (dport[row] ?? 0);
    if (isNear(from, ends) || (kind === 'carried' && isBlurredProtocol(protocol[row] ?? 0))) look(row);
  }
}

/** Bits a place that is indexed: of those that are asked in vain one of so many is looked up. */
const bitsEach = 32;

/** Whether a row may be indexed, by the source and the ends of its key: a bit is quicker than the whole hash of a key. */
function nearness({ keys }: RowIndex): (from: number, ends: number) => boolean {
  const size = Math.ceil(Math.log2(Math.max(32, (keys.length / keyWords) * bitsEach)));
  const bits = new Int32Array(2 ** (size - 5));
  const shift = 32 - size;
  const bitOf = (from: number, ends: number): number =>
    Math.imul(from ^ Math.imul(ends, 0x9e37_79b1), 0x85eb_ca77) >>> shift;
  for (let at = 0; at < keys.length; at += keyWords) {
    const bit = bitOf(keys[at + 1] ?? 0, keys[at + 3] ?? 0);
    bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }
  return (from, ends) => {
    const bit = bitOf(from, ends);
    return (((bits[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
  };
}
