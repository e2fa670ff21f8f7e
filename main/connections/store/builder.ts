import type { Connection } from '../../../shared/domain/connection.ts';
import {
  clearEntry,
  type EntrySink,
  emptyEntry,
  hasActive,
  hasCounters,
  hasDelta,
  hasDnat,
  hasPorts,
  hasReply,
  hasSnat,
  none,
  type PackedEntry,
} from '../../agents/table/conntrack/entry-sink.ts';
import type { Columns, Rest } from './columns.ts';
import { packConnection } from './pack-connection.ts';
import { laterWideTable, wideTable } from './wide-table.ts';

/** Takes a table in, entry by entry. */
export interface TableBuilder extends EntrySink {
  readonly append: (connection: Connection) => void;
  /** Puts another connection into a row that is there. */
  readonly replace: (row: number, connection: Connection) => void;
  /** Takes a row out: the last one moves to its place. */
  readonly remove: (row: number) => void;
  readonly length: () => number;
  /** The rows so far. What comes later does not change it. */
  readonly soFar: () => Columns;
  /** The table, with no more room than a growing one may waste. Nothing may be put in any more. */
  readonly done: () => Columns;
}

/** The arrays of the columns, of which each row has an element. */
export type Arrays = Omit<Columns, 'length' | 'observed' | 'wide' | 'rest'>;
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
function resized(from: Arrays, length: number, capacity: number): Growing {
  const to = emptyArrays(capacity);
  for (const name of counters) if (from[name].length > 0) to[name] = new Float64Array(capacity);
  for (const name of Object.keys(to) as (keyof Growing)[])
    if (from[name].length > 0) to[name].set(from[name].subarray(0, length));
  return to;
}

/** `expected`: about how many entries will come. `observed`: when the dump was read, in Unix seconds to the millisecond. */
export const tableBuilder = (expected = 0, observed = 0): TableBuilder =>
  // a little more than expected, for what came while the node counted
  builderOn(undefined, Math.max(smallest, Math.ceil(expected * (1 + slack / 2))), observed);

/** Begins with the rows of `from`, which stays as it is, and has room for so many more. */
export const builderFrom = (from: Columns, room: number, observed: number): TableBuilder =>
  builderOn(from, from.length + room, observed);

function builderOn(from: Columns | undefined, room: number, observed: number): TableBuilder {
  let capacity = room;
  let to = from ? resized(from, from.length, capacity) : emptyArrays(capacity);
  let length = from?.length ?? 0;
  const second = Math.floor(observed);
  const wide = from ? laterWideTable(from.wide) : wideTable();
  const rest = new Map<number, Rest>(from?.rest);
  const scratch = emptyEntry();

  const put = (entry: PackedEntry): void => {
    if (length === capacity) {
      capacity = Math.max(smallest, Math.ceil(capacity * 1.5));
      to = resized(to, length, capacity);
    }
    place(length, entry);
    length += 1;
  };

  const place = (row: number, entry: PackedEntry): void => {
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
      columns.has[row] = has | translation(columns, row, (has & hasPorts) !== 0);
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
  };

  /** Puts it into `scratch`, and what has no column beside the row. */
  const pack = (row: number, connection: Connection): void => {
    clearEntry(scratch);
    scratch.protocol = 0;
    const other = packConnection(connection, scratch);
    if (other) rest.set(row, other);
  };
  const append = (connection: Connection): void => {
    pack(length, connection);
    put(scratch);
  };
  const each = (work: (array: Growing[keyof Growing]) => void): void => {
    for (const name of Object.keys(to) as (keyof Growing)[]) if (to[name].length > 0) work(to[name]);
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
    replace: (row, connection) => {
      each((array) => {
        array[row] = 0;
      });
      rest.delete(row);
      pack(row, connection);
      place(row, scratch);
    },
    remove: (row) => {
      length -= 1;
      each((array) => {
        array[row] = array[length] ?? 0;
        array[length] = 0;
      });
      const last = rest.get(length);
      rest.delete(row);
      rest.delete(length);
      if (last && row !== length) rest.set(row, last);
    },
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

/** Translated: the reply does not go where the original came from, or does not come from where that went. */
function translation(of: Arrays, row: number, isPorted: boolean): number {
  const isSource = of.src[row] !== of.replyDst[row] || (isPorted && of.sport[row] !== of.replyDport[row]);
  const isDestination =
    of.dst[row] !== of.replySrc[row] || (isPorted && of.dport[row] !== of.replySport[row]);
  return (isSource ? hasSnat : 0) | (isDestination ? hasDnat : 0);
}
