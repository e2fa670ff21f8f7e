import type {
  AddressField,
  FilterField,
  FilterPredicate,
  NumberField,
  WordField,
} from '../../../shared/domain/filter-tree.ts';
import { addressFields, numberFields } from '../../../shared/domain/filter-words.ts';
import { protocolNames } from '../../../shared/domain/ip-protocols.ts';
import { printedProtocols } from '../../agents/table/conntrack/entry-sink.ts';
import { type Columns, flagBits, hasDnat, hasKeys, hasReply, hasSnat, states } from './columns.ts';
import { maskOfAddressText } from './select-address.ts';
import { fitsOf, type Mask, maskOfFits, type Selectable, union } from './select-mask.ts';
import { maskOfNumberText } from './select-number.ts';

export const protocolName = (number: number): string => printedProtocols.get(number) ?? 'unknown';
export const flagNames = (bits: number): string[] =>
  Object.entries(flagBits).flatMap(([name, bit]) => (bits & bit ? [name.toLowerCase()] : []));

const families: Readonly<Record<number, string>> = { 0: 'unknown', 4: 'ipv4', 6: 'ipv6' };

/** Rows that have a word of the field, in lower case, that fits. */
function maskOfWords(columns: Columns, field: WordField, isFit: (word: string) => boolean): Mask {
  switch (field) {
    case 'proto':
      return maskOfFits(
        columns,
        columns.protocol,
        fitsOf(256, (number) =>
          [protocolName(number), String(number), protocolNames.get(number)].some(
            (name) => name !== undefined && isFit(name),
          ),
        ),
      );
    case 'state':
      return maskOfFits(
        columns,
        columns.state,
        fitsOf(
          256,
          (number) => number > 0 && number < states.length && isFit((states[number] ?? '').toLowerCase()),
        ),
      );
    case 'family':
      return maskOfFits(
        columns,
        columns.family,
        fitsOf(7, (family) => isFit(families[family] ?? '')),
      );
    case 'flag':
      return maskOfFits(
        columns,
        columns.flags,
        fitsOf(16, (bits) => flagNames(bits).some(isFit)),
      );
    case 'key':
      return maskOfKeys(columns, isFit);
    case 'helper':
      return maskOfHelper(columns, isFit);
  }
}

function maskOfKeys(columns: Columns, isFit: (word: string) => boolean): Mask {
  const fits = fitsOf(2 ** 16, (key) => isFit(`0x${key.toString(16)}`));
  const mask = maskOfFits(columns, columns.sport, fits, hasKeys);
  union(mask, maskOfFits(columns, columns.dport, fits, hasKeys));
  union(mask, maskOfFits(columns, columns.replySport, fits, hasKeys | hasReply));
  return union(mask, maskOfFits(columns, columns.replyDport, fits, hasKeys | hasReply));
}

function maskOfHelper({ rest, length }: Columns, isFit: (word: string) => boolean): Mask {
  const mask = new Uint8Array(length);
  for (const [row, { extra }] of rest)
    if (row < length && extra?.helper !== undefined && isFit(String(extra.helper).toLowerCase()))
      mask[row] = 1;
  return mask;
}

export const maskOfWord = (columns: Columns, field: WordField, words: readonly string[]): Mask =>
  maskOfWords(columns, field, (word) => words.includes(word));

const isNumber = (field: FilterField): field is NumberField => Object.hasOwn(numberFields, field);
const isAddress = (field: FilterField): field is AddressField => Object.hasOwn(addressFields, field);

/** Rows of whose values in the field one, as it is printed, holds `text`. */
export function maskOfContains(table: Selectable, field: FilterField, text: string): Mask {
  if (isNumber(field)) return maskOfNumberText(table, field, text);
  if (isAddress(field)) return maskOfAddressText(table.columns, field, text);
  return maskOfWords(table.columns, field, (word) => word.includes(text));
}

export function maskOfPredicate(columns: Columns, predicate: FilterPredicate): Mask {
  switch (predicate) {
    case 'nat':
      return maskOfBits(columns, hasSnat | hasDnat);
    case 'snat':
      return maskOfBits(columns, hasSnat);
    case 'dnat':
      return maskOfBits(columns, hasDnat);
    case 'assured':
      return maskOfWord(columns, 'flag', ['assured']);
    case 'unreplied':
      return maskOfWord(columns, 'flag', ['unreplied']);
    case 'offloaded':
      return maskOfWords(columns, 'flag', (flag) => flag.endsWith('offload'));
    case 'ipv4':
    case 'ipv6':
      return maskOfWord(columns, 'family', [predicate]);
    case 'new':
      return maskOfFits(columns, columns.change, Uint8Array.of(0, 1, 0));
    case 'changed':
      return maskOfFits(columns, columns.change, Uint8Array.of(0, 0, 1));
  }
}

/** Rows with one of these bits of `has`. */
function maskOfBits({ has, length }: Columns, bits: number): Mask {
  const mask = new Uint8Array(length);
  for (let row = 0; row < length; row += 1) mask[row] = Number(((has[row] ?? 0) & bits) !== 0);
  return mask;
}
