import type { NumberField, NumberRange } from '../../../shared/domain/filter-tree.ts';
import { type Columns, hasCounters, hasIcmp, hasPorts, hasReply, none } from './columns.ts';
import { idlesOf } from './idle.ts';
import {
  fitsOf,
  hasAll,
  isAtMost,
  type Mask,
  maskOfDigits,
  maskOfFits,
  type Selectable,
  union,
  type WholeNumbers,
} from './select-mask.ts';

/** Where the numbers of a field stand. A row has one where it has all `bits` of `has`, and not the value `absent`. */
interface Source {
  readonly values: WholeNumbers | Float64Array | Float32Array;
  readonly bits: number;
  readonly absent: number;
}

const always = -1;
const source = (values: Source['values'], bits = 0, absent = always): Source => ({ values, bits, absent });

function sourcesOf({ columns, changes, timeouts }: Selectable, field: NumberField): readonly Source[] {
  const { sport, dport, replySport, replyDport, packets, bytes, replyPackets, replyBytes } = columns;
  const counted = packets.length > 0;
  const inReply = hasPorts | hasReply;
  switch (field) {
    case 'sport':
      return [source(sport, hasPorts)];
    case 'dport':
      return [source(dport, hasPorts)];
    case 'reply.sport':
      return [source(replySport, inReply)];
    case 'reply.dport':
      return [source(replyDport, inReply)];
    case 'port':
      return [
        source(sport, hasPorts),
        source(dport, hasPorts),
        source(replySport, inReply),
        source(replyDport, inReply),
      ];
    case 'icmp.type':
      return [
        source(
          sport.map((both) => both >>> 8),
          hasIcmp,
        ),
      ];
    case 'icmp.code':
      return [
        source(
          sport.map((both) => both & 255),
          hasIcmp,
        ),
      ];
    case 'icmp.id':
      return [source(dport, hasIcmp)];
    case 'timeout':
      return [source(columns.timeout, 0, none)];
    case 'id':
      return [source(columns.id, 0, none)];
    case 'mark':
      return [source(columns.mark)];
    case 'zone':
      return [source(columns.zone)];
    case 'use':
      return [source(columns.use, 0, 0)];
    case 'orig.packets':
      return counted ? [source(packets, hasCounters)] : [];
    case 'orig.bytes':
      return counted ? [source(bytes, hasCounters)] : [];
    case 'reply.packets':
      return counted ? [source(replyPackets, hasCounters | hasReply)] : [];
    case 'reply.bytes':
      return counted ? [source(replyBytes, hasCounters | hasReply)] : [];
    case 'packets':
      return counted ? [source(sumOf(columns.length, packets, replyPackets), hasCounters)] : [];
    case 'bytes':
      return counted ? [source(sumOf(columns.length, bytes, replyBytes), hasCounters)] : [];
    case 'age':
      return [source(agesOf(columns), 0, none)];
    case 'rate':
      return changes.rates ? [source(changes.rates)] : [];
    case 'idle':
      return timeouts ? [source(idlesOf(columns, timeouts), 0, none)] : [];
  }
}

/** 1 where the number is one of the range, else 0; NaN is within none. Without a branch, which `Math.max` has of doubles. */
const isWithin = (value: number, from: number, to: number): number =>
  Number(value >= from) & Number(value <= to);

function sumOf(length: number, a: Float64Array, b: Float64Array): Float64Array {
  const sums = new Float64Array(length);
  for (let row = 0; row < length; row += 1) sums[row] = (a[row] ?? 0) + (b[row] ?? 0);
  return sums;
}

/** Ages in seconds, {@link none} where a row has none. */
function agesOf({ since, observed, length }: Columns): Uint32Array {
  const now = Math.floor(observed);
  const ages = new Uint32Array(length);
  for (let row = 0; row < length; row += 1) {
    const began = since[row] ?? none;
    ages[row] = began === none ? none : Math.max(0, now - began);
  }
  return ages;
}

export function maskOfNumber(table: Selectable, field: NumberField, ranges: readonly NumberRange[]): Mask {
  const { columns } = table;
  const mask = new Uint8Array(columns.length);
  if (field === 'port') return maskOfPorts(columns, fitsOfRanges(ranges, always));
  if (field === 'packets' || field === 'bytes') return maskOfSums(columns, field, ranges);
  for (const { values, bits, absent } of sourcesOf(table, field)) {
    if (values instanceof Uint8Array || values instanceof Uint16Array)
      addFits(mask, columns, values, bits, fitsOfRanges(ranges, absent));
    else
      for (const { from, to } of ranges)
        if (values instanceof Uint32Array) addWhole(mask, columns, values, bits, absent, from, to);
        else addReal(mask, columns, values, bits, from, to);
  }
  return mask;
}

/** Both directions' counters together, without a column of their sums, which would be of the largest. */
function maskOfSums(columns: Columns, field: 'packets' | 'bytes', ranges: readonly NumberRange[]): Mask {
  const { has, length } = columns;
  const mask = new Uint8Array(length);
  const original = columns[field];
  const reply = field === 'bytes' ? columns.replyBytes : columns.replyPackets;
  if (original.length === 0) return mask;
  for (const { from, to } of ranges) addSums(mask, has, original, reply, from, to);
  return mask;
}

function addSums(
  mask: Mask,
  has: Uint16Array,
  original: Float64Array,
  reply: Float64Array,
  from: number,
  to: number,
): void {
  for (let row = 0; row < mask.length; row += 1) {
    const sum = (original[row] ?? 0) + (reply[row] ?? 0);
    mask[row] = (mask[row] ?? 0) | (isWithin(sum, from, to) & hasAll(has[row] ?? 0, hasCounters));
  }
}

/** All four ports in one pass. */
function maskOfPorts({ has, length, sport, dport, replySport, replyDport }: Columns, fits: Uint8Array): Mask {
  const mask = new Uint8Array(length);
  for (let row = 0; row < length; row += 1) {
    const own = has[row] ?? 0;
    const original = (fits[sport[row] ?? 0] ?? 0) | (fits[dport[row] ?? 0] ?? 0);
    const reply = (fits[replySport[row] ?? 0] ?? 0) | (fits[replyDport[row] ?? 0] ?? 0);
    mask[row] = hasAll(own, hasPorts) & (original | (reply & hasAll(own, hasReply)));
  }
  return mask;
}

function fitsOfRanges(ranges: readonly NumberRange[], absent: number): Uint8Array {
  const fits = new Uint8Array(2 ** 16);
  for (const { from, to } of ranges)
    fits.fill(1, Math.max(0, Math.ceil(from)), Math.max(0, Math.min(2 ** 16, Math.floor(to) + 1)));
  if (absent >= 0) fits[absent] = 0;
  return fits;
}

function addFits(
  mask: Mask,
  { has }: Columns,
  values: Uint8Array | Uint16Array,
  bits: number,
  fits: Uint8Array,
): void {
  for (let row = 0; row < mask.length; row += 1)
    mask[row] = (mask[row] ?? 0) | ((fits[values[row] ?? 0] ?? 0) & hasAll(has[row] ?? 0, bits));
}

function addWhole(
  mask: Mask,
  { has }: Columns,
  values: Uint32Array,
  bits: number,
  absent: number,
  from: number,
  to: number,
): void {
  const least = Math.max(0, Math.ceil(from));
  // what stands for none is the greatest there is
  const greatest = Math.min(absent === none ? none - 1 : none, Math.floor(to));
  if (least > greatest) return;
  const first = least | 0;
  const most = (greatest - least) >>> 0;
  for (let row = 0; row < mask.length; row += 1)
    mask[row] = (mask[row] ?? 0) | (isAtMost((values[row] ?? 0) - first, most) & hasAll(has[row] ?? 0, bits));
}

/** NaN, which is within no range, is what has no value. */
function addReal(
  mask: Mask,
  { has }: Columns,
  values: Float64Array | Float32Array,
  bits: number,
  from: number,
  to: number,
): void {
  for (let row = 0; row < mask.length; row += 1) {
    const value = values[row] ?? 0;
    mask[row] = (mask[row] ?? 0) | (isWithin(value, from, to) & hasAll(has[row] ?? 0, bits));
  }
}

/** Rows whose number, as it is printed, holds `text`. */
export function maskOfNumberText(table: Selectable, field: NumberField, text: string): Mask {
  const { columns } = table;
  const mask = new Uint8Array(columns.length);
  for (const { values, bits, absent } of sourcesOf(table, field)) {
    if (values instanceof Uint8Array || values instanceof Uint16Array) {
      const fits = fitsOf(2 ** 16, (value) => value !== absent && String(value).includes(text));
      union(mask, maskOfFits(columns, values, fits, bits));
    } else if (values instanceof Uint32Array) union(mask, maskOfDigits(columns, values, text, bits, absent));
    else
      for (let row = 0; row < mask.length; row += 1) {
        const value = values[row] ?? Number.NaN;
        const isThere = ((columns.has[row] ?? 0) & bits) === bits && !Number.isNaN(value);
        if (isThere && String(value).toLowerCase().includes(text)) mask[row] = 1;
      }
  }
  return mask;
}
