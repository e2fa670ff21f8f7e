import type { Connection, Tuple } from '../../../../shared/domain/connection.ts';

/** Bits of `has`: what an entry has, or how it was printed where that is not the usual way. */
export const hasReply = 1;
export const hasPorts = 2;
export const hasIcmp = 4;
export const hasKeys = 8;
export const hasCounters = 16;
export const hasMark = 32;
/** A zone was printed: /proc prints 0 as well. */
export const hasZone = 64;
/** The addresses were printed with all their zeros, as /proc prints IPv6. */
export const hasLongAddresses = 128;
/** `seconds` is conntrackd's `[active since]`. */
export const hasActive = 256;
/** `seconds` is the kernel's `delta-time`. */
export const hasDelta = 512;
/** The source, or the destination, is translated; told by the addresses and ports, and set where they are all at hand. */
export const hasSnat = 1024;
export const hasDnat = 2048;

/** Bits of `flags`, in the order in which conntrack prints them. */
export const flagBits = { UNREPLIED: 1, ASSURED: 2, OFFLOAD: 4, HW_OFFLOAD: 8 } as const;

/** The protocols that conntrack and the kernel print by name; of every other one they say `unknown`. */
export const printedProtocols: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [47, 'gre'],
  [58, 'icmpv6'],
  [132, 'sctp'],
  [136, 'udplite'],
]);

/** Names of states by their number in `state`; the same name of several protocols has one number. */
export const states: readonly string[] = [
  '',
  ...[
    'NONE',
    'SYN_SENT',
    'SYN_RECV',
    'ESTABLISHED',
    'FIN_WAIT',
    'CLOSE_WAIT',
    'LAST_ACK',
    'TIME_WAIT',
    'CLOSE',
  ],
  ...['SYN_SENT2', 'LISTEN', 'CLOSED', 'COOKIE_WAIT', 'COOKIE_ECHOED', 'SHUTDOWN_SENT', 'SHUTDOWN_RECD'],
  ...['SHUTDOWN_ACK_SENT', 'HEARTBEAT_SENT', 'HEARTBEAT_ACKED', 'REQUEST', 'RESPOND', 'PARTOPEN', 'OPEN'],
  ...['CLOSEREQ', 'CLOSING', 'TIMEWAIT', 'IGNORE', 'INVALID'],
];

/** The value of a number of 32 bits that is absent. */
export const none = 0xffff_ffff;

/**
 * One entry as numbers, which a scanner fills again and again: nothing is made for each of a million. Addresses of
 * IPv4 are numbers, those of IPv6 stand in `wide`, 16 bytes each in the order of the fields. Of ICMP `sport` is
 * type × 256 + code and `dport` the id; of GRE they are the two keys.
 */
export interface PackedEntry {
  family: 4 | 6 | 0;
  protocol: number;
  /** Index into {@link states}. */
  state: number;
  has: number;
  flags: number;
  src: number;
  dst: number;
  replySrc: number;
  replyDst: number;
  readonly wide: Uint8Array;
  sport: number;
  dport: number;
  replySport: number;
  replyDport: number;
  /** `none` where absent, as `id`. */
  timeout: number;
  id: number;
  mark: number;
  zone: number;
  /** 0 where absent. */
  use: number;
  /** How long it has been there; only where `has` says of what kind. */
  seconds: number;
  packets: number;
  bytes: number;
  replyPackets: number;
  replyBytes: number;
  /** What has no field. */
  extra: Connection['extra'] | undefined;
  /** A direction whose counters a number does not hold; its fields then tell the rest of it. */
  original: Tuple | undefined;
  reply: Tuple | undefined;
}

/** Where scanners put what they read: as numbers where an entry is one of the usual, else as a connection. */
export interface EntrySink {
  /** The entry is the scanner's again when this returns. */
  readonly packed: (entry: PackedEntry) => void;
  readonly connection: (connection: Connection) => void;
}

export const emptyEntry = (): PackedEntry => ({
  family: 4,
  protocol: 0,
  state: 0,
  has: 0,
  flags: 0,
  src: 0,
  dst: 0,
  replySrc: 0,
  replyDst: 0,
  wide: new Uint8Array(64),
  sport: 0,
  dport: 0,
  replySport: 0,
  replyDport: 0,
  timeout: none,
  id: none,
  mark: 0,
  zone: 0,
  use: 0,
  seconds: 0,
  packets: 0,
  bytes: 0,
  replyPackets: 0,
  replyBytes: 0,
  extra: undefined,
  original: undefined,
  reply: undefined,
});

/** Makes it empty again, but for the addresses and the ports, which only `has` and the family let count. */
export function clearEntry(entry: PackedEntry): void {
  entry.state = 0;
  entry.has = 0;
  entry.flags = 0;
  entry.timeout = none;
  entry.id = none;
  entry.mark = 0;
  entry.zone = 0;
  entry.use = 0;
  entry.sport = 0;
  entry.dport = 0;
  entry.replySport = 0;
  entry.replyDport = 0;
  entry.packets = 0;
  entry.bytes = 0;
  entry.replyPackets = 0;
  entry.replyBytes = 0;
  entry.extra = undefined;
  entry.original = undefined;
  entry.reply = undefined;
}

/** What tells a tuple's ends apart beyond its addresses, from the two numbers that hold it. */
export const packedEnds = (has: number, from: number, to: number): Partial<Tuple> => {
  if (has & hasPorts) return { sport: from, dport: to };
  if (has & hasIcmp) return { type: from >>> 8, code: from & 255, id: to };
  if (has & hasKeys) return { srckey: `0x${from.toString(16)}`, dstkey: `0x${to.toString(16)}` };
  return {};
};
