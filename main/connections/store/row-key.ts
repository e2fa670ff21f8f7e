import type { Connection } from '../../../shared/domain/connection.ts';
import type { Columns } from './columns.ts';
import { connectionOf } from './connection-of.ts';
import { isSameWide, wideHashes } from './wide-table.ts';

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
 * Of each row the four words of its key. They are the same in every table: of IPv6, whose addresses each table numbers in
 * its own way, they hold hashes of the addresses (`wide`, see {@link wideHashes}), so that {@link isSame} has to be asked.
 */
export function keyWriter(columns: Columns, kind: KeyKind, wide = wideHashes(columns.wide)): KeyWriter {
  const { zone, protocol, family, src, dst, sport, dport } = columns;
  const isCarried = kind === 'carried';
  return (row, to, at) => {
    const number = protocol[row] ?? 0;
    const version = family[row] ?? 0;
    // as signed numbers, which need no memory of their own
    let from = (src[row] ?? 0) | 0;
    let towards = (dst[row] ?? 0) | 0;
    if (version !== 4) {
      from = wide[from] ?? 0;
      towards = wide[towards] ?? 0;
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

/**
 * The hashes that {@link keyWriter} gives, of the rows from `first` to before `end`, into `to` from its beginning. The key
 * is written out in the loop: a call for each of a million rows would take half of the time again.
 */
export function hashRows(
  { zone, protocol, family, src, dst, sport, dport }: Columns,
  kind: KeyKind,
  wide: Int32Array,
  first: number,
  end: number,
  to: Int32Array,
): void {
  const isCarried = kind === 'carried';
  for (let row = first; row < end; row += 1) {
    const number = protocol[row] ?? 0;
    const version = family[row] ?? 0;
    let from = (src[row] ?? 0) | 0;
    let towards = (dst[row] ?? 0) | 0;
    if (version !== 4) {
      from = wide[from] ?? 0;
      towards = wide[towards] ?? 0;
    }
    const head = ((zone[row] ?? 0) << 16) | (number << 8) | version;
    const ends = isCarried && isBlurredProtocol(number) ? 0 : ((sport[row] ?? 0) << 16) | (dport[row] ?? 0);
    to[row - first] = hashOf(head, from, towards, ends);
  }
}

/** Whether two packed keys, each at its place, are one: what differs most often is looked at first. */
export const isSameKey = (a: Int32Array, at: number, b: Int32Array, other: number): boolean =>
  a[at + 1] === b[other + 1] &&
  a[at + 3] === b[other + 3] &&
  a[at + 2] === b[other + 2] &&
  a[at] === b[other];

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
  if (a.family[aRow] !== 4 && !hasSameAddresses(a, aRow, b, bRow)) return false;
  if (a.rest.size === 0 && b.rest.size === 0) return true;
  if (!isOdd(a, aRow, kind) && !isOdd(b, bRow, kind)) return true;
  return keyText(connectionOf(a, aRow), kind) === keyText(connectionOf(b, bRow), kind);
}

const hasSameAddresses = (a: Columns, aRow: number, b: Columns, bRow: number): boolean =>
  isSameWide(a.wide, a.src[aRow] ?? 0, b.wide, b.src[bRow] ?? 0) &&
  isSameWide(a.wide, a.dst[aRow] ?? 0, b.wide, b.dst[bRow] ?? 0);
