import type { Tuple } from '../../../../shared/domain/connection.ts';
import { v4Text, v6Text } from './address-bytes.ts';
import {
  flagBits,
  hasCounters,
  hasDelta,
  hasMark,
  hasReply,
  hasZone,
  type PackedEntry,
  packedEnds,
  states,
} from './entry-sink.ts';
import {
  type Attributes,
  endOf,
  exactU64,
  findAttribute,
  isHeader,
  nextAt,
  typeOf,
  u64,
} from './netlink-bytes.ts';
import { readTuple } from './netlink-tuple.ts';

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

const numbersOf = (...names: readonly string[]): readonly number[] =>
  names.map((name) => states.indexOf(name));

/** Numbers of states by the attribute of CTA_PROTOINFO that holds them: those of TCP, DCCP and SCTP, in the kernel's order. */
const stateNumbers: readonly (readonly number[] | undefined)[] = [
  undefined,
  numbersOf(
    ...['NONE', 'SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK'],
    ...['TIME_WAIT', 'CLOSE', 'SYN_SENT2'],
  ),
  numbersOf(
    ...['NONE', 'REQUEST', 'RESPOND', 'PARTOPEN', 'OPEN', 'CLOSEREQ', 'CLOSING', 'TIMEWAIT', 'IGNORE'],
    'INVALID',
  ),
  numbersOf(
    ...['NONE', 'CLOSED', 'COOKIE_WAIT', 'COOKIE_ECHOED', 'ESTABLISHED', 'SHUTDOWN_SENT'],
    ...['SHUTDOWN_RECD', 'SHUTDOWN_ACK_SENT', 'HEARTBEAT_SENT', 'HEARTBEAT_ACKED'],
  ),
];

const decoder = new TextDecoder();
const textAt = (bytes: Uint8Array, from: number, to: number): string => {
  const zero = bytes.indexOf(0, from);
  return decoder.decode(bytes.subarray(from, zero === -1 || zero > to ? to : zero));
};

const keep = (entry: PackedEntry, name: string, value: string | number): void => {
  entry.extra = { ...entry.extra, [name]: value };
};

function readCounters(of: Attributes, from: number, to: number, entry: PackedEntry, isReply: boolean): void {
  const { view, isLittle } = of;
  // as nearly all are sent: two of eight bytes, packets first
  const isUsual =
    isLittle && to - from >= 24 && isHeader(view, from, 12, 1) && isHeader(view, from + 12, 12, 2);
  const packetsAt = isUsual ? from + 4 : findAttribute(of, from, to, 1, 8);
  const bytesAt = isUsual ? from + 16 : findAttribute(of, from, to, 2, 8);
  if (packetsAt === -1 || bytesAt === -1) return;
  const packets = u64(view, packetsAt);
  const bytes = u64(view, bytesAt);
  entry.has |= hasCounters;
  if (isReply) {
    entry.replyPackets = packets;
    entry.replyBytes = bytes;
  } else {
    entry.packets = packets;
    entry.bytes = bytes;
  }
  if (bytes < Number.MAX_SAFE_INTEGER && packets < Number.MAX_SAFE_INTEGER) return;
  const exact = { packets: exactU64(view, packetsAt), bytes: exactU64(view, bytesAt) };
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
  const names = end === -1 ? undefined : stateNumbers[typeOf(of, from)];
  if (names === undefined) return;
  const isFirst = of.isLittle && end - from >= 12 && isHeader(of.view, from + 4, 5, 1);
  const stateAt = isFirst ? from + 8 : findAttribute(of, from + 4, end, 1, 1);
  if (stateAt !== -1) entry.state = names[of.bytes[stateAt] ?? 0] ?? names[0] ?? 0;
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
  else if (type === cta.secmark && to - from >= 4) keep(entry, 'secmark', of.view.getUint32(from));
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
  const { view } = of;
  let isWhole = false;
  for (let at = from; at < to; ) {
    const end = endOf(of, at, to);
    if (end === -1) return false;
    const payload = at + 4;
    const size = end - payload;
    const type = typeOf(of, at);
    at = nextAt(at, end);
    switch (type) {
      case cta.tupleOrig:
        isWhole = readTuple(of, payload, end, entry, false);
        break;
      case cta.tupleReply:
        if (readTuple(of, payload, end, entry, true)) entry.has |= hasReply;
        break;
      case cta.protoinfo:
        readState(of, payload, end, entry);
        break;
      case cta.countersOrig:
        readCounters(of, payload, end, entry, false);
        break;
      case cta.countersReply:
        readCounters(of, payload, end, entry, true);
        break;
      case cta.zone:
        if (size < 2) break;
        entry.zone = view.getUint16(payload);
        entry.has |= hasZone;
        break;
      case cta.timestamp:
        readStart(of, payload, end, entry, now);
        break;
      case cta.status:
        if (size >= 4) entry.flags = flagsOf(view.getInt32(payload));
        break;
      case cta.timeout:
        if (size >= 4) entry.timeout = view.getUint32(payload);
        break;
      case cta.mark:
        if (size < 4) break;
        entry.mark = view.getUint32(payload);
        entry.has |= hasMark;
        break;
      case cta.use:
        if (size >= 4) entry.use = view.getUint32(payload);
        break;
      case cta.id:
        if (size >= 4) entry.id = view.getUint32(payload);
        break;
      default:
        readRare(of, type, payload, end, entry);
    }
  }
  return isWhole;
}

function readStart(of: Attributes, from: number, to: number, entry: PackedEntry, now: number): void {
  const startAt = findAttribute(of, from, to, 1, 8);
  if (startAt === -1) return;
  entry.seconds = Math.max(0, now - Math.floor(u64(of.view, startAt) / 1e9));
  entry.has |= hasDelta;
}
