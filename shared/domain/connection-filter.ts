import { assertNever } from '../lib/assert-never.ts';
import { ok, type Result } from '../lib/result.ts';
import { parseAddress } from './address.ts';
import type { Connection } from './connection.ts';
import { connectionText, natOf, valuesOf } from './connection-fields.ts';
import type { ConnectionRow, FilterError, Replica } from './connection-query.ts';
import { parseTableFilter } from './filter-grammar.ts';
import {
  type AddressRange,
  type FilterPredicate,
  type FilterTree,
  isReplicaOf,
  type ReplicaQuestion,
} from './filter-tree.ts';

/** A connection, with as much of what its table knows beside it as there is. */
export type FilteredConnection = Connection &
  Partial<Pick<ConnectionRow, 'change' | 'rate' | 'age' | 'idle' | 'replicas'>>;

export type ConnectionFilter = (connection: FilteredConnection) => boolean;

/** Reads a filter text, whose grammar stands at {@link parseTableFilter}, into the question that it asks of a connection. */
export function parseConnectionFilter(text: string): Result<ConnectionFilter, FilterError> {
  const tree = parseTableFilter(text, undefined);
  return tree.ok ? ok((connection) => matches(tree.value, connection)) : tree;
}

/** Whether a connection fits: the plain evaluator, against which that over columns is tested. */
export function matches(tree: FilterTree, connection: FilteredConnection): boolean {
  switch (tree.kind) {
    case 'all':
      return true;
    case 'and':
      return tree.parts.every((part) => matches(part, connection));
    case 'or':
      return tree.parts.some((part) => matches(part, connection));
    case 'not':
      return !matches(tree.part, connection);
    case 'number':
      return valuesOf(tree.field, connection).some((value) =>
        tree.ranges.some(({ from, to }) => Number(value) >= from && Number(value) <= to),
      );
    case 'address':
      return valuesOf(tree.field, connection).some((value) => inRanges(String(value), tree.ranges));
    case 'word':
      return valuesOf(tree.field, connection).some((value) =>
        tree.words.includes(String(value).toLowerCase()),
      );
    case 'contains':
      return valuesOf(tree.field, connection).some((value) =>
        String(value).toLowerCase().includes(tree.text),
      );
    case 'is':
      return is[tree.predicate](connection);
    case 'replica':
      return isReplica(tree, connection.replicas ?? []);
    case 'text':
      return connectionText(connection).includes(tree.text);
    default:
      return assertNever(tree);
  }
}

function isReplica(
  { node, classes, slaves = 'any' }: ReplicaQuestion,
  replicas: readonly Replica[],
): boolean {
  const asked = replicas.filter((each) => isReplicaOf(node, each.node));
  const fits = (each: Replica) => classes.includes(each.class);
  return slaves === 'any' ? asked.some(fits) : asked.length > 0 && asked.every(fits);
}

const inRanges = (text: string, ranges: readonly AddressRange[]): boolean => {
  const address = parseAddress(text);
  return (
    address !== undefined &&
    ranges.some(({ bits, from, to }) => bits === address.bits && address.value >= from && address.value <= to)
  );
};

const is: Readonly<Record<FilterPredicate, (connection: FilteredConnection) => boolean>> = {
  nat: (connection) => natOf(connection) !== undefined,
  snat: (connection) => natOf(connection)?.source ?? false,
  dnat: (connection) => natOf(connection)?.destination ?? false,
  assured: ({ flags }) => flags.includes('ASSURED'),
  unreplied: ({ flags }) => flags.includes('UNREPLIED'),
  offloaded: ({ flags }) => flags.some((flag) => flag.endsWith('OFFLOAD')),
  ipv4: ({ family }) => family === 'ipv4',
  ipv6: ({ family }) => family === 'ipv6',
  new: ({ change }) => change === 'new',
  changed: ({ change }) => change === 'changed',
};
