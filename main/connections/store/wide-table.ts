import type { WideAddresses } from './columns.ts';

/** Gives each IPv6 address one number, in the order in which they come. */
export interface WideTable {
  /** The number of the address in the 16 bytes of `from` at `at`. */
  readonly intern: (from: Uint8Array, at: number) => number;
  /** Its number, -1 where it has none. */
  readonly find: (from: Uint8Array, at: number) => number;
  /** The addresses so far. Later ones do not change it. */
  readonly view: () => WideAddresses;
}

/** For each address of `from` its number in `to`, -1 where that table does not know it. */
export function wideNumbers(from: WideAddresses, to: WideAddresses): Int32Array {
  const numbers = new Int32Array(from.size);
  if (from.size === 0) return numbers;
  const table = laterWideTable(to);
  for (let index = 0; index < from.size; index += 1) numbers[index] = table.find(from.bytes, index * 16);
  return numbers;
}

/**
 * A hash of each address that does not hang on its number, so that it is the same in every table. `known`: what was given
 * before, for the first addresses of the same table.
 */
export function wideHashes({ size, bytes }: WideAddresses, known = new Int32Array(0)): Int32Array {
  if (known.length === size) return known;
  const words = wordsOf(bytes);
  const hashes = new Int32Array(size);
  hashes.set(known);
  for (let index = known.length; index < size; index += 1) hashes[index] = hashAt(words, index * 4);
  return hashes;
}

/** Whether two addresses, each by its number in its own table, are one. */
export function isSameWide(a: WideAddresses, index: number, b: WideAddresses, other: number): boolean {
  for (let at = 0; at < 16; at += 1) if (a.bytes[index * 16 + at] !== b.bytes[other * 16 + at]) return false;
  return true;
}

/** Goes on with the addresses of a table that is there, each by its number. They are looked through when one is asked for. */
export function laterWideTable(earlier: WideAddresses): WideTable {
  let table: WideTable | undefined;
  const known = (): WideTable => {
    if (table) return table;
    table = wideTable(earlier.size);
    for (let index = 0; index < earlier.size; index += 1) table.intern(earlier.bytes, index * 16);
    return table;
  };
  return {
    find: (from, at) => known().find(from, at),
    intern: (from, at) => known().intern(from, at),
    view: () => table?.view() ?? earlier,
  };
}

/** Addresses as four words of 32 bits each, in the machine's own order: they are only compared. */
const wordsOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Int32Array =>
  new Int32Array(buffer, byteOffset, byteLength >>> 2);

const mix = (hash: number, value: number): number => {
  const mixed = Math.imul(hash ^ value, 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
};

const hashAt = (words: Int32Array, at: number): number =>
  mix(mix(mix(mix(0, words[at] ?? 0), words[at + 1] ?? 0), words[at + 2] ?? 0), words[at + 3] ?? 0);

const isEqual = (a: Int32Array, at: number, b: Int32Array, other: number): boolean =>
  // hosts differ in their last word
  a[at + 3] === b[other + 3] &&
  a[at + 2] === b[other + 2] &&
  a[at + 1] === b[other + 1] &&
  a[at] === b[other];

/** `expected`: how many addresses will come, where that is known. The bytes that it is given lie at whole words. */
export function wideTable(expected = 0): WideTable {
  const capacity = 2 ** Math.ceil(Math.log2(Math.max(64, expected + 1)));
  let words = new Int32Array(4 * capacity);
  let size = 0;
  /** Open addressing: the number + 1, 0 where free. Never more than half full. */
  let slots = new Int32Array(2 * capacity);
  /** The array that was read last, as words: it is nearly always the same. */
  let given: Uint8Array | undefined;
  let givenWords = new Int32Array(0);

  const take = (from: Uint8Array): Int32Array => {
    if (from !== given) {
      given = from;
      givenWords = wordsOf(from) as Int32Array<ArrayBuffer>;
    }
    return givenWords;
  };

  const grow = (): void => {
    const larger = new Int32Array(words.length * 2);
    larger.set(words);
    words = larger;
    slots = new Int32Array(slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < size; index += 1) {
      let slot = hashAt(words, index * 4) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
  };

  /** The slot of the address, or the free one where it would go. */
  const slotOf = (from: Int32Array, at: number): number => {
    const mask = slots.length - 1;
    let slot = hashAt(from, at) & mask;
    for (let known = slots[slot] ?? 0; known !== 0; known = slots[slot] ?? 0) {
      if (isEqual(words, known * 4 - 4, from, at)) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  };

  return {
    find: (from, at) => (slots[slotOf(take(from), at >>> 2)] ?? 0) - 1,
    intern: (bytes, byteAt) => {
      const from = take(bytes);
      const at = byteAt >>> 2;
      let slot = slotOf(from, at);
      const known = slots[slot] ?? 0;
      if (known !== 0) return known - 1;
      if ((size + 1) * 2 > slots.length) {
        grow();
        slot = slotOf(from, at);
      }
      for (let offset = 0; offset < 4; offset += 1) words[size * 4 + offset] = from[at + offset] ?? 0;
      slots[slot] = size + 1;
      size += 1;
      return size - 1;
    },
    view: () => ({ size, bytes: new Uint8Array(words.buffer) }),
  };
}
