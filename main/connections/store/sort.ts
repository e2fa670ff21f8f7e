import type { SortKey } from '../../../shared/domain/connection-query.ts';
import type { Columns } from './columns.ts';
import { type Order, orderOf } from './sort-order.ts';

const digitBits = 11;
const buckets = 2 ** digitBits;
const word = 2 ** 32;

/**
 * Row numbers in a new order: by the first key, those that are equal by the next, and at last as they were. What has no
 * value in a column comes last, whichever the direction. `rows` undefined: all of the table.
 */
export function sortRows(
  columns: Columns,
  rates: Float32Array | undefined,
  rows: Uint32Array | undefined,
  sort: readonly SortKey[],
): Uint32Array {
  let sorted: Uint32Array = rows ?? new Uint32Array(columns.length);
  if (!rows) {
    for (let row = 0; row < sorted.length; row += 1) sorted[row] = row;
  }
  // the least important first: each pass keeps the order of those before it among equals
  for (const { column, direction } of sort.toReversed()) {
    const order = orderOf(columns, rates, column);
    sorted = sortBy(sorted, order, direction === 'desc');
  }
  return sorted;
}

function sortBy(rows: Uint32Array, { low, high, has }: Order, isDescending: boolean): Uint32Array {
  const to = new Uint32Array(rows.length);
  const count = has ? split(rows, has, to) : rows.length;
  if (!has) to.set(rows);
  const present = to.subarray(0, count);
  radix(present, low, isDescending);
  if (high) radix(present, high, isDescending);
  return to;
}

/** Those with a value to the front, those without behind them, each in their order; gives how many have one. */
function split(rows: Uint32Array, has: Uint8Array, to: Uint32Array): number {
  let count = 0;
  for (let at = 0; at < rows.length; at += 1) count += has[rows[at] ?? 0] ?? 0;
  let next = 0;
  let nextAbsent = count;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    if (has[row] === 1) {
      to[next] = row;
      next += 1;
    } else {
      to[nextAbsent] = row;
      nextAbsent += 1;
    }
  }
  return count;
}

/** Sorts in place, digit by digit from the lowest; a digit that is the same everywhere costs nothing. */
function radix(
  rows: Uint32Array,
  values: Uint32Array | Uint16Array | Uint8Array,
  isDescending: boolean,
): void {
  const { length } = rows;
  const bits = values.BYTES_PER_ELEMENT * 8;
  const flip = isDescending ? (bits === 32 ? word - 1 : 2 ** bits - 1) : 0;
  let fromRows: Uint32Array = rows;
  let toRows: Uint32Array = new Uint32Array(length);
  let fromKeys = new Uint32Array(length);
  let toKeys = new Uint32Array(length);
  for (let at = 0; at < length; at += 1) fromKeys[at] = (values[rows[at] ?? 0] ?? 0) ^ flip;
  const starts = new Uint32Array(buckets);
  for (let shift = 0; shift < bits; shift += digitBits) {
    starts.fill(0);
    for (let at = 0; at < length; at += 1) {
      const digit = ((fromKeys[at] ?? 0) >>> shift) & (buckets - 1);
      starts[digit] = (starts[digit] ?? 0) + 1;
    }
    if (length === 0 || starts[((fromKeys[0] ?? 0) >>> shift) & (buckets - 1)] === length) continue;
    let start = 0;
    for (let digit = 0; digit < buckets; digit += 1) {
      const count = starts[digit] ?? 0;
      starts[digit] = start;
      start += count;
    }
    for (let at = 0; at < length; at += 1) {
      const key = fromKeys[at] ?? 0;
      const digit = (key >>> shift) & (buckets - 1);
      const place = starts[digit] ?? 0;
      starts[digit] = place + 1;
      toRows[place] = fromRows[at] ?? 0;
      toKeys[place] = key;
    }
    [fromRows, toRows] = [toRows, fromRows];
    [fromKeys, toKeys] = [toKeys, fromKeys];
  }
  if (fromRows !== rows) rows.set(fromRows);
}
