import type { BigInteger } from '../../shared/domain/connection.ts';

/** Called for every number of every connection, and several times as fast as a regular expression. */
const isDecimal = (text: string): boolean => {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return text.length > 0;
};

/** A non-negative decimal integer that a number holds exactly; undefined for everything else. */
export const parseInteger = (text: string): number | undefined => {
  if (!isDecimal(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
};

/** A non-negative decimal integer of any size, past 2^53−1 as its digits; undefined for everything else. */
export const parseBigInteger = (text: string): BigInteger | undefined => {
  if (!isDecimal(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text.replace(/^0+(?=\d)/, '');
};
