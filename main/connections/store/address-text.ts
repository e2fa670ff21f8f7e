import { fitsOf } from './select-mask.ts';

/** Tells of an IPv4 address whether its text is of some form, without writing it. */
export type V4Test = (address: number) => boolean;

const never: V4Test = () => false;
const octetAt = (address: number, index: number): number => (address >>> (24 - index * 8)) & 255;
const octets = (isFit: (text: string) => boolean): Uint8Array => fitsOf(256, (octet) => isFit(String(octet)));

/** What each octet from `first` on must be like. */
const run = (fits: readonly Uint8Array[], first: number): V4Test => {
  return (address) => {
    for (let index = 0; index < fits.length; index += 1)
      if (fits[index]?.[octetAt(address, first + index)] !== 1) return false;
    return true;
  };
};

/** Of a text that is cut at its dots: the first piece ends an octet, those between are whole, the last begins one. */
const pieces = (parts: readonly string[], isWhole: boolean): Uint8Array[] =>
  parts.map((part, index) => {
    const isFirst = index === 0;
    const isLast = index === parts.length - 1 && !isWhole;
    if (isFirst && isLast) return octets((octet) => octet.includes(part));
    if (isFirst) return octets((octet) => octet.endsWith(part));
    return isLast ? octets((octet) => octet.startsWith(part)) : octets((octet) => octet === part);
  });

/** Whether the address, printed, holds `text`. */
export function v4Contains(text: string): V4Test {
  const parts = text.split('.');
  if (parts.length > 4 || !/^[\d.]*$/.test(text)) return never;
  const fits = pieces(parts, false);
  const runs = Array.from({ length: 5 - parts.length }, (_, first) => run(fits, first));
  return (address) => {
    for (const isFit of runs) if (isFit(address)) return true;
    return false;
  };
}

/** Whether the address, printed, ends in `text`. */
export function v4EndsWith(text: string): V4Test {
  if (text === '') return () => true;
  const parts = text.split('.');
  if (parts.length > 4 || !/^[\d.]*$/.test(text)) return never;
  return run(pieces(parts, true), 4 - parts.length);
}
