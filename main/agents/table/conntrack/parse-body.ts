import type { Connection, Tuple } from '../../../../shared/domain/connection.ts';
import { parseBigInteger, parseInteger } from '../../integer.ts';
import type { Word } from './words.ts';

export type TupleDraft = { -readonly [Key in keyof Tuple]?: Tuple[Key] };

/** Everything on a line but its head. A tuple may still lack its addresses, or hold words that are none. */
export interface Body {
  readonly tuples: TupleDraft[];
  readonly flags: string[];
  readonly fields: Partial<Pick<Connection, 'mark' | 'zone' | 'use' | 'id' | 'activeSeconds'>>;
  readonly extra: Connection['extra'];
}

const events: ReadonlySet<string> = new Set(['NEW', 'UPDATE', 'DESTROY']);

/** Keeps a word that has no field of its own; where it comes again, the values stand side by side. */
export const keep = (extra: Connection['extra'], key: string, text: string): void => {
  const number = /^(?:0|[1-9]\d*)$/.test(text) ? parseInteger(text) : undefined;
  const value = Object.hasOwn(extra, key) ? `${extra[key]} ${text}` : (number ?? text);
  if (key !== '__proto__') extra[key] = value;
  // a plain assignment to this name would be lost
  else Object.defineProperty(extra, key, { value, enumerable: true, writable: true, configurable: true });
};

const readBracket = ({ extra, fields, flags }: Body, text: string): void => {
  const [, duration, seconds = ''] = /^(active since|expires in) (\d+)s$/.exec(text) ?? [];
  const [, key, value = ''] = /^([\w-]+)=(.*)$/.exec(text) ?? [];
  if (duration === 'active since' && fields.activeSeconds === undefined)
    fields.activeSeconds = Number(seconds);
  else if (duration !== undefined) keep(extra, 'expiresSeconds', seconds);
  else if (key !== undefined) keep(extra, key, value);
  else if (events.has(text)) keep(extra, 'event', text);
  else if (/^\d+\.\d+$/.test(text)) keep(extra, 'timestamp', text);
  else if (text.trim() !== '') flags.push(text.trim());
};

/** Takes the word into the tuple; false where it is no tuple's word, or that tuple has it already. */
const readTupleWord = (tuple: TupleDraft, key: string, value: string, isAdjacent: boolean): boolean => {
  switch (key) {
    case 'srckey':
    case 'dstkey':
      if (tuple[key] !== undefined) return false;
      tuple[key] = value;
      return true;
    case 'packets':
    case 'bytes': {
      const count = parseBigInteger(value);
      if (count === undefined || tuple[key] !== undefined) return false;
      tuple[key] = count;
      return true;
    }
    case 'id':
      // an echo's id stands right behind its code; anywhere else it is the connection's own
      if (!isAdjacent || tuple.code === undefined) return false;
      break;
    case 'sport':
    case 'dport':
    case 'type':
    case 'code':
      break;
    default:
      return false;
  }
  const number = parseInteger(value);
  if (number === undefined || tuple[key] !== undefined) return false;
  tuple[key] = number;
  return true;
};

/** Takes the word as an attribute of the connection; false where it is not known, not a number or there already. */
const readAttribute = (fields: Body['fields'], key: string, value: string): boolean => {
  switch (key) {
    case 'mark':
    case 'id': {
      const number = parseBigInteger(value);
      if (number === undefined || fields[key] !== undefined) return false;
      fields[key] = number;
      return true;
    }
    case 'zone':
    case 'use': {
      const number = parseInteger(value);
      if (number === undefined || fields[key] !== undefined) return false;
      fields[key] = number;
      return true;
    }
    default:
      return false;
  }
};

/** Reads words in any order. The same keys serve both directions: a second `src=` or `dst=` begins the next tuple. */
export const parseBody = (body: readonly Word[]): Body => {
  const read: Body = { tuples: [], flags: [], fields: {}, extra: {} };
  const { tuples, extra, fields } = read;
  let isAdjacent = false;
  let lastKey = '';
  for (const { text, bracketed } of body) {
    const equals = bracketed ? -1 : text.indexOf('=');
    if (equals < 1) {
      isAdjacent = false;
      if (bracketed) readBracket(read, text);
      // the one value that holds blanks without a bracket: a process's name
      else if (lastKey === 'progname') extra.progname = `${extra.progname} ${text}`;
      else keep(extra, text, '');
      if (bracketed) lastKey = '';
      continue;
    }
    const key = text.slice(0, equals);
    const value = text.slice(equals + 1, text.endsWith(',') ? -1 : undefined);
    lastKey = key;
    const tuple = tuples.at(-1);
    if (key === 'src' || key === 'dst') {
      if (tuple !== undefined && tuple[key] === undefined) tuple[key] = value;
      else if (tuples.length < 2) tuples.push({ [key]: value });
      else keep(extra, key, value);
      isAdjacent = true;
    } else if (tuple === undefined || !readTupleWord(tuple, key, value, isAdjacent)) {
      isAdjacent = false;
      if (!readAttribute(fields, key, value)) keep(extra, key, value);
    } else isAdjacent = true;
  }
  return read;
};
