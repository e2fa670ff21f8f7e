import type { Tuple } from '../../../../shared/domain/connection.ts';
import { v4Text, v6Text } from './address-bytes.ts';
import {
  flagBits,
  hasCounters,
  hasDelta,
  hasIcmp,
  hasKeys,
  hasMark,
  hasPorts,
  hasReply,
  hasZone,
  type PackedEntry,
  packedEnds,
  states,
} from './entry-sink.ts';

// linux/netfilter/nfnetlink_conntrack.h
const cta = {
  tupleOrig: 1,
  tupleReply: 2,
  status: 3,
  protoinfo: 4,
  help: 5,
  timeout: 7,
  mark: 8,
  countersOrig: 9,
  countersReply: 10,
  use: 11,
  id: 12,
  secmark: 17,
  zone: 18,
  secctx: 19,
  timestamp: 20,
  labels: 22,
} as const;

// linux/netfilter/nf_conntrack_common.h
const seenReply = 1 << 1;
const assured = 1 << 2;
const offload = 1 << 14;
const hwOffload = 1 << 15;

const gre = 47;
const numbersOf = (...names: readonly string[]): readonly number[] =>
  names.map((name) => states.indexOf(name));

/** Numbers of states by the attribute of CTA_PROTOINFO that holds them: those of TCP, DCCP and SCTP, in the kernel's order. */
const stateNumbers: ReadonlyMap<number, readonly number[]> = new Map([
  [
    1,
    numbersOf(
      ...['NONE', 'SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK'],
      ...['TIME_WAIT', 'CLOSE', 'SYN_SENT2'],
    ),
  ],
  [
    2,
    numbersOf(
      ...['NONE', 'REQUEST', 'RESPOND', 'PARTOPEN', 'OPEN', 'CLOSEREQ', 'CLOSING', 'TIMEWAIT', 'IGNORE'],
      'INVALID',
    ),
  ],
  [
    3,
    numbersOf(
      ...['NONE', 'CLOSED', 'COOKIE_WAIT', 'COOKIE_ECHOED', 'ESTABLISHED', 'SHUTDOWN_SENT'],
      ...['SHUTDOWN_RECD', 'SHUTDOWN_ACK_SENT', 'HEARTBEAT_SENT', 'HEARTBEAT_ACKED'],
    ),
  ],
]);

/** The attributes of one message: their headers are in the host's byte order, their numbers big-endian. */
export interface Attributes {
  readonly bytes: Uint8Array;
  readonly isLittle: boolean;
}

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const u32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)) >>>
  0;
const u64 = (bytes: Uint8Array, at: number): number => u32(bytes, at) * 2 ** 32 + u32(bytes, at + 4);

const exactU64 = (bytes: Uint8Array, at: number): number | string => {
  const value = u64(bytes, at);
  if (Number.isSafeInteger(value)) return value;
  return String((BigInt(u32(bytes, at)) << 32n) | BigInt(u32(bytes, at + 4)));
};

const decoder = new TextDecoder();
const textAt = (bytes: Uint8Array, from: number, to: number): string => {
  const zero = bytes.indexOf(0, from);
  return decoder.decode(bytes.subarray(from, zero === -1 || zero > to ? to : zero));
};

/** The end of the attribute at `at`; -1 where it is none that lies within `to`. */
const endOf = ({ bytes, isLittle }: Attributes, at: number, to: number): number => {
  if (at + 4 > to) return -1;
  const length = isLittle ? (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) : u16(bytes, at);
  return length < 4 || at + length > to ? -1 : at + length;
};

/** Its type, without the bits that say how it is packed. */
const typeOf = ({ bytes, isLittle }: Attributes, at: number): number =>
  (isLittle ? (bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8) : u16(bytes, at + 2)) & 0x3fff;

/** Where the attribute behind the one from `at` to `end` begins: alignment counts from the message, not from the piece. */
const nextAt = (at: number, end: number): number => at + ((end - at + 3) & ~3);

/** Where the payload of the first attribute of this type lies within; -1 where there is none. */
function findAttribute(of: Attributes, from: number, to: number, type: number, size: number): number {
  for (let at = from; at < to; ) {
    const end = endOf(of, at, to);
    if (end === -1) return -1;
    if (typeOf(of, at) === type && end - at - 4 >= size) return at + 4;
    at = nextAt(at, end);
  }
  return -1;
}

function readAddresses(
  of: Attributes,
  from: number,
  to: number,
  entry: PackedEntry,
  isReply: boolean,
): boolean {
  const { bytes } = of;
  const wideAt = isReply ? 32 : 0;
  let seen = 0;
  for (let at = from; at < to; ) {
    const end = endOf(of, at, to);
    if (end === -1) return false;
    const type = typeOf(of, at);
    const size = end - at - 4;
    if (entry.family === 4 && size >= 4 && (type === 1 || type === 2)) {
      const address = u32(bytes, at + 4);
      if (isReply) entry[type === 1 ? 'replySrc' : 'replyDst'] = address;
      else entry[type === 1 ? 'src' : 'dst'] = address;
      seen |= type;
    } else if (entry.family === 6 && size >= 16 && (type === 3 || type === 4)) {
      const target = wideAt + (type - 3) * 16;
      for (let offset = 0; offset < 16; offset += 1)
        entry.wide[target + offset] = bytes[at + 4 + offset] ?? 0;
      seen |= type - 2;
    }
    at = nextAt(at, end);
  }
  return seen === 3;
}

function readProtocol(
  of: Attributes,
  from: number,
  to: number,
  entry: PackedEntry,
  isReply: boolean,
): boolean {
  const { bytes } = of;
  let protocol = -1;
  let kind = 0;
  let sport = 0;
  let dport = 0;
  for (let at = from; at < to; ) {
    const end = endOf(of, at, to);
    if (end === -1) return false;
    const payload = at + 4;
    const size = end - payload;
    switch (size < 1 ? 0 : typeOf(of, at)) {
      case 1:
        protocol = bytes[payload] ?? 0;
        break;
      case 2:
        sport = u16(bytes, payload);
        kind = hasPorts;
        break;
      case 3:
        dport = u16(bytes, payload);
        break;
      case 4:
      case 7:
        dport = u16(bytes, payload);
        break;
      case 5:
      case 8:
        sport = (sport & 255) | ((bytes[payload] ?? 0) << 8);
        kind = hasIcmp;
        break;
      case 6:
      case 9:
        sport = (sport & 0xff00) | (bytes[payload] ?? 0);
        break;
      default:
    }
    at = nextAt(at, end);
  }
  if (protocol === -1) return false;
  if (isReply) {
    entry.replySport = sport;
    entry.replyDport = dport;
    return true;
  }
  entry.protocol = protocol;
  entry.sport = sport;
  entry.dport = dport;
  entry.has |= kind === hasPorts && protocol === gre ? hasKeys : kind;
  return true;
}

const keep = (entry: PackedEntry, name: string, value: string | number): void => {
  entry.extra = { ...entry.extra, [name]: value };
};

function readTuple(of: Attributes, from: number, to: number, entry: PackedEntry, isReply: boolean): boolean {
  let seen = 0;
  for (let at = from; at < to; ) {
    const end = endOf(of, at, to);
    if (end === -1) return false;
    const type = typeOf(of, at);
    if (type === 1 && readAddresses(of, at + 4, end, entry, isReply)) seen |= 1;
    else if (type === 2 && readProtocol(of, at + 4, end, entry, isReply)) seen |= 2;
    else if (type === 3 && end - at >= 6)
      keep(entry, isReply ? 'zone-reply' : 'zone-orig', u16(of.bytes, at + 4));
    at = nextAt(at, end);
  }
  return seen === 3;
}

function readCounters(of: Attributes, from: number, to: number, entry: PackedEntry, isReply: boolean): void {
  const packetsAt = findAttribute(of, from, to, 1, 8);
  const bytesAt = findAttribute(of, from, to, 2, 8);
  if (packetsAt === -1 || bytesAt === -1) return;
  const packets = u64(of.bytes, packetsAt);
  const bytes = u64(of.bytes, bytesAt);
  entry.has |= hasCounters;
  if (isReply) {
    entry.replyPackets = packets;
    entry.replyBytes = bytes;
  } else {
    entry.packets = packets;
    entry.bytes = bytes;
  }
  if (bytes < Number.MAX_SAFE_INTEGER && packets < Number.MAX_SAFE_INTEGER) return;
  const exact = { packets: exactU64(of.bytes, packetsAt), bytes: exactU64(of.bytes, bytesAt) };
  if (isReply) entry.reply = { ...tupleOf(entry, true), ...exact };
  else entry.original = { ...tupleOf(entry, false), ...exact };
}

function tupleOf(entry: PackedEntry, isReply: boolean): Tuple {
  const at = isReply ? 32 : 0;
  const [src, dst] = isReply ? [entry.replySrc, entry.replyDst] : [entry.src, entry.dst];
  const [from, to] = isReply ? [entry.replySport, entry.replyDport] : [entry.sport, entry.dport];
  const addresses =
    entry.family === 4
      ? { src: v4Text(src), dst: v4Text(dst) }
      : { src: v6Text(entry.wide, at), dst: v6Text(entry.wide, at + 16) };
  return { ...addresses, ...packedEnds(entry.has, from, to) };
}

/** One of the three that conntrack prints, in its precedence, and whether a reply was seen. */
const flagsOf = (status: number): number => {
  const settled =
    status & hwOffload
      ? flagBits.HW_OFFLOAD
      : status & offload
        ? flagBits.OFFLOAD
        : status & assured
          ? flagBits.ASSURED
          : 0;
  return settled | (status & seenReply ? 0 : flagBits.UNREPLIED);
};

function readState(of: Attributes, from: number, to: number, entry: PackedEntry): void {
  const end = endOf(of, from, to);
  const names = end === -1 ? undefined : stateNumbers.get(typeOf(of, from));
  const stateAt = names ? findAttribute(of, from + 4, end, 1, 1) : -1;
  if (names && stateAt !== -1) entry.state = names[of.bytes[stateAt] ?? 0] ?? names[0] ?? 0;
}

/** Which bits are set, told by their numbers; a big-endian kernel keeps them in words of 64. */
function labelsOf({ bytes, isLittle }: Attributes, from: number, to: number): string {
  const set: number[] = [];
  for (let at = from; at < to; at += 1)
    for (let bit = 0; bit < 8; bit += 1)
      if ((bytes[at] ?? 0) & (1 << bit)) set.push((isLittle ? at - from : (at - from) ^ 7) * 8 + bit);
  return set.sort((a, b) => a - b).join(',');
}

/** What only few entries have. */
function readRare(of: Attributes, type: number, from: number, to: number, entry: PackedEntry): void {
  const nameAt = type === cta.help || type === cta.secctx ? findAttribute(of, from, to, 1, 1) : -1;
  if (nameAt !== -1) keep(entry, type === cta.help ? 'helper' : 'secctx', textAt(of.bytes, nameAt, to));
  else if (type === cta.secmark && to - from >= 4) keep(entry, 'secmark', u32(of.bytes, from));
  else if (type === cta.labels) {
    const labels = labelsOf(of, from, to);
    if (labels !== '') keep(entry, 'labels', labels);
  }
}

/**
 * Reads the attributes from `from` to `to` into `entry`, whose family is known and which is empty otherwise. `now`:
 * Unix seconds, to tell an age from a start. False where they hold no connection.
 */
export function readAttributes(
  of: Attributes,
  from: number,
  to: number,
  entry: PackedEntry,
  now: number,
): boolean {
  const { bytes } = of;
  let isWhole = false;
  for (let at = from; at < to; ) {
    const end = endOf(of, at, to);
    if (end === -1) return false;
    const payload = at + 4;
    const size = end - payload;
    const type = typeOf(of, at);
    at = nextAt(at, end);
    if (type === cta.tupleOrig) isWhole = readTuple(of, payload, end, entry, false);
    else if (type === cta.tupleReply) {
      if (readTuple(of, payload, end, entry, true)) entry.has |= hasReply;
    } else if (type === cta.protoinfo) readState(of, payload, end, entry);
    else if (type === cta.countersOrig) readCounters(of, payload, end, entry, false);
    else if (type === cta.countersReply) readCounters(of, payload, end, entry, true);
    else if (type === cta.zone && size >= 2) {
      entry.zone = u16(bytes, payload);
      entry.has |= hasZone;
    } else if (type === cta.timestamp) {
      const startAt = findAttribute(of, payload, end, 1, 8);
      if (startAt === -1) continue;
      entry.seconds = Math.max(0, now - Math.floor(u64(bytes, startAt) / 1e9));
      entry.has |= hasDelta;
    } else if (type === cta.help || type >= cta.secmark) readRare(of, type, payload, end, entry);
    else if (size >= 4) readNumber(type, u32(bytes, payload), entry);
  }
  return isWhole;
}

function readNumber(type: number, value: number, entry: PackedEntry): void {
  switch (type) {
    case cta.status:
      entry.flags = flagsOf(value);
      break;
    case cta.timeout:
      entry.timeout = value;
      break;
    case cta.mark:
      entry.mark = value;
      entry.has |= hasMark;
      break;
    case cta.use:
      entry.use = value;
      break;
    case cta.id:
      entry.id = value;
      break;
    default:
  }
}
