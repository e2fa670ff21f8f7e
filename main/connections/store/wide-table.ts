import type { WideAddresses } from './columns.ts';

/** Gives each IPv6 address one number, in the order in which they come. */
export interface WideTable {
  /** The number of the address in the 16 bytes of `from` at `at`. */
  readonly intern: (from: Uint8Array, at: number) => number;
  /** The addresses so far. Later ones do not change it. */
  readonly view: () => WideAddresses;
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

  return {
    intern: (from, at) => {
      const mask = slots.length - 1;
      let slot = hash(from, at) & mask;
      for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const index = (slots[slot] ?? 0) - 1;
        if (same(index, from, at)) return index;
      }
      if ((size + 1) * 2 > slots.length) {
        grow();
        const wider = slots.length - 1;
        slot = hash(from, at) & wider;
        while (slots[slot] !== 0) slot = (slot + 1) & wider;
      }
      bytes.set(from.subarray(at, at + 16), size * 16);
      slots[slot] = size + 1;
      size += 1;
      return size - 1;
    },
    view: () => ({ size, bytes }),
  };
}
