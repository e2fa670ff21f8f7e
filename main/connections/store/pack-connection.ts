import type { Connection, Tuple } from '../../../shared/domain/connection.ts';
import { readV4, readV6, v6LongText, v6Text } from '../../agents/table/conntrack/address-bytes.ts';
import {
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
} from '../../agents/table/conntrack/entry-sink.ts';
import type { Exact, Rest } from './columns.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const stateNumbers: ReadonlyMap<string, number> = new Map(states.map((name, number) => [name, number]));
const known = Object.entries(flagBits);

const isWithin = (value: number | string | undefined, limit: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < limit;

/** The bits of flags that stand in the order in which conntrack prints them; undefined where they do not say it all. */
const bitsOf = (flags: readonly string[]): number | undefined => {
  let bits = 0;
  for (const flag of flags) {
    const bit = Object.hasOwn(flagBits, flag) ? flagBits[flag as keyof typeof flagBits] : 0;
    if (bit <= bits) return undefined;
    bits |= bit;
  }
  return bits;
};

const keyNumber = (key: string | undefined): number =>
  key !== undefined && /^0x(?:0|[1-9a-f][0-9a-f]{0,3})$/.test(key) ? Number(key) : -1;

const text = new Uint8Array(64);

/** Copies a short printed address to where its bytes can be read; 0 where it is too long to be one. */
const bytesOf = (address: string): number => {
  if (address.length > text.length) return 0;
  for (let index = 0; index < address.length; index += 1)
    text[index] = Math.min(255, address.charCodeAt(index));
  return address.length;
};

interface Ends {
  readonly src: number;
  readonly dst: number;
  /** How IPv6 was printed; undefined where it was not as its bytes would be printed. */
  readonly long: boolean | undefined;
}

const isExactV4 = (address: string): number => readV4(text, 0, bytesOf(address));

const addresses = (family: number, { src, dst }: Tuple, wide: Uint8Array, at: number): Ends => {
  if (family === 4) {
    const from = isExactV4(src);
    const to = isExactV4(dst);
    return { src: Math.max(from, 0), dst: Math.max(to, 0), long: from < 0 || to < 0 ? undefined : false };
  }
  wide.fill(0, at, at + 32);
  if (!readV6(text, 0, bytesOf(src), wide, at) || !readV6(text, 0, bytesOf(dst), wide, at + 16))
    return { src: 0, dst: 0, long: undefined };
  if (src === v6Text(wide, at) && dst === v6Text(wide, at + 16)) return { src: 0, dst: 0, long: false };
  const isLong = src === v6LongText(wide, at) && dst === v6LongText(wide, at + 16);
  return { src: 0, dst: 0, long: isLong ? true : undefined };
};

/** What tells the tuple's ends apart beyond its addresses, as bits of `has` and the two numbers of the columns. */
const endsOf = ({ sport, dport, type, code, id, srckey, dstkey }: Tuple): [number, number, number] => {
  if (isWithin(sport, 65_536) && isWithin(dport, 65_536)) return [hasPorts, sport, dport];
  if (isWithin(type, 256) && isWithin(code, 256) && isWithin(id, 65_536))
    return [hasIcmp, type * 256 + code, id];
  const from = keyNumber(srckey);
  const to = keyNumber(dstkey);
  return from >= 0 && to >= 0 ? [hasKeys, from, to] : [0, 0, 0];
};

const isCounted = ({ packets, bytes }: Tuple): boolean =>
  isWithin(packets, Number.MAX_SAFE_INTEGER) && isWithin(bytes, Number.MAX_SAFE_INTEGER);

const isSome = ([, value]: [string, unknown]): boolean => value !== undefined;

/** How many fields a tuple has that these bits tell whole. */
const told = (has: number): number =>
  2 + (has & (hasPorts | hasKeys) ? 2 : 0) + (has & hasIcmp ? 3 : 0) + (has & hasCounters ? 2 : 0);

const isTold = (tuple: Tuple, has: number): boolean =>
  Object.entries(tuple).filter(isSome).length === told(has);

/**
 * Puts a connection into the numbers of `entry`, which must be empty, and gives what they do not tell, undefined
 * where that is nothing.
 */
export function packConnection(connection: Connection, entry: PackedEntry): Rest | undefined {
  const { original, reply, flags, state, timeout, mark, zone, use, id, activeSeconds } = connection;
  const rest: Mutable<Rest> = {};
  const exact: Mutable<Exact> = {};
  entry.family = connection.family === 'ipv4' ? 4 : connection.family === 'ipv6' ? 6 : 0;
  if (isWithin(connection.protocolNumber, 256)) entry.protocol = connection.protocolNumber;
  else exact.protocol = connection.protocolNumber;
  if (connection.protocol !== (printedProtocols.get(connection.protocolNumber) ?? 'unknown'))
    rest.protocolName = connection.protocol;

  if (state !== undefined && state !== '') entry.state = stateNumbers.get(state) ?? 0;
  if (state !== undefined && entry.state === 0) rest.stateName = state;
  const bits = bitsOf(flags);
  if (bits === undefined) rest.flags = [...flags];
  entry.flags = bits ?? known.reduce((all, [name, bit]) => (flags.includes(name) ? all | bit : all), 0);

  if (isWithin(timeout, none)) entry.timeout = timeout;
  else if (timeout !== undefined) exact.timeout = timeout;
  if (isWithin(id, none)) entry.id = id;
  else if (id !== undefined) exact.id = id;
  if (isWithin(mark, 2 ** 32)) {
    entry.mark = mark;
    entry.has |= hasMark;
  } else if (mark !== undefined) exact.mark = mark;
  if (isWithin(zone, 65_536)) {
    entry.zone = zone;
    entry.has |= hasZone;
  } else if (zone !== undefined) exact.zone = zone;
  if (use !== 0 && isWithin(use, 256)) entry.use = use;
  else if (use !== undefined) exact.use = use;

  packAge(connection, entry, rest);
  if (activeSeconds !== undefined && (entry.has & hasActive) === 0) exact.activeSeconds = activeSeconds;
  packTuples(original, reply, entry, rest);
  if (Object.keys(exact).length > 0) rest.exact = exact;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

function packAge({ activeSeconds, extra }: Connection, entry: PackedEntry, rest: Mutable<Rest>): void {
  const { 'delta-time': delta, ...others } = extra;
  if (isWithin(activeSeconds, none)) {
    entry.seconds = activeSeconds;
    entry.has |= hasActive;
  } else if (isWithin(delta, none)) {
    entry.seconds = delta;
    entry.has |= hasDelta;
  }
  const kept = entry.has & hasDelta ? others : extra;
  if (Object.keys(kept).length > 0) rest.extra = { ...kept };
}

function packTuples(
  original: Tuple,
  reply: Tuple | undefined,
  entry: PackedEntry,
  rest: Mutable<Rest>,
): void {
  const [kind, sport, dport] = endsOf(original);
  const counted = isCounted(original) ? hasCounters : 0;
  entry.has |= kind | counted;
  entry.sport = sport;
  entry.dport = dport;
  if (counted) {
    entry.packets = Number(original.packets);
    entry.bytes = Number(original.bytes);
  }
  const from = addresses(entry.family, original, entry.wide, 0);
  entry.src = from.src;
  entry.dst = from.dst;
  if (from.long) entry.has |= hasLongAddresses;
  if (from.long === undefined || !isTold(original, kind | counted)) rest.original = original;
  if (!reply) return;

  entry.has |= hasReply;
  const [replyKind, replySport, replyDport] = endsOf(reply);
  if (replyKind === kind) {
    entry.replySport = replySport;
    entry.replyDport = replyDport;
  }
  const replyCounted = isCounted(reply) ? hasCounters : 0;
  if (replyCounted) {
    entry.replyPackets = Number(reply.packets);
    entry.replyBytes = Number(reply.bytes);
  }
  const to = addresses(entry.family, reply, entry.wide, 32);
  entry.replySrc = to.src;
  entry.replyDst = to.dst;
  const isWhole =
    to.long === (from.long ?? false) &&
    replyKind === kind &&
    replyCounted === counted &&
    isTold(reply, kind | counted);
  if (!isWhole) rest.reply = reply;
}
