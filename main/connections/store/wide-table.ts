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
  const table = wideTable();
  for (let index = 0; index < to.size; index += 1) table.intern(to.bytes, index * 16);
  for (let index = 0; index < from.size; index += 1) numbers[index] = table.find(from.bytes, index * 16);
  return numbers;
}

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 24) |
  ((bytes[at + 1] ?? 0) << 16) |
  ((bytes[at + 2] ?? 0) << 8) |
  (bytes[at + 3] ?? 0);

const mix = (hash: number, value: number): number => {
  const mixed = Math.imul(hash ^ value, 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
};

export function wideTable(): WideTable {
  let bytes = new Uint8Array(16 * 64);
  let size = 0;
  /** Open addressing: the number + 1, 0 where free. Never more than half full. */
  let slots = new Int32Array(128);

  const hash = (from: Uint8Array, at: number): number =>
    mix(mix(mix(mix(0, word(from, at)), word(from, at + 4)), word(from, at + 8)), word(from, at + 12));

  const same = (index: number, from: Uint8Array, at: number): boolean => {
    const start = index * 16;
    // hosts differ in their last bytes
    for (let offset = 15; offset >= 0; offset -= 1)
      if (bytes[start + offset] !== from[at + offset]) return false;
    return true;
  };

  const grow = (): void => {
    const larger = new Uint8Array(bytes.length * 2);
    larger.set(bytes);
    bytes = larger;
    slots = new Int32Array(slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < size; index += 1) {
      let slot = hash(bytes, index * 16) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
  };

  /** The slot of the address, or the free one where it would go. */
  const slotOf = (from: Uint8Array, at: number): number => {
    const mask = slots.length - 1;
    let slot = hash(from, at) & mask;
    while (slots[slot] !== 0 && !same((slots[slot] ?? 0) - 1, from, at)) slot = (slot + 1) & mask;
    return slot;
  };

  return {
    find: (from, at) => (slots[slotOf(from, at)] ?? 0) - 1,
    intern: (from, at) => {
      let slot = slotOf(from, at);
      const known = slots[slot] ?? 0;
      if (known !== 0) return known - 1;
      if ((size + 1) * 2 > slots.length) {
        grow();
        slot = slotOf(from, at);
      }
      for (let offset = 0; offset < 16; offset += 1) bytes[size * 16 + offset] = from[at + offset] ?? 0;
      slots[slot] = size + 1;
      size += 1;
      return size - 1;
    },
    view: () => ({ size, bytes }),
  };
}
