/**
 * What the text of an IPv4 address must be like, asked without writing it: for each of the four octets a table of 256
 * bytes. A bit of a byte is one way in which the text may lie over the octets; an address fits where one bit is set in
 * the bytes of all its octets.
 */
export type V4Test = Uint8Array;

export const fitsV4 = (test: V4Test, address: number): boolean =>
  ((test[address >>> 24] ?? 0) &
    (test[256 + ((address >>> 16) & 255)] ?? 0) &
    (test[512 + ((address >>> 8) & 255)] ?? 0) &
    (test[768 + (address & 255)] ?? 0)) !==
  0;

type OctetTest = (octet: string) => boolean;

/** `ways`: from which octet on the tests apply, one way each. */
function testOf(tests: readonly OctetTest[], ways: readonly number[]): V4Test {
  const table = new Uint8Array(4 * 256);
  for (const [way, first] of ways.entries())
    for (let index = 0; index < 4; index += 1)
      for (let octet = 0; octet < 256; octet += 1)
        if (tests[index - first]?.(String(octet)) ?? true)
          table[index * 256 + octet] = (table[index * 256 + octet] ?? 0) | (1 << way);
  return table;
}

/** Of a text that is cut at its dots: the first piece ends an octet, those between are whole, the last begins one. */
const testsOf = (parts: readonly string[], isWhole: boolean): OctetTest[] =>
  parts.map((part, index) => {
    const isFirst = index === 0;
    const isLast = index === parts.length - 1 && !isWhole;
    if (isFirst && isLast) return (octet) => octet.includes(part);
    if (isFirst) return (octet) => octet.endsWith(part);
    return isLast ? (octet) => octet.startsWith(part) : (octet) => octet === part;
  });

/** Whether the address, printed, holds `text`; undefined: none does. */
export function v4Contains(text: string): V4Test | undefined {
  const parts = text.split('.');
  if (parts.length > 4 || !/^[\d.]*$/.test(text)) return undefined;
  const ways = Array.from({ length: 5 - parts.length }, (_, first) => first);
  return testOf(testsOf(parts, false), ways);
}

/** Whether the address, printed, ends in `text`; undefined: none does. */
export function v4EndsWith(text: string): V4Test | undefined {
  const parts = text.split('.');
  if (parts.length > 4 || !/^[\d.]*$/.test(text)) return undefined;
  return testOf(testsOf(parts, true), [4 - parts.length]);
}
