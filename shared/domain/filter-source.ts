import type { NarrowQuestion } from './connection-actions.ts';
import type { AddressRange, FilterTree, NumberRange } from './filter-tree.ts';

/**
 * What of a filter the kernel can choose itself, which then answers at once whatever its table's size: single values that
 * every connection that fits must have. Undefined where there are none that leave few connections, or where the filter asks
 * for what only a table that was read before knows.
 */
export function atTheSource(tree: FilterTree): NarrowQuestion | undefined {
  const parts = tree.kind === 'and' ? tree.parts : [tree];
  if (parts.some(asksTheTable)) return undefined;
  const question: { -readonly [Key in keyof NarrowQuestion]: NarrowQuestion[Key] } = {};
  for (const part of parts) {
    if (part.kind === 'address' && (part.field === 'src' || part.field === 'dst')) {
      const address = onlyAddress(part.ranges);
      if (address !== undefined) question[part.field] ??= address;
    } else if (part.kind === 'number' && isAsked(part.field)) {
      const value = onlyNumber(part.ranges);
      if (value !== undefined) question[part.field] ??= value;
    } else if (part.kind === 'word' && part.field === 'proto' && part.words.length === 1) {
      if (kernelProtocols.has(part.words[0] ?? '')) question.protocol ??= part.words[0];
    }
  }
  const isNarrow = [question.src, question.dst, question.sport, question.mark].some(
    (each) => each !== undefined,
  );
  return isNarrow ? question : undefined;
}

const kernelProtocols = new Set(['icmp', 'tcp', 'udp', 'dccp', 'gre', 'icmpv6', 'sctp', 'udplite']);

const isAsked = (field: string): field is 'sport' | 'dport' | 'mark' | 'zone' =>
  field === 'sport' || field === 'dport' || field === 'mark' || field === 'zone';

function asksTheTable(tree: FilterTree): boolean {
  switch (tree.kind) {
    case 'replica':
      return true;
    case 'is':
      return tree.predicate === 'new' || tree.predicate === 'changed';
    case 'number':
    case 'contains':
      return tree.field === 'rate' || tree.field === 'age' || tree.field === 'idle';
    case 'and':
    case 'or':
      return tree.parts.some(asksTheTable);
    case 'not':
      return asksTheTable(tree.part);
    default:
      return false;
  }
}

function onlyNumber([range, ...others]: readonly NumberRange[]): number | undefined {
  return range && others.length === 0 && range.from === range.to ? range.from : undefined;
}

function onlyAddress([range, ...others]: readonly AddressRange[]): string | undefined {
  if (!range || others.length > 0 || range.from !== range.to) return undefined;
  const part = (index: number, bits: bigint) => (range.from >> (BigInt(index) * bits)) & ((1n << bits) - 1n);
  return range.bits === 32
    ? [3, 2, 1, 0].map((index) => part(index, 8n).toString()).join('.')
    : [7, 6, 5, 4, 3, 2, 1, 0].map((index) => part(index, 16n).toString(16)).join(':');
}
