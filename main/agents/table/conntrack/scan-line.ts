import { printLongV6, printV6, readV4, readV6 } from './address-bytes.ts';
import {
  clearEntry,
  flagBits,
  hasActive,
  hasDelta,
  hasLongAddresses,
  hasMark,
  hasReply,
  hasZone,
  none,
  type PackedEntry,
} from './entry-sink.ts';
import { LineCursor, stands } from './line-cursor.ts';
import {
  first,
  flagWords,
  idEquals,
  protocolWords,
  seen,
  seenOnce,
  shapes,
  stateKey,
  stateNumbers,
  stateWords,
  tails,
} from './line-words.ts';
import {
  readEstablished,
  readUsualCounters,
  readUsualEnd,
  readUsualHead,
  readUsualTuple,
} from './scan-usual.ts';

const space = 32;
const newline = 10;
const colon = 58;
const bracket = 91;
const zero = 48;

const printed = new Uint8Array(48);

/**
 * Reads a line of the usual forms from its bytes, without making a string of it: what `conntrack -L` prints with or
 * without `-o extended,id`, `conntrackd -i|-e`, and /proc. A word that it does not know makes it give up: such a line
 * is for `parseConnection`, which tells the same of those that it does read.
 */
export class LineScanner extends LineCursor {
  readonly entry: PackedEntry;
  /** Words of the tuple that is being read, of the first one when it is done, and of the connection. */
  private tuple = 0;
  private original = 0;
  private once = 0;
  private isReply = false;
  private isLong = false;
  /** The word before was `code=`, so that an `id=` here is the echo's. */
  private isCode = false;

  constructor(entry: PackedEntry) {
    super();
    this.entry = entry;
  }

  /** Whether the line that begins at `from`, and ends at a newline or at `to`, was read into the entry. */
  scan(bytes: Uint8Array, from: number, to: number): boolean {
    this.begin(bytes, from, to);
    this.tuple = 0;
    this.original = 0;
    this.once = 0;
    this.isReply = false;
    this.isLong = false;
    this.isCode = false;
    clearEntry(this.entry);
    return this.head() && this.body() && this.shape();
  }

  /** `[ipv4 2] tcp 6 [431999] [ESTABLISHED]`. */
  private head(): boolean {
    const { bytes, entry } = this;
    const usual = this.hasRoom ? readUsualHead(this.view, this.at, entry) : -1;
    if (usual >= 0) this.at = usual;
    else if (!this.protocol()) return false;
    const digit = (bytes[this.at] ?? 0) - zero;
    if (digit >= 0 && digit <= 9) {
      const timeout = this.number(this.at);
      if (timeout < 0 || timeout >= none || !this.blanks()) return false;
      entry.timeout = timeout;
    }
    return this.state();
  }

  private protocol(): boolean {
    const { bytes, entry, end } = this;
    entry.family = 0;
    const family = this.four();
    if ((family === first.ipv4 || family === first.ipv6) && bytes[this.at + 4] === space) {
      entry.family = family === first.ipv4 ? 4 : 6;
      this.at += 4;
      this.blanks();
      if (this.number(this.at) !== (entry.family === 4 ? 2 : 10) || !this.blanks()) return false;
    }
    const nameAt = this.at;
    let nameEnd = nameAt;
    while (nameEnd < end && (bytes[nameEnd] ?? 0) > space) nameEnd += 1;
    this.at = nameEnd;
    if (!this.blanks()) return false;
    const protocol = this.number(this.at);
    if (protocol < 0 || protocol > 255 || !this.blanks()) return false;
    const name = protocolWords[protocol];
    if (name?.length !== nameEnd - nameAt || !stands(name, bytes, nameAt)) return false;
    entry.protocol = protocol;
    return true;
  }

  private state(): boolean {
    const { bytes, end } = this;
    const start = this.at;
    const letter = bytes[start] ?? 0;
    if (letter < 65 || letter > 90) return true;
    const usual = this.hasRoom ? readEstablished(bytes, this.view, start, this.entry) : -1;
    if (usual >= 0) {
      this.at = usual;
      return usual <= end;
    }
    let at = start;
    while (at < end && (bytes[at] ?? 0) > space) at += 1;
    this.at = at;
    const number = stateNumbers.get(stateKey(at - start, letter, bytes[at - 1] ?? 0));
    const word = number === undefined ? undefined : stateWords[number];
    if (number === undefined || word === undefined || !stands(word, bytes, start)) return false;
    this.entry.state = number;
    return this.blanks();
  }

  private body(): boolean {
    const { bytes, end } = this;
    if (this.four() !== first.src) return false;
    while (this.at < end && bytes[this.at] !== newline) {
      if (!this.word()) return false;
      // whatever was read ends at a blank or with the line
      if (!this.blanks() && this.at < end && bytes[this.at] !== newline) return false;
    }
    return this.at <= end;
  }

  /** Reads one word; false where it is none of the known, holds no good value, or was there already. */
  private word(): boolean {
    const { bytes, at, isCode } = this;
    this.isCode = false;
    const four = this.four();
    if (four === first.mark) return this.mark();
    if (four === first.use) return this.use();
    if ((four | 0xff) === idEquals) return isCode ? this.echoId() : this.id();
    if (four === first.src) return this.source();
    if (bytes[at] === bracket) return this.bracket(four);
    if (four === first.dst) return this.destination();
    if (four === first.sport) return this.from(tails.sport, seen.sport);
    if (four === first.dport) return this.to(tails.dport, seen.dport);
    if (four === first.packets || four === first.bytes) return this.counter(four === first.packets);
    if (four === first.zone) return this.zone();
    if (four === first.delta) return this.delta();
    if (four === first.type) return this.icmp(tails.type, seen.type, 256);
    if (four === first.code) {
      this.isCode = true;
      return this.icmp(tails.code, seen.code, 1);
    }
    if (four === first.srckey) return this.from(tails.srckey, seen.srckey);
    return four === first.dstkey && this.to(tails.dstkey, seen.dstkey);
  }

  /** The number behind the word's first four letters and its tail, below `limit`; -1 where that is not there. */
  private behind(tail: Uint8Array, limit: number): number {
    const at = this.at + 4;
    if (!stands(tail, this.bytes, at)) return -1;
    const value = this.number(at + tail.length);
    return value < limit ? value : -1;
  }

  /** Marks a word of the tuple as seen; false where it was. */
  private isFirst(bit: number): boolean {
    if (this.tuple === 0 || (this.tuple & bit) !== 0) return false;
    this.tuple |= bit;
    return true;
  }

  /** The same of a word of the connection. */
  private isOnly(bit: number): boolean {
    if ((this.once & bit) !== 0) return false;
    this.once |= bit;
    return true;
  }

  private source(): boolean {
    if (this.isReply) return false;
    if (this.tuple !== 0) {
      this.original = this.tuple;
      this.isReply = true;
    }
    if (this.usualTuple()) return true;
    this.tuple = seen.src;
    const address = this.address(this.isReply ? 32 : 0);
    if (this.isReply) this.entry.replySrc = address;
    else this.entry.src = address;
    return address >= 0;
  }

  private usualTuple(): boolean {
    const { entry } = this;
    if (!this.hasRoom || entry.family === 6) return false;
    const end = readUsualTuple(this.bytes, this.view, this.at, this.end, entry, this.isReply);
    if (end < 0) return false;
    this.at = end;
    entry.family = 4;
    this.tuple = seen.src | seen.dst | seen.sport | seen.dport;
    if (!this.hasRoom || this.bytes[end] !== space) return true;
    const counted = readUsualCounters(this.bytes, this.view, end + 1, this.end, entry, this.isReply);
    if (counted >= 0) {
      this.at = counted;
      this.tuple |= seen.packets | seen.bytes;
    }
    // in the order in which conntrack prints them no word may stand before
    if (this.isReply && this.once === 0 && entry.flags < flagBits.ASSURED) this.usualEnd();
    return true;
  }

  private usualEnd(): void {
    if (!this.hasRoom || this.bytes[this.at] !== space) return;
    const end = readUsualEnd(this.bytes, this.view, this.at + 1, this.end, this.entry);
    if (end >= 0) this.at = end;
  }

  /** It stands right behind its source. */
  private destination(): boolean {
    if (this.tuple !== seen.src) return false;
    this.tuple = seen.src | seen.dst;
    const address = this.address(this.isReply ? 48 : 16);
    if (this.isReply) this.entry.replyDst = address;
    else this.entry.dst = address;
    return address >= 0;
  }

  /** An address: of IPv4 its number, of IPv6, which goes to its place in `wide`, 0; -1 where it is none of the family's. */
  private address(wideAt: number): number {
    const { bytes, end, entry } = this;
    const from = this.at + 4;
    let at = from;
    let isWide = false;
    for (; at < end && (bytes[at] ?? 0) > space; at += 1) if (bytes[at] === colon) isWide = true;
    this.at = at;
    if (entry.family === 0) entry.family = isWide ? 6 : 4;
    if (entry.family !== (isWide ? 6 : 4)) return -1;
    return isWide ? this.wide(from, at, wideAt) : readV4(bytes, from, at);
  }

  /** It must stand there just as its bytes are printed, with all its zeros on all of the line or on none. */
  private wide(from: number, to: number, at: number): number {
    const { bytes } = this;
    const { wide } = this.entry;
    if (!readV6(bytes, from, to, wide, at)) return -1;
    if (at === 0) this.isLong = to - from === 39;
    const length = this.isLong ? printLongV6(wide, at, printed) : printV6(wide, at, printed);
    if (length !== to - from) return -1;
    for (let index = 0; index < length; index += 1) if (printed[index] !== bytes[from + index]) return -1;
    return 0;
  }

  private end16(tail: Uint8Array, bit: number): number {
    if (bit !== seen.srckey && bit !== seen.dstkey) return this.behind(tail, 65_536);
    const at = this.at + 4;
    return stands(tail, this.bytes, at) ? this.hexadecimal(at + tail.length) : -1;
  }

  private from(tail: Uint8Array, bit: number): boolean {
    const value = this.end16(tail, bit);
    if (this.isReply) this.entry.replySport = value;
    else this.entry.sport = value;
    return value >= 0 && this.isFirst(bit);
  }

  private to(tail: Uint8Array, bit: number): boolean {
    const value = this.end16(tail, bit);
    if (this.isReply) this.entry.replyDport = value;
    else this.entry.dport = value;
    return value >= 0 && this.isFirst(bit);
  }

  private icmp(tail: Uint8Array, bit: number, factor: number): boolean {
    const value = this.behind(tail, 256);
    if (this.isReply) this.entry.replySport += value * factor;
    else this.entry.sport += value * factor;
    return value >= 0 && this.isFirst(bit);
  }

  /** The `id=` of an echo, right behind its code. */
  private echoId(): boolean {
    const value = this.number(this.at + 3);
    if (this.isReply) this.entry.replyDport = value;
    else this.entry.dport = value;
    return value >= 0 && value < 65_536 && this.isFirst(seen.id);
  }

  private counter(isPackets: boolean): boolean {
    const { entry, isReply } = this;
    const value = this.behind(isPackets ? tails.packets : tails.bytes, Number.MAX_SAFE_INTEGER);
    if (isPackets) {
      if (isReply) entry.replyPackets = value;
      else entry.packets = value;
    } else if (isReply) entry.replyBytes = value;
    else entry.bytes = value;
    return value >= 0 && this.isFirst(isPackets ? seen.packets : seen.bytes);
  }

  private mark(): boolean {
    const value = this.behind(tails.mark, 2 ** 32);
    this.entry.mark = value;
    this.entry.has |= hasMark;
    return value >= 0 && this.isOnly(seenOnce.mark);
  }

  private zone(): boolean {
    const value = this.behind(tails.zone, 65_536);
    this.entry.zone = value;
    this.entry.has |= hasZone;
    return value >= 0 && this.isOnly(seenOnce.zone);
  }

  private use(): boolean {
    const value = this.number(this.at + 4);
    this.entry.use = value;
    return value > 0 && value < 256 && this.isOnly(seenOnce.use);
  }

  private id(): boolean {
    const value = this.number(this.at + 3);
    this.entry.id = value;
    return value >= 0 && value < none && this.isOnly(seenOnce.id);
  }

  private delta(): boolean {
    const value = this.behind(tails.delta, none);
    this.entry.seconds = value;
    this.entry.has |= hasDelta;
    return value >= 0 && this.isOnly(seenOnce.age);
  }

  private bracket(four: number): boolean {
    if (four === first.active) return this.active();
    const { bytes, at, entry } = this;
    for (const { four: letters, word, bit } of flagWords) {
      if (letters !== four || !stands(word, bytes, at)) continue;
      this.at += word.length;
      // in another order than conntrack's, or twice
      if (bit <= entry.flags) return false;
      entry.flags |= bit;
      return true;
    }
    return false;
  }

  /** `[active since 4s]`. */
  private active(): boolean {
    const { bytes } = this;
    if (!stands(tails.active, bytes, this.at + 4)) return false;
    const start = this.at + 4 + tails.active.length;
    let at = start;
    let value = 0;
    for (; at - start < 10; at += 1) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const isClosed = bytes[at] === 115 && bytes[at + 1] === 93 && at + 2 <= this.end;
    if (at === start || at - start > 9 || !isClosed) return false;
    this.at = at + 2;
    this.entry.seconds = value;
    this.entry.has |= hasActive;
    return this.isOnly(seenOnce.age);
  }

  private shape(): boolean {
    if (this.isReply && this.tuple !== this.original) return false;
    const shape = shapes[this.tuple] ?? -1;
    if (shape < 0) return false;
    this.entry.has |= shape | (this.isReply ? hasReply : 0) | (this.isLong ? hasLongAddresses : 0);
    return true;
  }
}
