import type { Columns } from './columns.ts';
import type { Revision } from './revision.ts';

/** What of a table a filter is asked about. */
export type Selectable = Pick<Revision, 'columns' | 'changes' | 'replicas' | 'timeouts'>;

/** A byte a row of the table: 1 where it fits, else 0. */
export type Mask = Uint8Array<ArrayBuffer>;

/**
 * 1 where `value` is not above `most`, both of 32 bits without a sign, else 0: told from the borrow of a subtraction,
 * because a branch is guessed wrong for half of the rows of a filter that half of them pass.
 */
export const isAtMost = (value: number, most: number): number =>
  1 ^ (((~most & value) | ((~most | value) & (most - value))) >>> 31);

/** 1 where all `bits` are set in `own`, else 0. */
export const hasAll = (own: number, bits: number): number => (((own & bits) ^ bits) - 1) >>> 31;

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
  for (let row = 0; row < length; row += 1)
    mask[row] = ((has[row] ?? 0) & bits) === bits ? (fits[values[row] ?? 0] ?? 0) : 0;
  return mask;
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
