/**
 * A table of connections by column: one array a field, a row the same index in each. At most 44 bytes a row, 76 where the
 * node counts. Arrays are as long as the table may grow; `length` says how many rows they hold.
 *
 * - `family` 4, 6 or 0 (unknown) · `protocol` the number; its printed name is in `names` where it is not the usual one
 * - `state` index into {@link states}, 0: none · `flags` bits of {@link flagBits}
 * - addresses: of IPv4 the number itself, else an index into `wide`
 * - ports: of ICMP `sport` is type × 256 + code and `dport` the id, of GRE the two keys; only where `has` says so
 * - `timeout` and `id`: {@link none} where absent · `mark`, `zone`: 0 where absent, which is what they are then
 * - counters: both directions; absent (length 0) where the node does not count
 * - `since`: when the row was first seen, in seconds since `Table.epoch`, or by its own start where the kernel keeps it
 * - `change` 0 none, 1 new, 2 changed since the dump before
 * - `rest`: what has no column, by row: rare
 */
export interface Columns {
  readonly length: number;
  readonly family: Uint8Array;
  readonly protocol: Uint8Array;
  readonly state: Uint8Array;
  readonly has: Uint8Array;
  readonly flags: Uint16Array;
  readonly src: Uint32Array;
  readonly dst: Uint32Array;
  readonly replySrc: Uint32Array;
  readonly replyDst: Uint32Array;
  readonly sport: Uint16Array;
  readonly dport: Uint16Array;
  readonly replySport: Uint16Array;
  readonly replyDport: Uint16Array;
  readonly timeout: Uint32Array;
  readonly mark: Uint32Array;
  readonly zone: Uint16Array;
  readonly id: Uint32Array;
  readonly since: Uint32Array;
  readonly change: Uint8Array;
  readonly packets: Float64Array;
  readonly bytes: Float64Array;
  readonly replyPackets: Float64Array;
  readonly replyBytes: Float64Array;
  readonly wide: WideAddresses;
  readonly rest: ReadonlyMap<number, Rest>;
}

/** IPv6 addresses, each once: index to its 16 bytes and back. */
export interface WideAddresses {
  readonly size: number;
  /** 16 bytes an address, in network order. */
  readonly bytes: Uint8Array;
}

/** What of a connection has no column. */
export interface Rest {
  readonly protocolName?: string;
  readonly stateName?: string;
  readonly use?: number;
  readonly flags?: readonly string[];
  readonly extra: Readonly<Record<string, string | number>>;
  /** Numbers that their column cannot hold, by its name. */
  readonly exact?: Readonly<Record<string, string | number>>;
}

/** The value of a column of 32 bits where a row has none. */
export const none = 0xffff_ffff;

/** Bits of `has`. */
export const hasReply = 1;
export const hasPorts = 2;
export const hasIcmp = 4;
export const hasKeys = 8;
export const hasCounters = 16;

/** Bits of `flags`, in the order in which conntrack prints them. Others are words in `rest`. */
export const flagBits = { UNREPLIED: 1, ASSURED: 2, OFFLOAD: 4, HW_OFFLOAD: 8 } as const;

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
