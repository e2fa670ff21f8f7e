import type { AddressField, AddressRange } from '../../../shared/domain/filter-tree.ts';
import { v6LongText, v6Text } from '../../agents/table/conntrack/address-bytes.ts';
import { fitsV4, v4Contains } from './address-text.ts';
import { type Columns, hasLongAddresses, hasReply } from './columns.ts';
import { hasAll, isAtMost, type Mask } from './select-mask.ts';

interface AddressColumn {
  readonly addresses: Uint32Array;
  readonly bits: number;
}

export function addressColumns(columns: Columns, field: AddressField): readonly AddressColumn[] {
  const [src, dst, replySrc, replyDst] = [
    { addresses: columns.src, bits: 0 },
    { addresses: columns.dst, bits: 0 },
    { addresses: columns.replySrc, bits: hasReply },
    { addresses: columns.replyDst, bits: hasReply },
  ];
  switch (field) {
    case 'src':
      return [src];
    case 'dst':
      return [dst];
    case 'reply.src':
      return [replySrc];
    case 'reply.dst':
      return [replyDst];
    case 'addr':
      return [src, dst, replySrc, replyDst];
  }
}

export function maskOfAddress(columns: Columns, field: AddressField, ranges: readonly AddressRange[]): Mask {
  const mask = new Uint8Array(columns.length);
  const sources = addressColumns(columns, field);
  for (const { bits: size, from, to } of ranges) {
    if (size !== 32) continue;
    if (field === 'addr') addAnyV4(mask, columns, Number(from), Number(to));
    else
      for (const { addresses, bits } of sources)
        addV4(mask, columns, addresses, bits, Number(from), Number(to));
  }
  const wide = ranges.filter(({ bits }) => bits !== 32);
  if (wide.length > 0 && columns.wide.size > 0) addWide(mask, columns, sources, wideWithin(columns, wide));
  return mask;
}

function addV4(
  mask: Mask,
  { family, has }: Columns,
  addresses: Uint32Array,
  bits: number,
  from: number,
  to: number,
): void {
  const most = (to - from) >>> 0;
  // of 32 bits with a sign, so that the differences below are whole numbers to the compiler
  const first = from | 0;
  for (let row = 0; row < mask.length; row += 1) {
    const own = family[row] ?? 0;
    // 4 of 0, 4 and 6
    const isV4 = (own >>> 2) & ~(own >>> 1);
    const isWithin = isAtMost((addresses[row] ?? 0) - first, most);
    mask[row] = (mask[row] ?? 0) | (isWithin & isV4 & hasAll(has[row] ?? 0, bits));
  }
}

/** All four addresses in one pass. */
function addAnyV4(mask: Mask, columns: Columns, from: number, to: number): void {
  const { family, has, src, dst, replySrc, replyDst } = columns;
  const most = (to - from) >>> 0;
  const first = from | 0;
  for (let row = 0; row < mask.length; row += 1) {
    const own = family[row] ?? 0;
    const isV4 = (own >>> 2) & ~(own >>> 1);
    const original = isAtMost((src[row] ?? 0) - first, most) | isAtMost((dst[row] ?? 0) - first, most);
    const reply = isAtMost((replySrc[row] ?? 0) - first, most) | isAtMost((replyDst[row] ?? 0) - first, most);
    mask[row] = (mask[row] ?? 0) | (isV4 & (original | (reply & hasAll(has[row] ?? 0, hasReply))));
  }
}

/** `fits`: a byte for each address of the table's `wide`. */
function addWide(
  mask: Mask,
  { family, has }: Columns,
  sources: readonly AddressColumn[],
  fits: Uint8Array,
): void {
  for (let row = 0; row < mask.length; row += 1) {
    if (family[row] === 4) continue;
    const own = has[row] ?? 0;
    for (const { addresses, bits } of sources)
      if (fits[addresses[row] ?? 0] === 1 && (own & bits) === bits) mask[row] = 1;
  }
}

function wideWithin({ wide }: Columns, ranges: readonly AddressRange[]): Uint8Array {
  const view = new DataView(wide.bytes.buffer, wide.bytes.byteOffset, wide.bytes.byteLength);
  return Uint8Array.from({ length: wide.size }, (_, index) => {
    const value = (view.getBigUint64(index * 16) << 64n) | view.getBigUint64(index * 16 + 8);
    return ranges.some(({ from, to }) => value >= from && value <= to) ? 1 : 0;
  });
}

/** Of each address beyond IPv4 what is true of its text, in the short form and, where a row has it, the long one of /proc. */
export function wideTexts(
  { wide, has, length }: Columns,
  bitsOf: (text: string) => number,
): { readonly short: Uint8Array; readonly long: Uint8Array } {
  const of = (print: typeof v6Text) => {
    const bits = new Uint8Array(wide.size);
    for (let index = 0; index < wide.size; index += 1) bits[index] = bitsOf(print(wide.bytes, index * 16));
    return bits;
  };
  let all = 0;
  for (let row = 0; row < length; row += 1) all |= has[row] ?? 0;
  const short = of(v6Text);
  return { short, long: all & hasLongAddresses ? of(v6LongText) : short };
}

/** Rows that have an address of the field which, as it is printed, holds `text`. */
export function maskOfAddressText(columns: Columns, field: AddressField, text: string): Mask {
  const { family, has, length } = columns;
  const mask = new Uint8Array(length);
  const inV4 = v4Contains(text);
  const { short, long } = wideTexts(columns, (each) => (each.includes(text) ? 1 : 0));
  for (const { addresses, bits } of addressColumns(columns, field))
    for (let row = 0; row < length; row += 1) {
      const own = has[row] ?? 0;
      if (mask[row] === 1 || (own & bits) !== bits) continue;
      const address = addresses[row] ?? 0;
      if (family[row] === 4) {
        if (inV4 && fitsV4(inV4, address)) mask[row] = 1;
      } else if ((own & hasLongAddresses ? long : short)[address] === 1) mask[row] = 1;
    }
  return mask;
}
