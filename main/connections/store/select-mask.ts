import type { Columns } from './columns.ts';
import type { Revision } from './revision.ts';

/** What of a table a filter is asked about. */
export type Selectable = Pick<Revision, 'columns' | 'changes' | 'replicas' | 'timeouts'>;

/** A byte a row of the table: 1 where it fits, else 0. */
export type Mask = Uint8Array<ArrayBuffer>;

/**
 * 1 where the 32 bits of `value`, read without a sign, are not above `most`, else 0: a number made of the comparison,
 * because a branch is guessed wrong for half of the rows of a filter that half of them pass.
 */
export const isAtMost = (value: number, most: number): number => Number(value >>> 0 <= most);

/** 1 where all `bits` are set in `own`, else 0. */
export const hasAll = (own: number, bits: number): number => Number((own & bits) === bits);

export type WholeNumbers = Uint8Array | Uint16Array | Uint32Array;

export function union(mask: Mask, other: Mask): Mask {
  for (let row = 0; row < mask.length; row += 1) mask[row] = (mask[row] ?? 0) | (other[row] ?? 0);
  return mask;
}

/** Rows with all `bits` of `has` whose number is one that fits: `fits` has a byte for each that the column may hold. */
export function maskOfFits(
  { has, length }: Columns,
  values: Uint8Array | Uint16Array,
  fits: Uint8Array,
  bits = 0,
): Mask {
  const mask = new Uint8Array(length);
  if (!fits.includes(1)) return mask;
  for (let row = 0; row < length; row += 1)
    mask[row] = hasAll(has[row] ?? 0, bits) & (fits[values[row] ?? 0] ?? 0);
  return mask;
}

/**
 * The rows of a mask, in their order, four at a time: where few fit, most fours have none. The first of four is the
 * lowest byte, as on every processor this runs on.
 */
export function rowsOf(mask: Mask): Uint32Array {
  const fours = new Int32Array(mask.buffer, 0, mask.length >>> 2);
  const rest = fours.length * 4;
  let total = 0;
  // the product's highest byte is the sum of the four
  for (let at = 0; at < fours.length; at += 1) total += Math.imul(fours[at] ?? 0, 0x0101_0101) >>> 24;
  for (let row = rest; row < mask.length; row += 1) total += mask[row] ?? 0;
  // one place more than there are rows: what does not fit is written there, or over the next that does
  const rows = new Uint32Array(total + 1);
  let count = 0;
  for (let at = 0; at < fours.length; at += 1) {
    const four = fours[at] ?? 0;
    if (four === 0) continue;
    // without a branch, which would be guessed wrong for every other row
    rows[count] = at * 4;
    count += four & 1;
    rows[count] = at * 4 + 1;
    count += (four >>> 8) & 1;
    rows[count] = at * 4 + 2;
    count += (four >>> 16) & 1;
    rows[count] = at * 4 + 3;
    count += four >>> 24;
  }
  for (let row = rest; row < mask.length; row += 1) {
    rows[count] = row;
    count += mask[row] ?? 0;
  }
  return rows.subarray(0, total);
}

/** A byte for each number below `size`: 1 where it fits. */
export function fitsOf(size: number, isFit: (value: number) => boolean): Uint8Array {
  const fits = new Uint8Array(size);
  for (let value = 0; value < size; value += 1) if (isFit(value)) fits[value] = 1;
  return fits;
}

/** Rows with all `bits` whose number, as text, holds `text`, unless it is the one that stands for none. */
export function maskOfDigits(
  { has, length }: Columns,
  values: Uint32Array,
  text: string,
  bits: number,
  absent: number,
): Mask {
  const mask = new Uint8Array(length);
  if (!/^\d*$/.test(text)) return mask;
  for (let row = 0; row < length; row += 1) {
    const value = values[row] ?? 0;
    if (((has[row] ?? 0) & bits) === bits && value !== absent && String(value).includes(text)) mask[row] = 1;
  }
  return mask;
}
