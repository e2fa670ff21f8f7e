import type { Connection } from '../../../shared/domain/connection.ts';
import type { Columns } from './columns.ts';
import { connectionOf } from './connection-of.ts';

/**
 * What makes two rows the same connection: zone, protocol, family and the original tuple, with type, code and id of
 * ICMP and the keys of GRE. `carried`: only what the sync agent carries of it, so without the keys of GRE and the
 * ports of UDPLITE, and with no zone of a single direction.
 */
export type KeyKind = 'exact' | 'carried';

const gre = 47;
const udplite = 136;

export const isBlurredProtocol = (protocol: number): boolean => protocol === gre || protocol === udplite;

/** Words a packed key. */
export const keyWords = 4;

/** Writes the row's key to `to` at `at`, and gives its hash of 32 bits. */
type KeyWriter = (row: number, to: Int32Array, at: number) => number;

/** The multipliers are those of xxHash (32 bits). */
export const hashOf = (head: number, from: number, towards: number, ends: number): number => {
  let hash = (Math.imul(from, 0x85eb_ca77) + Math.imul(towards, 0xc2b2_ae3d)) | 0;
  hash ^= hash >>> 15;
  hash = (Math.imul(hash, 0x27d4_eb2f) + Math.imul(ends, 0x9e37_79b1) + Math.imul(head, 0x1656_67b1)) | 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca77);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae3d);
  return hash ^ (hash >>> 16);
};

/**
 * Of each row the four words of its key. `numbers`: what the other table calls this one's IPv6 addresses, -1 where it
 * does not know them, so that it has no row of this key.
 */
export function keyWriter(columns: Columns, kind: KeyKind, numbers?: Int32Array): KeyWriter {
  const { zone, protocol, family, src, dst, sport, dport } = columns;
  const isCarried = kind === 'carried';
  return (row, to, at) => {
    const number = protocol[row] ?? 0;
    const version = family[row] ?? 0;
    // as signed numbers, which need no memory of their own
    let from = (src[row] ?? 0) | 0;
    let towards = (dst[row] ?? 0) | 0;
    if (version !== 4 && numbers !== undefined) {
      from = numbers[from] ?? -1;
      towards = numbers[towards] ?? -1;
    }
    const head = ((zone[row] ?? 0) << 16) | (number << 8) | version;
    const ends = isCarried && isBlurredProtocol(number) ? 0 : ((sport[row] ?? 0) << 16) | (dport[row] ?? 0);
    to[at] = head;
    to[at + 1] = from;
    to[at + 2] = towards;
    to[at + 3] = ends;
    return hashOf(head, from, towards, ends);
  };
}

/** Whether the columns do not tell the row's key whole. */
const isOdd = ({ rest }: Columns, row: number, kind: KeyKind): boolean => {
  const other = rest.get(row);
  if (other === undefined) return false;
  return (
    other.original !== undefined ||
    other.exact?.zone !== undefined ||
    other.exact?.protocol !== undefined ||
    (kind === 'exact' && other.extra !== undefined && Object.hasOwn(other.extra, 'zone-orig'))
  );
};

/** The same of a connection that is no row. */
export const keyText = (
  { family, protocolNumber, original, zone = 0, extra }: Connection,
  kind: KeyKind,
): string => {
  const { src, dst, sport, dport, type, code, id, srckey, dstkey } = original;
  const ends =
    kind === 'carried' && isBlurredProtocol(protocolNumber)
      ? []
      : [sport, dport, type, code, id, srckey, dstkey];
  const zoned = kind === 'exact' && Object.hasOwn(extra, 'zone-orig') ? extra['zone-orig'] : '';
  return [family, protocolNumber, src, dst, zone, zoned, ...ends].join();
};

/** Whether two rows of equal packed keys are one connection: the rare ones whose columns do not tell all are read whole. */
export function isSame(a: Columns, aRow: number, b: Columns, bRow: number, kind: KeyKind): boolean {
  if (a.rest.size === 0 && b.rest.size === 0) return true;
  if (!isOdd(a, aRow, kind) && !isOdd(b, bRow, kind)) return true;
  return keyText(connectionOf(a, aRow), kind) === keyText(connectionOf(b, bRow), kind);
}
