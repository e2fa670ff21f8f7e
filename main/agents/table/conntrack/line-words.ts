import { flagBits, hasCounters, hasIcmp, hasKeys, hasPorts, printedProtocols, states } from './entry-sink.ts';

const encoder = new TextEncoder();
const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** The four bytes from `at` on as one number: words are told apart by their first four letters. */
export const fourAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 24) |
  ((bytes[at + 1] ?? 0) << 16) |
  ((bytes[at + 2] ?? 0) << 8) |
  (bytes[at + 3] ?? 0);

export const fourOf = (text: string): number => fourAt(bytesOf(text), 0);

/** First letters of words, by the words. */
export const first = {
  src: fourOf('src='),
  dst: fourOf('dst='),
  sport: fourOf('spor'),
  dport: fourOf('dpor'),
  type: fourOf('type'),
  code: fourOf('code'),
  srckey: fourOf('srck'),
  dstkey: fourOf('dstk'),
  packets: fourOf('pack'),
  bytes: fourOf('byte'),
  mark: fourOf('mark'),
  zone: fourOf('zone'),
  use: fourOf('use='),
  delta: fourOf('delt'),
  active: fourOf('[act'),
  ipv4: fourOf('ipv4'),
  ipv6: fourOf('ipv6'),
} as const;

/** `id=` and any letter behind it: what its first four are with all bits of the last one set. */
export const idEquals = 0x6964_3dff;

/** What follows the first four letters. */
export const tails = {
  sport: bytesOf('t='),
  dport: bytesOf('t='),
  type: bytesOf('='),
  code: bytesOf('='),
  srckey: bytesOf('ey=0x'),
  dstkey: bytesOf('ey=0x'),
  packets: bytesOf('ets='),
  bytes: bytesOf('s='),
  mark: bytesOf('='),
  zone: bytesOf('='),
  delta: bytesOf('a-time='),
  active: bytesOf('ive since '),
} as const;

/** Words of a tuple, as bits of what was seen of it. */
export const seen = {
  src: 1,
  dst: 2,
  sport: 4,
  dport: 8,
  type: 16,
  code: 32,
  id: 64,
  srckey: 128,
  dstkey: 256,
  packets: 512,
  bytes: 1024,
} as const;

/** Words of the connection, likewise. */
export const seenOnce = { mark: 1, zone: 2, use: 4, id: 8, age: 16 } as const;

/** What `has` says of a tuple of these words, by their bits; -1 where they are not scanned. */
export const shapes: Int16Array = new Int16Array(2048).fill(-1);
for (const [words, has] of [
  [0, 0],
  [seen.sport | seen.dport, hasPorts],
  [seen.type | seen.code | seen.id, hasIcmp],
  [seen.srckey | seen.dstkey, hasKeys],
] as const) {
  shapes[words | seen.src | seen.dst] = has;
  shapes[words | seen.src | seen.dst | seen.packets | seen.bytes] = has | hasCounters;
}

/** Flags by the first four letters of their words, of which no two share them. */
export const flagWords: readonly { four: number; word: Uint8Array; bit: number }[] = Object.entries(
  flagBits,
).map(([name, bit]) => ({ four: fourOf(`[${name}`), word: bytesOf(`[${name}]`), bit }));

export const protocolWords: readonly Uint8Array[] = Array.from({ length: 256 }, (_, number) =>
  bytesOf(printedProtocols.get(number) ?? 'unknown'),
);

export const stateWords: readonly Uint8Array[] = states.map(bytesOf);

/** States by their length, first and last letter, which tell all of them apart. */
export const stateKey = (length: number, letter: number, last: number): number =>
  (length << 16) | (letter << 8) | last;

export const stateNumbers: ReadonlyMap<number, number> = new Map(
  stateWords.flatMap((word, number) =>
    number === 0 ? [] : [[stateKey(word.length, word[0] ?? 0, word.at(-1) ?? 0), number] as const],
  ),
);
