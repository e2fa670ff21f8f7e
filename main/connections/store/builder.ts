import type { Connection } from '../../../shared/domain/connection.ts';
import {
  clearEntry,
  type EntrySink,
  emptyEntry,
  hasActive,
  hasCounters,
  hasDelta,
  hasReply,
  none,
  type PackedEntry,
} from '../../agents/table/conntrack/entry-sink.ts';
import type { Columns, Rest } from './columns.ts';
import { packConnection } from './pack-connection.ts';
import { wideTable } from './wide-table.ts';

/** Takes a table in, entry by entry. */
export interface TableBuilder extends EntrySink {
  readonly append: (connection: Connection) => void;
  readonly length: () => number;
  /** The rows so far. What comes later does not change it. */
  readonly soFar: () => Columns;
  /** The table, with no more room than a growing one may waste. Nothing may be put in any more. */
  readonly done: () => Columns;
}

type Arrays = Omit<Columns, 'length' | 'observed' | 'wide' | 'rest'>;
type Growing = { -readonly [Key in keyof Arrays]: Arrays[Key] };

const counters = ['packets', 'bytes', 'replyPackets', 'replyBytes'] as const;
const smallest = 1024;
/** The part of the arrays that may stay unused for good. */
const slack = 1 / 16;

const emptyArrays = (capacity: number): Growing => ({
  family: new Uint8Array(capacity),
  protocol: new Uint8Array(capacity),
  state: new Uint8Array(capacity),
  has: new Uint16Array(capacity),
  flags: new Uint16Array(capacity),
  src: new Uint32Array(capacity),
  dst: new Uint32Array(capacity),
  replySrc: new Uint32Array(capacity),
  replyDst: new Uint32Array(capacity),
  sport: new Uint16Array(capacity),
  dport: new Uint16Array(capacity),
  replySport: new Uint16Array(capacity),
  replyDport: new Uint16Array(capacity),
  timeout: new Uint32Array(capacity),
  mark: new Uint32Array(capacity),
  zone: new Uint16Array(capacity),
  use: new Uint8Array(capacity),
  id: new Uint32Array(capacity),
  since: new Uint32Array(capacity),
  change: new Uint8Array(capacity),
  packets: new Float64Array(0),
  bytes: new Float64Array(0),
  replyPackets: new Float64Array(0),
  replyBytes: new Float64Array(0),
});

/** The arrays with room for `capacity` rows, and the first `length` of the old ones. */
function resized(from: Growing, length: number, capacity: number): Growing {
  const to = emptyArrays(capacity);
  for (const name of counters) if (from[name].length > 0) to[name] = new Float64Array(capacity);
  for (const name of Object.keys(to) as (keyof Growing)[])
    if (from[name].length > 0) to[name].set(from[name].subarray(0, length));
  return to;
}

/** `expected`: about how many entries will come. `observed`: when the dump was read, in Unix seconds to the millisecond. */
export function tableBuilder(expected = 0, observed = 0): TableBuilder {
  // a little more than expected, for what came while the node counted
  let capacity = Math.max(smallest, Math.ceil(expected * (1 + slack / 2)));
  let to = emptyArrays(capacity);
  let length = 0;
  const second = Math.floor(observed);
  const wide = wideTable();
  const rest = new Map<number, Rest>();
  const scratch = emptyEntry();

  const put = (entry: PackedEntry): void => {
    if (length === capacity) {
      capacity = Math.ceil(capacity * 1.5);
      to = resized(to, length, capacity);
    }
    const row = length;
    const columns = to;
    const { has } = entry;
    columns.family[row] = entry.family;
    columns.protocol[row] = entry.protocol;
    columns.state[row] = entry.state;
    columns.has[row] = has;
    columns.flags[row] = entry.flags;
    if (entry.family === 4) {
      columns.src[row] = entry.src;
      columns.dst[row] = entry.dst;
    } else {
      columns.src[row] = wide.intern(entry.wide, 0);
      columns.dst[row] = wide.intern(entry.wide, 16);
    }
    columns.sport[row] = entry.sport;
    columns.dport[row] = entry.dport;
    if (has & hasReply) {
      if (entry.family === 4) {
        columns.replySrc[row] = entry.replySrc;
        columns.replyDst[row] = entry.replyDst;
      } else {
        columns.replySrc[row] = wide.intern(entry.wide, 32);
        columns.replyDst[row] = wide.intern(entry.wide, 48);
      }
      columns.replySport[row] = entry.replySport;
      columns.replyDport[row] = entry.replyDport;
    }
    columns.timeout[row] = entry.timeout;
    columns.mark[row] = entry.mark;
    columns.zone[row] = entry.zone;
    columns.use[row] = entry.use;
    columns.id[row] = entry.id;
    columns.since[row] = has & (hasActive | hasDelta) ? second - entry.seconds : none;
    if (has & hasCounters) {
      if (columns.packets.length === 0)
        for (const name of counters) columns[name] = new Float64Array(capacity);
      columns.packets[row] = entry.packets;
      columns.bytes[row] = entry.bytes;
      columns.replyPackets[row] = entry.replyPackets;
      columns.replyBytes[row] = entry.replyBytes;
    }
    length = row + 1;
  };

  const append = (connection: Connection): void => {
    clearEntry(scratch);
    scratch.protocol = 0;
    const other = packConnection(connection, scratch);
    if (other) rest.set(length, other);
    put(scratch);
  };

  const soFar = (): Columns => ({ ...to, length, observed, wide: wide.view(), rest });

  return {
    packed: (entry) => {
      const { extra, original, reply, use } = entry;
      if (extra !== undefined || original !== undefined || reply !== undefined || use > 255)
        rest.set(length, {
          ...(extra && { extra }),
          ...(original && { original }),
          ...(reply && { reply }),
          ...(use > 255 && { exact: { use } }),
        });
      put(entry);
    },
    connection: append,
    append,
    length: () => length,
    soFar,
    done: () => {
      if (capacity - length > smallest && length < capacity * (1 - slack)) {
        capacity = length;
        to = resized(to, length, capacity);
      }
      return soFar();
    },
  };
}
