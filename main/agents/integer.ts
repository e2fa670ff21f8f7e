import type { BigInteger } from '../../shared/domain/connection.ts';

const decimal = /^\d+$/;

/** A non-negative decimal integer that a number holds exactly; undefined for everything else. */
export const parseInteger = (text: string): number | undefined => {
  if (!decimal.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
};

/** A non-negative decimal integer of any size, past 2^53−1 as its digits; undefined for everything else. */
export const parseBigInteger = (text: string): BigInteger | undefined => {
  if (!decimal.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text.replace(/^0+(?=\d)/, '');
};
