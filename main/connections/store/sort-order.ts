import type { ConnectionColumn } from '../../../shared/domain/connection-query.ts';
import { printedProtocols } from '../../agents/table/conntrack/entry-sink.ts';
import { type Columns, hasCounters, hasPorts, hasReply, none, type Rest, states } from './columns.ts';
import { type IdleTimeouts, idlesOf } from './idle.ts';
import { radix } from './radix.ts';

const word = 2 ** 32;

/** What a column is ordered by: a whole number of at most 64 bits a row, in two words. */
export interface Order {
  /** The lower word; by row. */
  readonly low: Uint32Array | Uint16Array | Uint8Array;
  /** The upper word, where there is one. */
  readonly high?: Uint32Array | Uint8Array;
  /** 1 where the row has a value; absent: all have. */
  readonly has?: Uint8Array;
}

/** What is known of rows beside their columns. */
export interface Beside {
  readonly rates?: Float32Array | undefined;
  readonly timeouts?: IdleTimeouts | undefined;
}

/** What the rows of a table are ordered by in a column. Made anew for each sort: keeping it would cost more memory. */
export function orderOf(columns: Columns, { rates, timeouts }: Beside, column: ConnectionColumn): Order {
  const { length } = columns;
  switch (column) {
    case 'protocol':
      return byName(columns, columns.protocol, usualProtocol, (rest) => rest.protocolName);
    case 'state':
      return byName(
        columns,
        columns.state,
        (state) => states[state] || undefined,
        (rest) => rest.stateName,
      );
    case 'src':
      return byAddress(columns, columns.src, false);
    case 'dst':
      return byAddress(columns, columns.dst, false);
    case 'reply.src':
      return byAddress(columns, columns.replySrc, true);
    case 'reply.dst':
      return byAddress(columns, columns.replyDst, true);
    case 'sport':
      return { low: columns.sport, has: having(columns, hasPorts) };
    case 'dport':
      return { low: columns.dport, has: having(columns, hasPorts) };
    case 'reply.sport':
      return { low: columns.replySport, has: having(columns, hasPorts | hasReply) };
    case 'reply.dport':
      return { low: columns.replyDport, has: having(columns, hasPorts | hasReply) };
    case 'timeout':
      return exactly(columns, columns.timeout, (rest) => rest.exact?.timeout, but(columns.timeout, length));
    case 'id':
      return exactly(columns, columns.id, (rest) => rest.exact?.id, but(columns.id, length));
    case 'mark':
      return exactly(columns, columns.mark, (rest) => rest.exact?.mark);
    case 'zone':
      return exactly(columns, columns.zone, (rest) => rest.exact?.zone);
    case 'packets':
      return bySum(columns, columns.packets, columns.replyPackets);
    case 'bytes':
      return bySum(columns, columns.bytes, columns.replyBytes);
    case 'age':
      return { low: agesOf(columns), has: but(columns.since, length) };
    case 'idle':
      return byKnown(idlesOf(columns, timeouts), length);
    case 'rate':
      return byRate(rates, length);
    case 'change':
      // what moved comes first, and of that what is new
      return { low: columns.change.map((change) => (change === 0 ? 0 : 3 - change)) };
  }
}

const usualProtocol = (number: number): string => printedProtocols.get(number) ?? 'unknown';

/** Seconds; of a row that has no age any number. */
function agesOf({ since, observed, length }: Columns): Uint32Array {
  const now = Math.floor(observed);
  const ages = new Uint32Array(length);
  for (let row = 0; row < length; row += 1) ages[row] = Math.max(0, now - (since[row] ?? now));
  return ages;
}

const byKnown = (values: Uint32Array, length: number): Order => ({ low: values, has: but(values, length) });

function having({ has, length }: Columns, bits: number): Uint8Array {
  const to = new Uint8Array(length);
  for (let row = 0; row < length; row += 1) to[row] = ((has[row] ?? 0) & bits) === bits ? 1 : 0;
  return to;
}

function but(values: Uint32Array, length: number): Uint8Array {
  const to = new Uint8Array(length);
  for (let row = 0; row < length; row += 1) to[row] = values[row] === none ? 0 : 1;
  return to;
}

/** A column by what its words are in the alphabet; the numbers of a column are few, and their names are ranked once. */
function byName(
  { length, rest }: Columns,
  numbers: Uint8Array,
  nameOf: (number: number) => string | undefined,
  restName: (rest: Rest) => string | undefined,
): Order {
  const odd = [...rest].flatMap(([row, each]): [number, string][] => {
    const name = restName(each);
    return name === undefined || row >= length ? [] : [[row, name]];
  });
  const usual = Array.from({ length: 256 }, (_, number) => nameOf(number));
  const names = [...new Set([...usual.filter((name) => name !== undefined), ...odd.map(([, name]) => name)])];
  const ranks = new Map(names.sort().map((name, index) => [name, index + 1]));
  const rankOf = Uint32Array.from(usual, (name) => (name === undefined ? 0 : (ranks.get(name) ?? 0)));
  const low = new Uint32Array(length);
  const has = new Uint8Array(length);
  for (let row = 0; row < length; row += 1) low[row] = rankOf[numbers[row] ?? 0] ?? 0;
  for (const [row, name] of odd) low[row] = ranks.get(name) ?? 0;
  for (let row = 0; row < length; row += 1) has[row] = low[row] === 0 ? 0 : 1;
  return { low, has };
}

/** By number, IPv4 before IPv6: those are ranked among themselves, each address once. */
function byAddress(columns: Columns, addresses: Uint32Array, isReply: boolean): Order {
  const { family, length, wide } = columns;
  const has = isReply ? { has: having(columns, hasReply) } : {};
  if (wide.size === 0) return { low: addresses, ...has };
  let greatest = 0;
  for (let row = 0; row < length; row += 1) {
    const address = addresses[row] ?? 0;
    if (family[row] === 4 && address > greatest) greatest = address;
  }
  // one word is enough where the ranks have room behind the greatest of IPv4
  const isOneWord = greatest + 1 + wide.size < word;
  const first = isOneWord ? greatest + 1 : 0;
  const low = new Uint32Array(length);
  const high = new Uint8Array(isOneWord ? 0 : length);
  const ranks = wideRanks(wide);
  for (let row = 0; row < length; row += 1) {
    const address = addresses[row] ?? 0;
    if (family[row] === 4) low[row] = address;
    else {
      low[row] = first + (ranks[address] ?? 0);
      if (!isOneWord) high[row] = 1;
    }
  }
  return { low, ...(!isOneWord && { high }), ...has };
}

function wideRanks({ bytes, size }: Columns['wide']): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = new Uint32Array(size);
  let order: Uint32Array | undefined;
  // the last word first, as each pass keeps the order of those before it
  for (const offset of [12, 8, 4, 0]) {
    for (let index = 0; index < size; index += 1) words[index] = view.getUint32(index * 16 + offset);
    order = radix(order, size, words, false);
  }
  const ranks = new Uint32Array(size);
  for (let rank = 0; rank < size; rank += 1) ranks[order?.[rank] ?? 0] = rank;
  return ranks;
}

/** A column of numbers, and the few that it cannot hold. */
function exactly(
  { length, rest }: Columns,
  values: Uint32Array | Uint16Array,
  exactOf: (rest: Rest) => number | string | undefined,
  has?: Uint8Array,
): Order {
  const odd = [...rest].flatMap(([row, each]): [number, number][] => {
    const exact = exactOf(each);
    return exact === undefined || row >= length ? [] : [[row, Number(exact)]];
  });
  if (odd.length === 0) return { low: values, ...(has && { has }) };
  const low = Uint32Array.from(values.subarray(0, length));
  const high = new Uint32Array(length);
  for (const [row, value] of odd) {
    low[row] = value % word;
    high[row] = Math.min(word - 1, Math.floor(value / word));
    if (has) has[row] = 1;
  }
  return { low, high, ...(has && { has }) };
}

function bySum(columns: Columns, original: Float64Array, reply: Float64Array): Order {
  const { length } = columns;
  const low = new Uint32Array(length);
  if (original.length === 0) return { low, has: new Uint8Array(length) };
  let high: Uint32Array | undefined;
  for (let row = 0; row < length; row += 1) {
    const sum = (original[row] ?? 0) + (reply[row] ?? 0);
    low[row] = sum >>> 0;
    if (sum < word) continue;
    high ??= new Uint32Array(length);
    high[row] = Math.floor(sum / word);
  }
  return { low, ...(high && { high }), has: having(columns, hasCounters) };
}

/** The bits of a number that is not below zero rise with it. */
function byRate(rates: Float32Array | undefined, length: number): Order {
  const has = new Uint8Array(length);
  if (!rates) return { low: new Uint32Array(length), has };
  for (let row = 0; row < length; row += 1) has[row] = Number.isNaN(rates[row]) ? 0 : 1;
  return { low: new Uint32Array(rates.buffer, rates.byteOffset, length), has };
}
