import type { SortKey } from '../../../shared/domain/connection-query.ts';
import type { Columns } from './columns.ts';
import { ascending, radix } from './radix.ts';
import { type Beside, type Order, orderOf } from './sort-order.ts';

/**
 * Row numbers in a new order: by the first key, those that are equal by the next, and at last as they were. What has no
 * value in a column comes last, whichever the direction. `rows` undefined: all of the table.
 */
export function sortRows(
  columns: Columns,
  beside: Beside,
  rows: Uint32Array | undefined,
  sort: readonly SortKey[],
): Uint32Array {
  let sorted = rows;
  // the least important first: each pass keeps the order of those before it among equals
  for (const { column, direction } of sort.toReversed())
    sorted = sortBy(sorted, columns.length, orderOf(columns, beside, column), direction === 'desc');
  return sorted ?? ascending(columns.length);
}

/** `rows` undefined: all of `total`, as they came. */
function sortBy(
  rows: Uint32Array | undefined,
  total: number,
  { low, high, has }: Order,
  isDescending: boolean,
): Uint32Array {
  const length = rows?.length ?? total;
  const count = has ? countOf(rows, has, length) : length;
  const all = count === length || !has ? rows : split(rows, length, has, count);
  const present = all === undefined || count === length ? all : all.subarray(0, count);
  let sorted = radix(present, count, low, isDescending);
  if (high) sorted = radix(sorted, count, high, isDescending);
  if (all === undefined || count === length) return sorted;
  all.set(sorted);
  return all;
}

function countOf(rows: Uint32Array | undefined, has: Uint8Array, length: number): number {
  let count = 0;
  if (rows) for (let at = 0; at < length; at += 1) count += has[rows[at] ?? 0] ?? 0;
  else for (let row = 0; row < length; row += 1) count += has[row] ?? 0;
  return count;
}

/** The `count` rows with a value to the front, those without behind them, each in their order. */
function split(rows: Uint32Array | undefined, length: number, has: Uint8Array, count: number): Uint32Array {
  const to = new Uint32Array(length);
  let next = 0;
  let nextAbsent = count;
  for (let at = 0; at < length; at += 1) {
    const row = rows ? (rows[at] ?? 0) : at;
    if (has[row] === 1) {
      to[next] = row;
      next += 1;
    } else {
      to[nextAbsent] = row;
      nextAbsent += 1;
    }
  }
  return to;
}
