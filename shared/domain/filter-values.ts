import { parseAddress, parseNetwork } from './address.ts';
import { SyntaxProblem, type Token } from './filter-tokens.ts';
import type { AddressRange, NumberRange } from './filter-tree.ts';
import type { FieldWord } from './filter-words.ts';

const factors: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  bytes: { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 },
  count: { '': 1, k: 1e3, m: 1e6, g: 1e9 },
  seconds: { '': 1, s: 1, m: 60, min: 60, h: 3_600, d: 86_400 },
  none: { '': 1, k: 1e3, m: 1e6, g: 1e9 },
};

/** `443`, `0x1f`, `10M` of bytes, `5m` of time. */
function numberOf(text: string, unit: string): number | undefined {
  if (/^0x[0-9a-f]+$/i.test(text)) return Number(text);
  const match = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(text);
  if (!match) return undefined;
  const table = factors[unit] ?? {};
  const suffix = (match[2] ?? '').toLowerCase();
  const bare = Object.hasOwn(table, suffix) ? suffix : suffix.replace(/b$/, '');
  const factor = Object.hasOwn(table, bare) ? table[bare] : undefined;
  return factor === undefined ? undefined : Number(match[1]) * factor;
}

const example = { bytes: '10M', count: '10k', seconds: '5m', none: '443' } as const;

export function numberValue(token: Token, { unit }: FieldWord): number {
  const value = numberOf(token.text, unit ?? 'none');
  if (value !== undefined) return value;
  throw new SyntaxProblem(
    token,
    `expected a number such as ${example[unit ?? 'none']}, found "${token.text}"`,
  );
}

/** A number, or two of them with a dash between. */
export function numberRange(token: Token, word: FieldWord): NumberRange {
  const [low, high, ...more] = token.text.split('-');
  if (high === undefined || more.length > 0) {
    const value = numberValue(token, word);
    return { from: value, to: value };
  }
  const unit = word.unit ?? 'none';
  const [from, to] = [numberOf(low ?? '', unit), numberOf(high, unit)];
  if (from === undefined || to === undefined || from > to)
    throw new SyntaxProblem(token, `expected a range such as 1024-65535, found "${token.text}"`);
  return { from, to };
}

/** The next number below, near enough for what is counted. */
const below = (value: number): number =>
  value === 0 ? -Number.MIN_VALUE : value - Math.abs(value) * Number.EPSILON;
const above = (value: number): number => -below(-value);

/** A comparison as the range of what fits it. */
export function comparedRange(operator: string, value: number): NumberRange {
  switch (operator) {
    case '<':
      return { from: Number.NEGATIVE_INFINITY, to: below(value) };
    case '<=':
      return { from: Number.NEGATIVE_INFINITY, to: value };
    case '>':
      return { from: above(value), to: Number.POSITIVE_INFINITY };
    case '>=':
      return { from: value, to: Number.POSITIVE_INFINITY };
    default:
      return { from: value, to: value };
  }
}

/** An address, a network, or two addresses of a family with a dash between. */
export function addressRange(token: Token, network: boolean): AddressRange {
  const [low = '', high, ...more] = token.text.split('-');
  if (high !== undefined && more.length === 0) {
    const [from, to] = [parseAddress(low), parseAddress(high)];
    if (from && to && from.bits === to.bits && from.value <= to.value)
      return { bits: from.bits, from: from.value, to: to.value };
    throw new SyntaxProblem(token, `expected a range such as 10.0.0.1-10.0.0.9, found "${token.text}"`);
  }
  const found = parseNetwork(token.text.replace(/^\[(.*)\]$/, '$1'));
  if (found) {
    const from = found.prefix << found.shift;
    return { bits: found.bits, from, to: from + (1n << found.shift) - 1n };
  }
  const expected = network || token.text.includes('/') ? 'a network such as 10.1.0.0/16' : 'an address';
  throw new SyntaxProblem(token, `expected ${expected}, found "${token.text}"`);
}
