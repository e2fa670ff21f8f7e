/** A pass sorts by at most so many bits: as many places to write to as the processor's cache takes. */
const digitBits = 11;

type Values = Uint32Array | Uint16Array | Uint8Array;

/**
 * The first `count` of `rows`, undefined: of all, sorted digit by digit from the lowest. Only bits in which the values
 * differ are looked at: a column of few values takes one pass.
 */
export function radix(
  rows: Uint32Array | undefined,
  count: number,
  values: Values,
  isDescending: boolean,
): Uint32Array {
  let keys = gathered(rows, count, values);
  const varying = varyingBits(keys, count);
  const lowest = varying === 0 ? 0 : 31 - Math.clz32(varying & -varying);
  const bits = 32 - Math.clz32(varying) - lowest;
  const passes = Math.ceil(bits / digitBits);
  const width = Math.ceil(bits / Math.max(1, passes));
  const mask = 2 ** width - 1;
  const flip = isDescending ? mask : 0;
  let sorted = rows;
  let spareRows: Uint32Array | undefined;
  let spareKeys: Uint32Array | undefined;
  for (let pass = 0; pass < passes; pass += 1) {
    const shift = lowest + pass * width;
    const starts = startsOf(keys, count, shift, mask, flip);
    const toRows = spareRows ?? new Uint32Array(count);
    const isLast = pass === passes - 1;
    const toKeys = isLast ? undefined : (spareKeys ?? new Uint32Array(count));
    scatter(sorted, keys, count, shift, mask, flip, starts, toRows, toKeys);
    // what was given stays as it was: only own arrays are written to again
    spareRows = sorted === rows ? undefined : sorted;
    spareKeys = keys === values ? undefined : keys;
    sorted = toRows;
    if (toKeys) keys = toKeys;
  }
  return sorted ?? ascending(count);
}

/** The numbers below `count`. */
export function ascending(count: number): Uint32Array {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) rows[row] = row;
  return rows;
}

/** As numbers of 32 bits, whatever the column's are: the passes are compiled for one kind of array. */
function gathered(rows: Uint32Array | undefined, count: number, values: Values): Uint32Array {
  if (!rows) return values instanceof Uint32Array ? values : new Uint32Array(values.subarray(0, count));
  const keys = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) keys[at] = values[rows[at] ?? 0] ?? 0;
  return keys;
}

/** The bits in which the keys are not all the same. */
function varyingBits(keys: Uint32Array, count: number): number {
  let [some, every] = [0, -1];
  for (let at = 0; at < count; at += 1) {
    const key = keys[at] ?? 0;
    some |= key;
    every &= key;
  }
  return count === 0 ? 0 : some ^ every;
}

/** Where the rows of each digit begin. */
function startsOf(keys: Uint32Array, count: number, shift: number, mask: number, flip: number): Uint32Array {
  const starts = new Uint32Array(mask + 1);
  for (let at = 0; at < count; at += 1) {
    const digit = (((keys[at] ?? 0) >>> shift) & mask) ^ flip;
    starts[digit] = (starts[digit] ?? 0) + 1;
  }
  let start = 0;
  for (let digit = 0; digit <= mask; digit += 1) {
    const size = starts[digit] ?? 0;
    starts[digit] = start;
    start += size;
  }
  return starts;
}

/** Puts each row, and where there is a next pass its key, behind those of its digit that came before it. */
function scatter(
  rows: Uint32Array | undefined,
  keys: Uint32Array,
  count: number,
  shift: number,
  mask: number,
  flip: number,
  places: Uint32Array,
  toRows: Uint32Array,
  toKeys: Uint32Array | undefined,
): void {
  for (let at = 0; at < count; at += 1) {
    const key = keys[at] ?? 0;
    const digit = ((key >>> shift) & mask) ^ flip;
    const place = places[digit] ?? 0;
    places[digit] = place + 1;
    toRows[place] = rows ? (rows[at] ?? 0) : at;
    if (toKeys) toKeys[place] = key;
  }
}
