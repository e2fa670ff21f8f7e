import { flagBits, hasDelta, hasMark, none, type PackedEntry, states } from './entry-sink.ts';
import { first, fourOf, idEquals } from './line-words.ts';

/**
 * The pieces that nearly every line has, TCP's or UDP's head, a tuple of IPv4 with ports, its counters and the end, each read in
 * one go where it stands just as conntrack prints it: a million lines take half of the time that it takes word by word. What stands
 * otherwise is for the scanner of words, which says the same of these.
 */

const space = 32;
const newline = 10;
const dot = 46;
const zero = 48;

/** Bytes that a piece may look at, however it goes on: it is read only where so many are left. */
export const pieceBytes = 112;

/** Where the number or the address that was read last ended. */
let stop = 0;

/** The number of at most five digits at `at`; -1 where it is none that conntrack would print. */
function portAt(bytes: Uint8Array, at: number): number {
  let value = (bytes[at] ?? 0) - zero;
  if (value < 0 || value > 9) return -1;
  let next = at + 1;
  for (; next < at + 5; next += 1) {
    const digit = (bytes[next] ?? 0) - zero;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  stop = next;
  return value > 65_535 || (bytes[at] === zero && next > at + 1) ? -1 : value;
}

/** The octet at `at`; -1 where it is none. */
function octetAt(bytes: Uint8Array, at: number): number {
  const hundreds = (bytes[at] ?? 0) - zero;
  if (hundreds < 0 || hundreds > 9) return -1;
  const tens = (bytes[at + 1] ?? 0) - zero;
  stop = at + 1;
  if (tens < 0 || tens > 9) return hundreds;
  if (hundreds === 0) return -1;
  const ones = (bytes[at + 2] ?? 0) - zero;
  stop = at + 2;
  if (ones < 0 || ones > 9) return hundreds * 10 + tens;
  stop = at + 3;
  const value = hundreds * 100 + tens * 10 + ones;
  return value > 255 ? -1 : value;
}

/** The IPv4 address at `at`, before a blank; -1 where it is none. */
function v4At(bytes: Uint8Array, at: number): number {
  const a = octetAt(bytes, at);
  if (a < 0 || bytes[stop] !== dot) return -1;
  const b = octetAt(bytes, stop + 1);
  if (b < 0 || bytes[stop] !== dot) return -1;
  const c = octetAt(bytes, stop + 1);
  if (c < 0 || bytes[stop] !== dot) return -1;
  const d = octetAt(bytes, stop + 1);
  return d < 0 || bytes[stop] !== space ? -1 : ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** `rt=`, from the end of `sport=` and of `dport=`. */
const portTail = fourOf('ort=');

/**
 * Reads `src=10.1.0.1 dst=10.2.0.1 sport=1 dport=443` at `at`, of which the first word is known to stand there. Gives
 * where it ends, -1 where something else stands there or it goes on past `end`.
 */
export function readUsualTuple(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  entry: PackedEntry,
  isReply: boolean,
): number {
  const src = v4At(bytes, at + 4);
  if (src < 0 || view.getInt32(stop + 1) !== first.dst) return -1;
  const dst = v4At(bytes, stop + 5);
  if (dst < 0 || view.getInt32(stop + 1) !== first.sport || view.getInt32(stop + 3) !== portTail) return -1;
  const sport = portAt(bytes, stop + 7);
  if (sport < 0 || bytes[stop] !== space) return -1;
  if (view.getInt32(stop + 1) !== first.dport || view.getInt32(stop + 3) !== portTail) return -1;
  const dport = portAt(bytes, stop + 7);
  if (dport < 0 || stop > end || (bytes[stop] !== space && bytes[stop] !== newline)) return -1;
  if (isReply) {
    entry.replySrc = src;
    entry.replyDst = dst;
    entry.replySport = sport;
    entry.replyDport = dport;
  } else {
    entry.src = src;
    entry.dst = dst;
    entry.sport = sport;
    entry.dport = dport;
  }
  return stop;
}

/** The number of at most 15 digits at `at`; -1 where it is none that conntrack would print. */
function countAt(bytes: Uint8Array, at: number): number {
  let value = (bytes[at] ?? 0) - zero;
  if (value < 0 || value > 9) return -1;
  let next = at + 1;
  for (; next < at + 15; next += 1) {
    const digit = (bytes[next] ?? 0) - zero;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  stop = next;
  return bytes[at] === zero && next > at + 1 ? -1 : value;
}

const packetsTail = fourOf('ets=');
const bytesTail = fourOf('tes=');

/** Reads `packets=1 bytes=40` at `at`. Gives where it ends, -1 where something else stands there or it goes on past `end`. */
export function readUsualCounters(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  entry: PackedEntry,
  isReply: boolean,
): number {
  if (view.getInt32(at) !== first.packets || view.getInt32(at + 4) !== packetsTail) return -1;
  const packets = countAt(bytes, at + 8);
  if (packets < 0 || bytes[stop] !== space) return -1;
  if (view.getInt32(stop + 1) !== first.bytes || view.getInt32(stop + 3) !== bytesTail) return -1;
  const size = countAt(bytes, stop + 7);
  if (size < 0 || stop > end || (bytes[stop] !== space && bytes[stop] !== newline)) return -1;
  if (isReply) {
    entry.replyPackets = packets;
    entry.replyBytes = size;
  } else {
    entry.packets = packets;
    entry.bytes = size;
  }
  return stop;
}

const four = {
  assured: [fourOf('[ASS'), fourOf('URED'), fourOf('ED] ')],
  deltaTime: [fourOf('delt'), fourOf('a-ti'), fourOf('ime=')],
  blanks: fourOf('    '),
  ipv4: fourOf('  2 '),
  ipv6: fourOf(' 10 '),
  tcp: fourOf('tcp '),
  isTcp: fourOf('  6 '),
  udp: fourOf('udp '),
  isUdp: fourOf(' 17 '),
  established: [fourOf('ESTA'), fourOf('BLIS'), fourOf('SHED')],
} as const;

/** Reads `[ipv4     2 ]tcp      6 ` at `at`. Gives where it ends, -1 where something else stands there. */
export function readUsualHead(view: DataView, at: number, entry: PackedEntry): number {
  let next = at;
  let family: 0 | 4 | 6 = 0;
  const word = view.getInt32(next);
  if (word === first.ipv4) {
    if (view.getInt32(next + 4) !== four.blanks || view.getInt32(next + 7) !== four.ipv4) return -1;
    family = 4;
    next += 11;
  } else if (word === first.ipv6) {
    if (view.getInt32(next + 4) !== four.blanks || view.getInt32(next + 8) !== four.ipv6) return -1;
    family = 6;
    next += 12;
  }
  const protocol = view.getInt32(next);
  if (view.getInt32(next + 4) !== four.blanks) return -1;
  if (protocol === four.tcp && view.getInt32(next + 7) === four.isTcp) {
    entry.protocol = 6;
    next += 11;
  } else if (protocol === four.udp && view.getInt32(next + 8) === four.isUdp) {
    entry.protocol = 17;
    next += 12;
  } else return -1;
  entry.family = family;
  return next;
}

const [esta, blis, shed] = four.established;
const established = states.indexOf('ESTABLISHED');

/** Reads `ESTABLISHED ` at `at`. Gives where it ends, -1 where something else stands there. */
export function readEstablished(bytes: Uint8Array, view: DataView, at: number, entry: PackedEntry): number {
  if (view.getInt32(at) !== esta || view.getInt32(at + 4) !== blis || view.getInt32(at + 7) !== shed)
    return -1;
  if (bytes[at + 11] !== space) return -1;
  entry.state = established;
  return at + 12;
}

const [ass, ured, edEnd] = four.assured;
const [delt, aTi, ime] = four.deltaTime;
const equals = 61;

/**
 * Reads `[[ASSURED] ]mark=0 [delta-time=9 ]use=1[ id=7]` at `at`, with which the line ends. Gives where that is, -1 where
 * something else stands there or the line goes on past `end`.
 */
export function readUsualEnd(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  entry: PackedEntry,
): number {
  let next = at;
  const isAssured = view.getInt32(next) === ass;
  if (isAssured) {
    if (view.getInt32(next + 4) !== ured || view.getInt32(next + 6) !== edEnd) return -1;
    next += 10;
  }
  if (view.getInt32(next) !== first.mark || bytes[next + 4] !== equals) return -1;
  const mark = countAt(bytes, next + 5);
  if (mark < 0 || mark >= 2 ** 32 || bytes[stop] !== space) return -1;
  next = stop + 1;
  const isTimed = view.getInt32(next) === delt;
  let seconds = 0;
  if (isTimed) {
    if (view.getInt32(next + 4) !== aTi || view.getInt32(next + 7) !== ime) return -1;
    seconds = countAt(bytes, next + 11);
    if (seconds < 0 || seconds >= none || bytes[stop] !== space) return -1;
    next = stop + 1;
  }
  if (view.getInt32(next) !== first.use) return -1;
  const use = countAt(bytes, next + 4);
  if (use <= 0 || use > 255) return -1;
  let id: number = none;
  if (bytes[stop] === space) {
    if ((view.getInt32(stop + 1) | 0xff) !== idEquals) return -1;
    id = countAt(bytes, stop + 4);
    if (id < 0 || id >= none) return -1;
  }
  if (stop > end || (stop < end && bytes[stop] !== newline)) return -1;
  if (isAssured) entry.flags |= flagBits.ASSURED;
  entry.mark = mark;
  entry.has |= hasMark;
  if (isTimed) {
    entry.seconds = seconds;
    entry.has |= hasDelta;
  }
  entry.use = use;
  entry.id = id;
  return stop;
}
