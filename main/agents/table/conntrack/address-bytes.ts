const colon = 58;
const dot = 46;

/** The number of an IPv4 address printed in `text` from `from` to `to`, as inet_ntop prints it; -1 where it is none. */
export function readV4(text: Uint8Array, from: number, to: number): number {
  let value = 0;
  let parts = 0;
  let at = from;
  while (at < to) {
    const start = at;
    let part = 0;
    for (; at < to; at += 1) {
      const digit = (text[at] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      part = part * 10 + digit;
    }
    const digits = at - start;
    // no leading zeros: whoever prints them may mean octal
    if (digits === 0 || digits > 3 || part > 255 || (digits > 1 && text[start] === 48)) return -1;
    value = value * 256 + part;
    parts += 1;
    if (at === to) break;
    if (text[at] !== dot || parts === 4) return -1;
    at += 1;
  }
  return parts === 4 && text[to - 1] !== dot ? value : -1;
}

const hexDigit = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48;
  // capitals are read as well
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
};

const groups = new Uint16Array(8);

/** Reads a printed IPv6 address into the 16 bytes of `out` from `at` on; false where it is none. */
export function readV6(text: Uint8Array, from: number, to: number, out: Uint8Array, at: number): boolean {
  let count = 0;
  let gap = -1;
  let next = from;
  if (to - from < 2) return false;
  if (text[next] === colon) {
    if (text[next + 1] !== colon) return false;
    next += 1;
  }
  while (next < to) {
    if (text[next] === colon) {
      if (gap !== -1) return false;
      gap = count;
      next += 1;
      continue;
    }
    const start = next;
    let group = 0;
    for (; next < to; next += 1) {
      const digit = hexDigit(text[next] ?? 0);
      if (digit === -1) break;
      group = (group << 4) | digit;
      if (next - start > 3) return false;
    }
    if (next === start || count === 8) return false;
    if (text[next] === dot && next < to) {
      const tail = readV4(text, start, to);
      if (tail === -1 || count > 6) return false;
      groups[count] = tail >>> 16;
      groups[count + 1] = tail & 0xffff;
      count += 2;
      next = to;
      break;
    }
    groups[count] = group;
    count += 1;
    if (next === to) break;
    if (text[next] !== colon || next + 1 === to) return false;
    next += 1;
  }
  if (gap === -1 ? count !== 8 : count > 7) return false;
  const missing = 8 - count;
  for (let index = 0; index < 8; index += 1) {
    const before = gap === -1 || index < gap;
    const source = before ? index : index - missing;
    const group = before || source >= gap ? (groups[source] ?? 0) : 0;
    out[at + index * 2] = group >>> 8;
    out[at + index * 2 + 1] = group & 0xff;
  }
  return true;
}

export const v4Text = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

const groupAt = (bytes: Uint8Array, at: number, index: number): number =>
  ((bytes[at + index * 2] ?? 0) << 8) | (bytes[at + index * 2 + 1] ?? 0);

const hexCode = (digit: number): number => digit + (digit < 10 ? 48 : 87);

const printGroup = (group: number, out: Uint8Array, at: number): number => {
  let next = at;
  for (let shift = group > 0xfff ? 12 : group > 0xff ? 8 : group > 0xf ? 4 : 0; shift >= 0; shift -= 4) {
    out[next] = hexCode((group >>> shift) & 15);
    next += 1;
  }
  return next;
};

const print = (text: string, out: Uint8Array, at: number): number => {
  for (let index = 0; index < text.length; index += 1) out[at + index] = text.charCodeAt(index);
  return at + text.length;
};

/**
 * Prints the 16 bytes from `at` on as glibc's inet_ntop does (RFC 5952, embedded IPv4 in its own form) into `out`, which
 * has room for 45 characters; gives how many they are.
 */
export function printV6(bytes: Uint8Array, at: number, out: Uint8Array): number {
  let best = -1;
  let length = 1;
  for (let index = 0; index < 8; index += 1) {
    let end = index;
    while (end < 8 && groupAt(bytes, at, end) === 0) end += 1;
    if (end - index > length) {
      best = index;
      length = end - index;
    }
    index = Math.max(index, end);
  }
  const embeds = best === 0 && (length === 6 || (length === 5 && groupAt(bytes, at, 5) === 0xffff));
  const last = embeds ? 6 : 8;
  let next = 0;
  for (let index = 0; index < last; index += 1) {
    if (index === best) {
      next = print('::', out, next);
      index += length - 1;
      continue;
    }
    if (next > 0 && out[next - 1] !== colon) next = print(':', out, next);
    next = printGroup(groupAt(bytes, at, index), out, next);
  }
  if (!embeds) return next;
  if (out[next - 1] !== colon) next = print(':', out, next);
  return print(v4Text(((groupAt(bytes, at, 6) << 16) | groupAt(bytes, at, 7)) >>> 0), out, next);
}

/** The same with all its zeros, as the kernel prints it in /proc: 39 characters. */
export function printLongV6(bytes: Uint8Array, at: number, out: Uint8Array): number {
  for (let index = 0; index < 16; index += 1) {
    const byte = bytes[at + index] ?? 0;
    const place = index * 2 + (index >>> 1);
    out[place] = hexCode(byte >>> 4);
    out[place + 1] = hexCode(byte & 15);
    if (index & 1 && index < 15) out[place + 2] = colon;
  }
  return 39;
}

const printed = new Uint8Array(48);
const decoder = new TextDecoder();

export const v6Text = (bytes: Uint8Array, at: number): string =>
  decoder.decode(printed.subarray(0, printV6(bytes, at, printed)));

export const v6LongText = (bytes: Uint8Array, at: number): string =>
  decoder.decode(printed.subarray(0, printLongV6(bytes, at, printed)));
