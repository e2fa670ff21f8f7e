import type { AddressField, AddressRange } from '../../../shared/domain/filter-tree.ts';
import { v6LongText, v6Text } from '../../agents/table/conntrack/address-bytes.ts';
import { fitsV4, v4Contains } from './address-text.ts';
import { type Columns, hasLongAddresses, hasReply } from './columns.ts';
import type { Mask } from './select-mask.ts';

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
  for (const { addresses, bits } of addressColumns(columns, field))
    for (const range of ranges) {
      if (range.bits === 32) addV4(mask, columns, addresses, bits, Number(range.from), Number(range.to));
      else addWide(mask, columns, addresses, bits, wideWithin(columns, range));
    }
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
  for (let row = 0; row < mask.length; row += 1) {
    const address = addresses[row] ?? 0;
    if (address >= from && address <= to && family[row] === 4 && ((has[row] ?? 0) & bits) === bits)
      mask[row] = 1;
  }
}

/** `fits`: a byte for each address of the table's `wide`. */
function addWide(
  mask: Mask,
  { family, has }: Columns,
  addresses: Uint32Array,
  bits: number,
  fits: Uint8Array,
): void {
  if (fits.length === 0) return;
  for (let row = 0; row < mask.length; row += 1)
    if (family[row] !== 4 && fits[addresses[row] ?? 0] === 1 && ((has[row] ?? 0) & bits) === bits)
      mask[row] = 1;
}

function wideWithin({ wide }: Columns, { from, to }: AddressRange): Uint8Array {
  const view = new DataView(wide.bytes.buffer, wide.bytes.byteOffset, wide.bytes.byteLength);
  return Uint8Array.from({ length: wide.size }, (_, index) => {
    const value = (view.getBigUint64(index * 16) << 64n) | view.getBigUint64(index * 16 + 8);
    return value >= from && value <= to ? 1 : 0;
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
