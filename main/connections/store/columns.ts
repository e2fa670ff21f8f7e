import type { Tuple } from '../../../shared/domain/connection.ts';

export {
  flagBits,
  hasActive,
  hasCounters,
  hasDelta,
  hasDnat,
  hasIcmp,
  hasKeys,
  hasLongAddresses,
  hasMark,
  hasPorts,
  hasReply,
  hasSnat,
  hasZone,
  none,
  states,
} from '../../agents/table/conntrack/entry-sink.ts';

/**
 * A table of connections by column: one array a field, a row the same index in each. 51 bytes a row, 83 where the node
 * counts. Arrays are as long as the table may grow; `length` says how many rows they hold.
 *
 * - `family` 4, 6 or 0 (unknown) · `protocol` the number; its printed name is in `rest` where conntrack would print another
 * - `state` index into {@link states}, 0: none · `flags` bits of {@link flagBits}
 * - addresses: of IPv4 the number itself, else an index into `wide`
 * - ports: of ICMP `sport` is type × 256 + code and `dport` the id, of GRE the two keys; only where `has` says so
 * - `timeout` and `id`: {@link none} where absent · `mark`, `zone`: 0 where absent, which is what they are then ·
 *   `use` 0 where absent
 * - counters: both directions; absent (length 0) where the node does not count
 * - `since`: when the row was first seen, in Unix seconds, or by its own start where `has` says that the node keeps it
 *   ({@link hasActive}, {@link hasDelta}); {@link none} in a table that was compared with none before
 * - `change` 0 none, 1 new, 2 changed since the dump before
 * - `rest`: what has no column, by row: rare
 * - `observed`: when the dump was read, in Unix seconds to the millisecond
 */
export interface Columns {
  readonly length: number;
  readonly observed: number;
  readonly family: Uint8Array;
  readonly protocol: Uint8Array;
  readonly state: Uint8Array;
  readonly has: Uint16Array;
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
  readonly use: Uint8Array;
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

/**
 * What of a connection has no column. `flags`: all of them, where the bits do not say it. `original`, `reply`: a
 * direction that its columns do not tell whole; they then hold of it what they can.
 */
export interface Rest {
  readonly protocolName?: string;
  readonly stateName?: string;
  readonly flags?: readonly string[];
  readonly original?: Tuple;
  readonly reply?: Tuple;
  readonly extra?: Readonly<Record<string, string | number>>;
  /** Numbers that their column cannot hold, by its name. */
  readonly exact?: Exact;
}

export interface Exact {
  readonly protocol?: number;
  readonly timeout?: number;
  readonly mark?: number | string;
  readonly zone?: number;
  readonly use?: number;
  readonly id?: number | string;
  readonly activeSeconds?: number;
}
