import { CoverageClass } from './coverage-class.ts';

/** What a number in a filter may be compared with. Sizes in bytes, times in seconds, rates in bytes a second. */
export type NumberField =
  | 'sport'
  | 'dport'
  | 'reply.sport'
  | 'reply.dport'
  | 'port'
  | 'icmp.type'
  | 'icmp.code'
  | 'icmp.id'
  | 'timeout'
  | 'idle'
  | 'age'
  | 'bytes'
  | 'packets'
  | 'orig.bytes'
  | 'orig.packets'
  | 'reply.bytes'
  | 'reply.packets'
  | 'rate'
  | 'mark'
  | 'zone'
  | 'id'
  | 'use';
export type AddressField = 'src' | 'dst' | 'reply.src' | 'reply.dst' | 'addr';
export type WordField = 'proto' | 'state' | 'family' | 'flag' | 'key' | 'helper';
export type FilterField = NumberField | AddressField | WordField;

/** What a connection is or is not, without a value. `new` and `changed`: by the last refresh of the table. */
export type FilterPredicate =
  | 'nat'
  | 'snat'
  | 'dnat'
  | 'assured'
  | 'unreplied'
  | 'offloaded'
  | 'ipv4'
  | 'ipv6'
  | 'new'
  | 'changed';

/** Both ends belong to it; one number is a range of itself. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** Addresses of one family from `from` to `to`, both included: an address, a network and a range are all of this form. */
export interface AddressRange {
  readonly bits: 32 | 128;
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * A filter as its evaluators see it: the plain one over connections (`connection-filter.ts`) and the one over columns.
 * Comparisons are ranges, negation is `not`. Where a field has several values (`addr`, `port`, `flag`) one must fit; where
 * it has none (a port of ICMP, a counter that the node does not keep) nothing fits. Words and texts are in lower case.
 */
export type FilterTree =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly FilterTree[] }
  | { readonly kind: 'not'; readonly part: FilterTree }
  | { readonly kind: 'number'; readonly field: NumberField; readonly ranges: readonly NumberRange[] }
  | { readonly kind: 'address'; readonly field: AddressField; readonly ranges: readonly AddressRange[] }
  | { readonly kind: 'word'; readonly field: WordField; readonly words: readonly string[] }
  | { readonly kind: 'contains'; readonly field: FilterField; readonly text: string }
  | { readonly kind: 'is'; readonly predicate: FilterPredicate }
  | ReplicaQuestion
  /** Found anywhere in `connectionText`. */
  | { readonly kind: 'text'; readonly text: string };

/**
 * What a slave has of it, by the last exact comparison: one of `classes`. Without `node` `slaves` says whose answer counts.
 * Where that is not known nothing fits, and nothing fits the opposite: {@link opposite}.
 */
export interface ReplicaQuestion {
  readonly kind: 'replica';
  readonly classes: readonly CoverageClass[];
  readonly node?: string;
  readonly slaves?: 'any' | 'every';
}

/** Whether a slave is the one that is asked about; the case does not matter, nor does it in the rest of a filter. */
export const isReplicaOf = (node: string | undefined, slave: string): boolean =>
  node === undefined || node.toLowerCase() === slave.toLowerCase();

/**
 * What does not fit. What a slave holds may be unknown, and then so is the opposite: a question about it is therefore
 * turned round itself, so that no row fits only because nothing is known of it.
 */
export function opposite(tree: FilterTree): FilterTree {
  if (!asksReplicas(tree)) return { kind: 'not', part: tree };
  switch (tree.kind) {
    case 'replica': {
      const { classes, slaves = 'any', ...about } = tree;
      return {
        ...about,
        classes: CoverageClass.options.filter((each) => !classes.includes(each)),
        slaves: slaves === 'any' ? 'every' : 'any',
      };
    }
    case 'and':
    case 'or':
      return { kind: tree.kind === 'and' ? 'or' : 'and', parts: tree.parts.map(opposite) };
    case 'not':
      return tree.part;
    default:
      throw new Error(`${tree.kind} asks no replica`);
  }
}

/** What a filter asks of what slaves hold. */
export function replicasAsked(tree: FilterTree): readonly ReplicaQuestion[] {
  if (tree.kind === 'replica') return [tree];
  if (tree.kind === 'not') return replicasAsked(tree.part);
  return tree.kind === 'and' || tree.kind === 'or' ? tree.parts.flatMap(replicasAsked) : [];
}

const asksReplicas = (tree: FilterTree): boolean => replicasAsked(tree).length > 0;
