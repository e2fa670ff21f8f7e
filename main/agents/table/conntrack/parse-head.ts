import type { Connection } from '../../../../shared/domain/connection.ts';
import { protocolNames, protocolNumbers } from '../../../../shared/domain/ip-protocols.ts';
import { parseInteger } from '../../integer.ts';
import type { Word } from './words.ts';

/** What stands before the first tuple, plus the words there that have no field. */
export interface Head {
  readonly family?: Connection['family'];
  readonly protocol: string;
  readonly protocolNumber: number;
  readonly timeout?: number;
  readonly state?: string;
  readonly rest: readonly Word[];
}

/** The kernel's own number for "any protocol" (nf_conntrack_l4proto_generic), where a line names none. */
const genericProtocol = 255;

const families: ReadonlyMap<string, Connection['family']> = new Map([
  ['ipv4', 'ipv4'],
  ['ipv6', 'ipv6'],
  ['unknown', 'unknown'],
]);

const numberAt = (head: readonly Word[], index: number, highest: number): number | undefined => {
  const value = parseInteger(head[index] ?? '');
  return value !== undefined && value <= highest ? value : undefined;
};

const isName = (word: Word | undefined): word is Word => word !== undefined && /^[A-Za-z][\w.-]*$/.test(word);

const isKnown = (name: Word): boolean => protocolNumbers.has(name) || families.has(name);

/** Is there `NAME NUMBER` at `index`, as for a network (`ipv4 2`) or a transport (`tcp 6`) protocol? */
const isPair = (head: readonly Word[], index: number): boolean =>
  isName(head[index]) && numberAt(head, index + 1, 255) !== undefined;

/** A known name beats its place: a prompt, a quote mark or a syslog date may stand before it. */
const protocolIndex = (head: readonly Word[]): number => {
  const name = (index: number): string => head[index] ?? '';
  const known = head.findLastIndex((_, index) => protocolNumbers.has(name(index)) && isPair(head, index));
  if (known !== -1) return known;
  const pair = head.findLastIndex((_, index) => isPair(head, index));
  if (pair !== -1 && name(pair) !== 'ipv4' && name(pair) !== 'ipv6') return pair;
  return head.findLastIndex((_, index) => protocolNumbers.has(name(index)));
};

/** `12:tcp` of grep -n and `dump.txt:ipv4` of grep are the names behind the last mark. */
const withoutPrefix = (head: readonly Word[]): readonly Word[] => {
  const [first = '', ...others] = head;
  const name = /[^\w.]([a-z]\w*)$/.exec(first)?.[1];
  return name !== undefined && isKnown(name) ? [name, ...others] : head;
};

const stateAt = (head: readonly Word[], index: number): string | undefined => {
  const word = head[index];
  return word !== undefined && /^[A-Z][A-Z0-9_]*$/.test(word) ? word : undefined;
};

/** Numbers and a state alone, where a column was cut off: the protocol's number and the timeout, or the timeout alone. */
const parseNameless = (printed: readonly Word[]): Head => {
  const family = isPair(printed, 0) ? families.get(printed[0] ?? '') : undefined;
  const head = family === undefined ? printed : printed.slice(2);
  const first = numberAt(head, 0, Number.MAX_SAFE_INTEGER);
  const second = numberAt(head, 1, Number.MAX_SAFE_INTEGER);
  const hasProtocol = first !== undefined && first <= 255 && second !== undefined;
  const timeout = hasProtocol ? second : first;
  const next = hasProtocol ? 2 : first === undefined ? 0 : 1;
  const state = stateAt(head, next);
  const protocolNumber = hasProtocol ? first : genericProtocol;
  return {
    ...(family && { family }),
    protocol: protocolNames.get(protocolNumber) ?? 'unknown',
    protocolNumber,
    ...(timeout !== undefined && { timeout }),
    ...(state !== undefined && { state }),
    rest: head.slice(state === undefined ? next : next + 1),
  };
};

/** What stands before the first tuple: `[ipv4 2] tcp 6 431999 ESTABLISHED`, in whatever of it was printed. */
export const parseHead = (printed: readonly Word[]): Head => {
  const head = isKnown(printed[0] ?? '') ? printed : withoutPrefix(printed);
  const at = protocolIndex(head);
  const name = head[at];
  if (name === undefined) return parseNameless(head);

  const familyIndex = at - 2;
  const family = isPair(head, familyIndex) ? families.get(head[familyIndex] ?? '') : undefined;
  const before = head.slice(0, family === undefined ? at : familyIndex);

  let next = at + 1;
  const number = numberAt(head, next, 255);
  if (number !== undefined) next += 1;
  const timeout = numberAt(head, next, Number.MAX_SAFE_INTEGER);
  // no kernel prints a timeout that long, and it must not hide the state behind it
  const unread = timeout === undefined && /^\d+$/.test(head[next] ?? '') ? [`timeout=${head[next]}`] : [];
  if (timeout !== undefined || unread.length > 0) next += 1;
  const state = stateAt(head, next);
  if (state !== undefined) next += 1;

  return {
    ...(family && { family }),
    protocol: name,
    protocolNumber: number ?? protocolNumbers.get(name) ?? genericProtocol,
    ...(timeout !== undefined && { timeout }),
    ...(state !== undefined && { state }),
    rest: [...before, ...unread, ...head.slice(next)],
  };
};
