import type { Columns } from './columns.ts';
import {
  hashRows,
  isBlurredProtocol,
  isSame,
  isSameKey,
  type KeyKind,
  keyWords,
  keyWriter,
} from './row-key.ts';
import { wideHashes } from './wide-table.ts';

/** Finds rows by what makes them a connection. Of several rows of one connection it knows the first. */
export interface RowIndex {
  readonly columns: Columns;
  readonly kind: KeyKind;
  /** Four words a row. */
  readonly keys: Int32Array;
  /** Open addressing: the row + 1, 0 where free. */
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
      if (
        isSameKey(keys, row * keyWords, keys, other * keyWords) &&
        isSame(columns, row, columns, other, kind)
      )
        break;
    }
    if (slots[slot] === 0) slots[slot] = row + 1;
  }
  return { columns, kind, keys, slots };
}

/** Looks rows of another table up: gives the row of the indexed one that is the same connection, -1 where there is none. */
export function finder(
  { columns, kind, keys, slots }: RowIndex,
  other: Columns,
  wide = wideHashes(other.wide),
): (row: number) => number {
  const write = keyWriter(other, kind, wide);
  const key = new Int32Array(keyWords);
  const mask = slots.length - 1;
  return (row) => {
    for (let slot = write(row, key, 0) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const found = (slots[slot] ?? 0) - 1;
      if (isSameKey(key, 0, keys, found * keyWords) && isSame(other, row, columns, found, kind)) return found;
    }
    return -1;
  };
}

/** The same for one row. Who looks up many makes a {@link finder} once. */
export const find = (index: RowIndex, other: Columns, row: number): number => finder(index, other)(row);

/** Rows that are hashed at once, where they were not before. */
const stretchRows = 2 ** 14;

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
  const hashes = new Int32Array(Math.min(other.length, stretchRows));
  for (let first = 0; first < other.length; first += stretchRows) {
    const end = Math.min(other.length, first + stretchRows);
    hashRows(other, kind, wide, first, end, hashes);
    for (let row = first; row < end; row += 1) if (slots[(hashes[row - first] ?? 0) & mask] !== 0) look(row);
  }
}
