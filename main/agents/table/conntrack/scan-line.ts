import { printLongV6, printV6, readV4, readV6 } from './address-bytes.ts';
import {
  clearEntry,
  flagBits,
  hasActive,
  hasCounters,
  hasDelta,
  hasIcmp,
  hasKeys,
  hasLongAddresses,
  hasMark,
  hasPorts,
  hasReply,
  hasZone,
  none,
  type PackedEntry,
  printedProtocols,
  states,
} from './entry-sink.ts';

const encoder = new TextEncoder();
const bytesOf = (text: string): Uint8Array => encoder.encode(text);

const space = 32;
const bracket = 91;
const digitZero = 48;

/** Words of a tuple, as bits of what was seen of it. */
const seen = {
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
  // words of the connection
  mark: 1,
  zone: 2,
  use: 4,
  connectionId: 8,
  age: 16,
} as const;

/** What `has` says of a tuple of these words; only these combinations are scanned. */
const shapes: ReadonlyMap<number, number> = new Map(
  [
    [0, 0],
    [seen.sport | seen.dport, hasPorts],
    [seen.type | seen.code | seen.id, hasIcmp],
    [seen.srckey | seen.dstkey, hasKeys],
  ].flatMap(([words = 0, has = 0]) => [
    [words | seen.src | seen.dst, has],
    [words | seen.src | seen.dst | seen.packets | seen.bytes, has | hasCounters],
  ]),
);

const words = {
  src: bytesOf('src='),
  dst: bytesOf('dst='),
  sport: bytesOf('sport='),
  dport: bytesOf('dport='),
  type: bytesOf('type='),
  code: bytesOf('code='),
  id: bytesOf('id='),
  srckey: bytesOf('srckey=0x'),
  dstkey: bytesOf('dstkey=0x'),
  packets: bytesOf('packets='),
  bytes: bytesOf('bytes='),
  mark: bytesOf('mark='),
  zone: bytesOf('zone='),
  use: bytesOf('use='),
  delta: bytesOf('delta-time='),
  active: bytesOf('[active since '),
  ipv4: bytesOf('ipv4 '),
  ipv6: bytesOf('ipv6 '),
} as const;

const flagWords = Object.entries(flagBits).map(([name, bit]) => ({ word: bytesOf(`[${name}]`), bit }));
const protocolWords: readonly Uint8Array[] = Array.from({ length: 256 }, (_, number) =>
  bytesOf(printedProtocols.get(number) ?? 'unknown'),
);
const stateWords = states.map(bytesOf);

/** States by their length, first and last letter, which tell all of them apart. */
const stateKey = (length: number, first: number, last: number): number =>
  (length << 16) | (first << 8) | last;
const stateNumbers: ReadonlyMap<number, number> = new Map(
  stateWords.flatMap((word, number) =>
    number === 0 ? [] : [[stateKey(word.length, word[0] ?? 0, word.at(-1) ?? 0), number] as const],
  ),
);

const printed = new Uint8Array(48);

/**
 * Reads a line of the usual forms from its bytes, without making a string of it: what `conntrack -L` prints with or
 * without `-o extended,id`, `conntrackd -i|-e`, and /proc. A word that it does not know makes it give up: such a line
 * is for `parseConnection`, which tells the same of those that it does read.
 */
export class LineScanner {
  readonly entry: PackedEntry;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  /** Words of the tuple that is being read, of the first one when it is done, and of the connection. */
  #tuple = 0;
  #original = 0;
  #fields = 0;
  #isReply = false;
  #isLong = false;
  #hasCode = false;

  constructor(entry: PackedEntry) {
    this.entry = entry;
  }

  /** Whether the line from `from` to `to` was read into the entry. */
  scan(bytes: Uint8Array, from: number, to: number): boolean {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
    this.#tuple = 0;
    this.#original = 0;
    this.#fields = 0;
    this.#isReply = false;
    this.#isLong = false;
    this.#hasCode = false;
    clearEntry(this.entry);
    return this.#head() && this.#body() && this.#shape();
  }

  #is(word: Uint8Array): boolean {
    const at = this.#at;
    for (let index = 0; index < word.length; index += 1)
      if (this.#bytes[at + index] !== word[index]) return false;
    return at + word.length <= this.#end;
  }

  /** Past blanks; false where there are none. */
  #blanks(): boolean {
    const from = this.#at;
    while (this.#at < this.#end && this.#bytes[this.#at] === space) this.#at += 1;
    return this.#at > from;
  }

  /** A number that a blank or the line's end follows, and its digits only; -1 where it is none, or has too many digits. */
  #number(): number {
    let at = this.#at;
    const start = at;
    let value = 0;
    for (; at < this.#end; at += 1) {
      const digit = (this.#bytes[at] ?? 0) - digitZero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const digits = at - start;
    this.#at = at;
    if (digits === 0 || digits > 15 || (digits > 1 && this.#bytes[start] === digitZero)) return -1;
    return at === this.#end || this.#bytes[at] === space ? value : -1;
  }

  /** The number behind a word of this length, below `limit`; -1 where it is none. */
  #valueBehind(word: Uint8Array, limit: number): number {
    this.#at += word.length;
    const value = this.#number();
    return value < limit ? value : -1;
  }

  #key(word: Uint8Array): number {
    let at = this.#at + word.length;
    const start = at;
    let value = 0;
    for (; at < this.#end && this.#bytes[at] !== space; at += 1) {
      const code = this.#bytes[at] ?? 0;
      const digit = code <= 57 ? code - digitZero : code - 87;
      if (digit < 0 || digit > 15 || (code > 57 && digit < 10)) return -1;
      value = value * 16 + digit;
    }
    this.#at = at;
    const digits = at - start;
    return digits === 0 || digits > 4 || (digits > 1 && this.#bytes[start] === digitZero) ? -1 : value;
  }

  /** `[ipv4 2] tcp 6 [431999] [ESTABLISHED]`. */
  #head(): boolean {
    const { entry } = this;
    entry.family = 0;
    if (this.#is(words.ipv4) || this.#is(words.ipv6)) {
      entry.family = this.#bytes[this.#at + 3] === 52 ? 4 : 6;
      this.#at += 5;
      this.#blanks();
      if (this.#number() !== (entry.family === 4 ? 2 : 10) || !this.#blanks()) return false;
    }
    const nameAt = this.#at;
    while (this.#at < this.#end && this.#bytes[this.#at] !== space) this.#at += 1;
    const nameEnd = this.#at;
    if (!this.#blanks()) return false;
    const protocol = this.#number();
    if (protocol < 0 || protocol > 255 || !this.#blanks()) return false;
    const name = protocolWords[protocol];
    if (name?.length !== nameEnd - nameAt) return false;
    for (let index = 0; index < name.length; index += 1)
      if (name[index] !== this.#bytes[nameAt + index]) return false;
    entry.protocol = protocol;
    const digit = (this.#bytes[this.#at] ?? 0) - digitZero;
    if (digit >= 0 && digit <= 9) {
      const timeout = this.#number();
      if (timeout < 0 || timeout >= none || !this.#blanks()) return false;
      entry.timeout = timeout;
    }
    return this.#state();
  }

  #state(): boolean {
    const start = this.#at;
    const first = this.#bytes[start] ?? 0;
    if (first < 65 || first > 90) return true;
    while (this.#at < this.#end && this.#bytes[this.#at] !== space) this.#at += 1;
    const length = this.#at - start;
    const number = stateNumbers.get(stateKey(length, first, this.#bytes[this.#at - 1] ?? 0));
    const word = number === undefined ? undefined : stateWords[number];
    if (number === undefined || word?.length !== length) return false;
    for (let index = 0; index < length; index += 1)
      if (word[index] !== this.#bytes[start + index]) return false;
    this.entry.state = number;
    return this.#blanks();
  }

  #body(): boolean {
    if (!this.#is(words.src)) return false;
    while (this.#at < this.#end) {
      if (!this.#word()) return false;
      // whatever was read ends at a blank or with the line
      if (this.#at < this.#end && !this.#blanks()) return false;
    }
    return true;
  }

  /** Reads one word; false where it is none of the known, holds no good value, or was there already. */
  #word(): boolean {
    const hadCode = this.#hasCode;
    this.#hasCode = false;
    switch (this.#bytes[this.#at]) {
      case 115: // s
        if (this.#is(words.src)) return this.#address(words.src, seen.src);
        if (this.#is(words.sport)) return this.#port(words.sport, seen.sport);
        return this.#is(words.srckey) && this.#greKey(words.srckey, seen.srckey);
      case 100: // d
        if (this.#is(words.dst)) return this.#address(words.dst, seen.dst);
        if (this.#is(words.dport)) return this.#port(words.dport, seen.dport);
        if (this.#is(words.dstkey)) return this.#greKey(words.dstkey, seen.dstkey);
        return this.#is(words.delta) && this.#age(words.delta, hasDelta);
      case bracket:
        return this.#bracket();
      case 105: // i
        if (!this.#is(words.id)) return false;
        if (hadCode && (this.#tuple & seen.id) === 0) return this.#port(words.id, seen.id);
        return this.#field(words.id, seen.connectionId, none);
      case 109: // m
        return this.#is(words.mark) && this.#field(words.mark, seen.mark, 2 ** 32);
      case 117: // u
        return this.#is(words.use) && this.#field(words.use, seen.use, 256);
      case 122: // z
        return this.#is(words.zone) && this.#field(words.zone, seen.zone, 65_536);
      case 112: // p
        return this.#is(words.packets) && this.#counter(words.packets, seen.packets);
      case 98: // b
        return this.#is(words.bytes) && this.#counter(words.bytes, seen.bytes);
      case 116: // t
        return this.#is(words.type) && this.#icmp(words.type, seen.type);
      case 99: // c
        this.#hasCode = this.#is(words.code) && this.#icmp(words.code, seen.code);
        return this.#hasCode;
      default:
        return false;
    }
  }

  /** Marks a word of the tuple as seen; false where it was. */
  #once(bit: number): boolean {
    if (this.#tuple === 0 || (this.#tuple & bit) !== 0) return false;
    this.#tuple |= bit;
    return true;
  }

  #address(word: Uint8Array, bit: number): boolean {
    if (bit === seen.src) {
      if (this.#isReply) return false;
      if (this.#tuple !== 0) {
        this.#original = this.#tuple;
        this.#isReply = true;
      }
      this.#tuple = bit;
      // a tuple is its source and, right behind it, its destination
    } else if (this.#tuple !== seen.src) return false;
    else this.#tuple |= bit;
    const from = this.#at + word.length;
    let to = from;
    let isWide = false;
    for (; to < this.#end && this.#bytes[to] !== space; to += 1) if (this.#bytes[to] === 58) isWide = true;
    this.#at = to;
    const { entry } = this;
    if (entry.family === 0) entry.family = isWide ? 6 : 4;
    if (entry.family !== (isWide ? 6 : 4)) return false;
    if (isWide) return this.#wide(from, to, (this.#isReply ? 32 : 0) + (bit === seen.src ? 0 : 16));
    const address = readV4(this.#bytes, from, to);
    if (address < 0) return false;
    if (this.#isReply) entry[bit === seen.src ? 'replySrc' : 'replyDst'] = address;
    else entry[bit === seen.src ? 'src' : 'dst'] = address;
    return true;
  }

  /** An address of IPv6 that stands there just as its bytes are printed, with all its zeros on all of the line or on none. */
  #wide(from: number, to: number, at: number): boolean {
    const { wide } = this.entry;
    if (!readV6(this.#bytes, from, to, wide, at)) return false;
    const isLong = to - from === 39;
    if (at === 0) this.#isLong = isLong;
    const length = this.#isLong ? printLongV6(wide, at, printed) : printV6(wide, at, printed);
    if (length !== to - from) return false;
    for (let index = 0; index < length; index += 1)
      if (printed[index] !== this.#bytes[from + index]) return false;
    return true;
  }

  #port(word: Uint8Array, bit: number): boolean {
    const value = this.#valueBehind(word, 65_536);
    if (value < 0 || !this.#once(bit)) return false;
    if (bit === seen.sport) this.entry[this.#isReply ? 'replySport' : 'sport'] = value;
    else this.entry[this.#isReply ? 'replyDport' : 'dport'] = value;
    return true;
  }

  #greKey(word: Uint8Array, bit: number): boolean {
    const value = this.#key(word);
    if (value < 0 || !this.#once(bit)) return false;
    if (bit === seen.srckey) this.entry[this.#isReply ? 'replySport' : 'sport'] = value;
    else this.entry[this.#isReply ? 'replyDport' : 'dport'] = value;
    return true;
  }

  #icmp(word: Uint8Array, bit: number): boolean {
    const value = this.#valueBehind(word, 256);
    if (value < 0 || !this.#once(bit)) return false;
    this.entry[this.#isReply ? 'replySport' : 'sport'] += bit === seen.type ? value * 256 : value;
    return true;
  }

  #counter(word: Uint8Array, bit: number): boolean {
    const value = this.#valueBehind(word, Number.MAX_SAFE_INTEGER);
    if (value < 0 || !this.#once(bit)) return false;
    if (bit === seen.packets) this.entry[this.#isReply ? 'replyPackets' : 'packets'] = value;
    else this.entry[this.#isReply ? 'replyBytes' : 'bytes'] = value;
    return true;
  }

  #field(word: Uint8Array, bit: number, limit: number): boolean {
    const value = this.#valueBehind(word, limit);
    if (value < 0 || (this.#fields & bit) !== 0) return false;
    this.#fields |= bit;
    const { entry } = this;
    if (bit === seen.connectionId) entry.id = value;
    else if (bit === seen.mark) {
      entry.mark = value;
      entry.has |= hasMark;
    } else if (bit === seen.zone) {
      entry.zone = value;
      entry.has |= hasZone;
    } else if (value === 0) return false;
    else entry.use = value;
    return true;
  }

  #age(word: Uint8Array, kind: number): boolean {
    const value = this.#valueBehind(word, none);
    if (value < 0 || (this.#fields & seen.age) !== 0) return false;
    this.#fields |= seen.age;
    this.entry.seconds = value;
    this.entry.has |= kind;
    return true;
  }

  #bracket(): boolean {
    for (const { word, bit } of flagWords) {
      if (!this.#is(word)) continue;
      this.#at += word.length;
      // in another order than conntrack's, or twice
      if (bit <= this.entry.flags) return false;
      this.entry.flags |= bit;
      return true;
    }
    return this.#is(words.active) && this.#active();
  }

  /** `[active since 4s]`. */
  #active(): boolean {
    let at = this.#at + words.active.length;
    const start = at;
    let value = 0;
    for (; at < this.#end; at += 1) {
      const digit = (this.#bytes[at] ?? 0) - digitZero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const isClosed = this.#bytes[at] === 115 && this.#bytes[at + 1] === 93 && at + 2 <= this.#end;
    if (at === start || at - start > 9 || !isClosed || (this.#fields & seen.age) !== 0) return false;
    this.#at = at + 2;
    this.#fields |= seen.age;
    this.entry.seconds = value;
    this.entry.has |= hasActive;
    return true;
  }

  #shape(): boolean {
    const { entry } = this;
    if (this.#isReply && this.#tuple !== this.#original) return false;
    const shape = shapes.get(this.#tuple);
    if (shape === undefined) return false;
    entry.has |= shape | (this.#isReply ? hasReply : 0) | (this.#isLong ? hasLongAddresses : 0);
    return true;
  }
}
