import type { BigInteger, Connection, Tuple } from '../../../../shared/domain/connection.ts';
import { parseBigInteger, parseInteger } from '../../integer.ts';
import { isBracketed, type Word } from './words.ts';

export type TupleDraft = { -readonly [Key in keyof Tuple]?: Tuple[Key] };
export type Extra = Connection['extra'];
type Fields = Partial<Pick<Connection, 'mark' | 'zone' | 'use' | 'id' | 'activeSeconds'>>;

/** Everything on a line but its head. A tuple may still lack its addresses, or hold words that are none. */
export interface Body {
  readonly tuples: TupleDraft[];
  readonly flags: string[];
  readonly fields: Fields;
  readonly extra: Extra;
}

const events: ReadonlySet<string> = new Set(['NEW', 'UPDATE', 'DESTROY']);

/** Keeps a word that has no field of its own; where it comes again, the values stand side by side. */
export const keep = (extra: Extra, key: string, text: string): void => {
  const number = text === '0' || !text.startsWith('0') ? parseInteger(text) : undefined;
  const value = Object.hasOwn(extra, key) ? `${extra[key]} ${text}` : (number ?? text);
  if (key !== '__proto__') extra[key] = value;
  // a plain assignment to this name would be lost
  else Object.defineProperty(extra, key, { value, enumerable: true, writable: true, configurable: true });
};

/** `inside` is what a bracket holds. The flags that conntrack prints itself are told first: nearly every line has one. */
export const readBracket = ({ extra, fields, flags }: Omit<Body, 'tuples'>, inside: string): void => {
  if (inside === 'ASSURED' || inside === 'UNREPLIED') {
    flags.push(inside);
    return;
  }
  const [, duration, seconds = ''] = /^(active since|expires in) (\d+)s$/.exec(inside) ?? [];
  const [, key, value = ''] = /^([\w-]+)=(.*)$/.exec(inside) ?? [];
  if (duration === 'active since' && fields.activeSeconds === undefined)
    fields.activeSeconds = Number(seconds);
  else if (duration !== undefined) keep(extra, 'expiresSeconds', seconds);
  else if (key !== undefined) keep(extra, key, value);
  else if (events.has(inside)) keep(extra, 'event', inside);
  else if (/^\d+\.\d+$/.test(inside)) keep(extra, 'timestamp', inside);
  else if (inside.trim() !== '') flags.push(inside.trim());
};

const take = <Key extends string>(
  holder: { [key in Key]?: BigInteger | undefined },
  key: Key,
  number: BigInteger | undefined,
): boolean => {
  if (number === undefined || holder[key] !== undefined) return false;
  holder[key] = number;
  return true;
};

/** Takes the word into the tuple; false where it is no tuple's word, or that tuple has it already. */
export const readTupleWord = (
  tuple: TupleDraft,
  key: string,
  value: string,
  isAdjacent: boolean,
): boolean => {
  switch (key) {
    case 'sport':
    case 'dport':
    case 'type':
    case 'code':
      return take(tuple, key, parseInteger(value));
    case 'id':
      // an echo's id stands right behind its code; anywhere else it is the connection's own
      return isAdjacent && tuple.code !== undefined && take(tuple, key, parseInteger(value));
    case 'packets':
    case 'bytes':
      return take(tuple, key, parseBigInteger(value));
    case 'srckey':
    case 'dstkey':
      if (tuple[key] !== undefined) return false;
      tuple[key] = value;
      return true;
    default:
      return false;
  }
};

/** Takes the word as an attribute of the connection; false where it is not known, not a number or there already. */
const readAttribute = (fields: Fields, key: string, value: string): boolean => {
  switch (key) {
    case 'mark':
    case 'id':
      return take(fields, key, parseBigInteger(value));
    case 'zone':
    case 'use':
      return take(fields, key, parseInteger(value));
    default:
      return false;
  }
};

/** Commas and the like between words, as some kernels print behind `[OFFLOAD]`, say nothing. */
const isPunctuation = (text: string): boolean => /^[,;|]+$/.test(text);

/** Reads words in any order. The same keys serve both directions: a second `src=` or `dst=` begins the next tuple. */
export const parseBody = (body: readonly Word[]): Body => {
  const read: Body = { tuples: [], flags: [], fields: {}, extra: {} };
  const { tuples, extra, fields } = read;
  let tuple: TupleDraft | undefined;
  let isAdjacent = false;
  let lastKey = '';
  for (const text of body) {
    if (isBracketed(text)) {
      readBracket(read, text.slice(1));
      isAdjacent = false;
      lastKey = '';
      continue;
    }
    const equals = text.indexOf('=');
    if (equals < 1) {
      isAdjacent = false;
      // the one value that holds blanks without a bracket: a process's name
      if (lastKey === 'progname') extra.progname = `${extra.progname} ${text}`;
      else if (!isPunctuation(text)) keep(extra, text, '');
      continue;
    }
    const key = text.slice(0, equals);
    const value = text.slice(equals + 1, text.endsWith(',') ? -1 : undefined);
    lastKey = key;
    if (key === 'src' || key === 'dst') {
      isAdjacent = true;
      if (tuple !== undefined && tuple[key] === undefined) tuple[key] = value;
      else if (tuples.length < 2) {
        tuple = { [key]: value };
        tuples.push(tuple);
      } else keep(extra, key, value);
    } else if (tuple !== undefined && readTupleWord(tuple, key, value, isAdjacent)) isAdjacent = true;
    else {
      isAdjacent = false;
      if (!readAttribute(fields, key, value)) keep(extra, key, value);
    }
  }
  return read;
};
