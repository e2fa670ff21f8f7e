import { matches } from '../../../shared/domain/connection-filter.ts';
import type { FilterTree } from '../../../shared/domain/filter-tree.ts';
import type { Rest } from './columns.ts';
import { rowOf } from './row-of.ts';
import { maskOfAddress } from './select-address.ts';
import { type Mask, rowsOf, type Selectable, union } from './select-mask.ts';
import { maskOfNumber } from './select-number.ts';
import { maskOfReplica } from './select-replica.ts';
import { maskOfText } from './select-text.ts';
import { maskOfContains, maskOfPredicate, maskOfWord } from './select-word.ts';

/** The rows that fit, in their order: what `matches` says of each, found column by column. */
export function selectRows(table: Selectable, tree: FilterTree): Uint32Array {
  const { length, rest } = table.columns;
  const mask = maskOf(table, tree);
  // the few rows that their columns do not tell whole are asked as connections
  for (const [row, each] of rest)
    if (row < length && isOdd(each)) mask[row] = matches(tree, rowOf(table, row)) ? 1 : 0;
  return rowsOf(mask);
}

const isOdd = ({ extra, ...others }: Rest): boolean =>
  Object.values(others).some((value) => value !== undefined) || Object.hasOwn(extra ?? {}, 'delta-time');

/** 1 for each row that fits, by its columns alone. */
function maskOf(table: Selectable, tree: FilterTree): Mask {
  const { columns } = table;
  switch (tree.kind) {
    case 'all':
      return new Uint8Array(columns.length).fill(1);
    case 'and':
      return combined(table, tree.parts, 1);
    case 'or':
      return combined(table, tree.parts, 0);
    case 'not':
      return inverted(maskOf(table, tree.part));
    case 'number':
      return maskOfNumber(table, tree.field, tree.ranges);
    case 'address':
      return maskOfAddress(columns, tree.field, tree.ranges);
    case 'word':
      return maskOfWord(columns, tree.field, tree.words);
    case 'contains':
      return maskOfContains(table, tree.field, tree.text);
    case 'is':
      return maskOfPredicate(columns, tree.predicate);
    case 'replica':
      return maskOfReplica(columns, table.replicas, tree);
    case 'text':
      return verified(table, tree, maskOfText(columns, tree.text));
  }
}

/** `neutral`: what a row is without parts; 1: all must fit, 0: one must. */
function combined(table: Selectable, parts: readonly FilterTree[], neutral: 0 | 1): Mask {
  const [first, ...others] = parts;
  if (first === undefined) return new Uint8Array(table.columns.length).fill(neutral);
  const mask = maskOf(table, first);
  for (const part of others) {
    const next = maskOf(table, part);
    if (neutral === 0) union(mask, next);
    else for (let row = 0; row < mask.length; row += 1) mask[row] = (mask[row] ?? 0) & (next[row] ?? 0);
  }
  return mask;
}

function inverted(mask: Mask): Mask {
  for (let row = 0; row < mask.length; row += 1) mask[row] = mask[row] === 0 ? 1 : 0;
  return mask;
}

/** Text with spaces spans several words of a line: where all of them are found, the line itself is read. */
function verified(table: Selectable, tree: Extract<FilterTree, { kind: 'text' }>, mask: Mask): Mask {
  if (!tree.text.includes(' ')) return mask;
  for (let row = 0; row < mask.length; row += 1)
    if (mask[row] === 1 && !matches(tree, rowOf(table, row))) mask[row] = 0;
  return mask;
}
