/** The attributes of messages: their headers are in the host's byte order, their numbers big-endian. */
export interface Attributes {
  readonly bytes: Uint8Array;
  /** The same bytes: it reads a number in one go. */
  readonly view: DataView;
  readonly isLittle: boolean;
}

export const attributesIn = (bytes: Uint8Array, isLittle: boolean): Attributes => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  isLittle,
});

/** The end of the attribute at `at`; -1 where it is none that lies within `to`. */
export const endOf = ({ view, isLittle }: Attributes, at: number, to: number): number => {
  if (at + 4 > to) return -1;
  const length = view.getUint16(at, isLittle);
  return length < 4 || at + length > to ? -1 : at + length;
};

/** Its type, without the bits that say how it is packed. */
export const typeOf = ({ view, isLittle }: Attributes, at: number): number =>
  view.getUint16(at + 2, isLittle) & 0x3fff;

/** Where the attribute behind the one from `at` to `end` begins: alignment counts from the message, not from the piece. */
export const nextAt = (at: number, end: number): number => at + ((end - at + 3) & ~3);

/** Where the payload of the first attribute of this type lies within; -1 where there is none. */
export function findAttribute(of: Attributes, from: number, to: number, type: number, size: number): number {
  for (let at = from; at < to; ) {
    const end = endOf(of, at, to);
    if (end === -1) return -1;
    if (typeOf(of, at) === type && end - at - 4 >= size) return at + 4;
    at = nextAt(at, end);
  }
  return -1;
}

/** The two words of an attribute's header in one, as a little-endian host has it. */
const header = (length: number, type: number): number => length | (type << 16);

/** Whether the header at `at` is this one: a quick look for what kernels nearly always send. */
export const isHeader = (view: DataView, at: number, length: number, type: number): boolean =>
  view.getInt32(at, true) === header(length, type);

export const u64 = (view: DataView, at: number): number =>
  view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);

export const exactU64 = (view: DataView, at: number): number | string => {
  const value = u64(view, at);
  return Number.isSafeInteger(value) ? value : String(view.getBigUint64(at));
};
