import type { Columns } from './columns.ts';
import type { RowHashes } from './row-index.ts';
import { hashRows, isBlurredProtocol, type KeyKind } from './row-key.ts';
import { wideHashes } from './wide-table.ts';

/** Of a table of a million rows one partition, with the slots to look it up, stays in the processor's cache. */
export const partitions = 256;
const shift = 24;

/** Rows that are spread at once: as many as come in a moment, and few enough that what is written stays in the cache too. */
const stretchRows = 2 ** 17;

/** Words a record: the key, the row, and what two rows have to have alike. */
export const recordWords = 6;
export const rowAt = 4;
export const looksAt = 5;

export const unknownLooks = -1;

/** State, flags and mark in one word, where they fit: a word more for the mark would cost each record as much again. */
const looksOf = (state: number, flags: number, mark: number): number =>
  mark < 0xf_ffff && flags < 16 && state < 256 ? (mark << 12) | (state << 4) | flags : unknownLooks;

/** A table's rows by the upper bits of their hashes: 28 bytes a row. */
export interface Spread extends RowHashes {
  /** One stretch of rows behind the other, and in it one partition behind the other. */
  readonly records: Int32Array;
  /** Of each stretch the record with which each of its partitions begins, and the last one ends. */
  readonly stretches: readonly Int32Array[];
}

/** Makes a table ready to be compared while it comes in. Rows that were seen once must stay as they are. */
export interface Preparation<T> {
  /** Takes what there is more of by now, as far as it is worth it. */
  readonly grown: (columns: Columns) => void;
  /** What was made ready by now. */
  readonly soFar: () => T;
  /** Takes the rest: that is the table. */
  readonly done: (columns: Columns) => T;
}

type OnStretch = (columns: Columns, wide: Int32Array, hashes: Int32Array, first: number, end: number) => void;

/** Hashes rows, of which about so many are expected, in stretches of so many. */
export function hasher(
  kind: KeyKind,
  expected: number,
  stretch = stretchRows,
  onStretch: OnStretch = () => undefined,
): Preparation<RowHashes> {
  let hashes = new Int32Array(expected);
  let wide = new Int32Array(0);
  let taken = 0;
  const take = (columns: Columns, end: number): void => {
    hashes = roomFor(hashes, end);
    wide = wideHashes(columns.wide, wide) as Int32Array<ArrayBuffer>;
    hashRows(columns, kind, wide, taken, end, hashes.subarray(taken));
    onStretch(columns, wide, hashes, taken, end);
    taken = end;
  };
  const soFar = (): RowHashes => ({ kind, hashes, wide });
  return {
    grown: (columns) => {
      while (columns.length - taken >= stretch) take(columns, taken + stretch);
    },
    soFar,
    done: (columns) => {
      while (taken < columns.length) take(columns, Math.min(columns.length, taken + stretch));
      return soFar();
    },
  };
}

/** Spreads them besides. */
export function spreader(kind: KeyKind, expected: number, stretch?: number): Preparation<Spread> {
  let records = new Int32Array(expected * recordWords);
  const stretches: Int32Array[] = [];
  const { grown, soFar, done } = hasher(kind, expected, stretch, (columns, wide, hashes, first, end) => {
    records = roomFor(records, end * recordWords);
    stretches.push(spreadStretch(columns, kind, wide, hashes, first, end, records));
  });
  return {
    grown,
    soFar: () => ({ ...soFar(), records, stretches }),
    done: (columns) => ({ ...done(columns), records, stretches }),
  };
}

/** The same of a table that is whole. */
export const spreadRows = (columns: Columns, kind: KeyKind): Spread =>
  spreader(kind, columns.length).done(columns);

/** The same numbers with room for `length` of them, and for half as many again where it has to grow; what is new is 0. */
export function roomFor(from: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= from.length) return from;
  const to = new Int32Array(Math.max(length, Math.ceil(from.length * 1.5)));
  to.set(from);
  return to;
}

/** Writes the records of a stretch; answers with where each partition begins. The key is written out as in {@link hashRows}. */
function spreadStretch(
  { zone, protocol, family, src, dst, sport, dport, state, flags, mark }: Columns,
  kind: KeyKind,
  wide: Int32Array,
  hashes: Int32Array,
  first: number,
  end: number,
  records: Int32Array,
): Int32Array {
  const isCarried = kind === 'carried';
  const starts = new Int32Array(partitions + 1);
  for (let row = first; row < end; row += 1) {
    const next = ((hashes[row] ?? 0) >>> shift) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  starts[0] = first;
  for (let part = 1; part <= partitions; part += 1)
    starts[part] = (starts[part] ?? 0) + (starts[part - 1] ?? 0);
  const next = starts.slice();
  for (let row = first; row < end; row += 1) {
    const part = (hashes[row] ?? 0) >>> shift;
    const place = next[part] ?? 0;
    next[part] = place + 1;
    const at = place * recordWords;
    const number = protocol[row] ?? 0;
    const version = family[row] ?? 0;
    let from = (src[row] ?? 0) | 0;
    let towards = (dst[row] ?? 0) | 0;
    if (version !== 4) {
      from = wide[from] ?? 0;
      towards = wide[towards] ?? 0;
    }
    records[at] = ((zone[row] ?? 0) << 16) | (number << 8) | version;
    records[at + 1] = from;
    records[at + 2] = towards;
    records[at + 3] =
      isCarried && isBlurredProtocol(number) ? 0 : ((sport[row] ?? 0) << 16) | (dport[row] ?? 0);
    records[at + rowAt] = row;
    records[at + looksAt] = looksOf(state[row] ?? 0, flags[row] ?? 0, mark[row] ?? 0);
  }
  return starts;
}
