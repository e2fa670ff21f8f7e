import type { Connection } from '../../../../shared/domain/connection.ts';
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

/** Names that conntrack, the kernel and vendors print, by IANA's numbers. */
const protocolNumbers: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['igmp', 2],
  ['ipencap', 4],
  ['tcp', 6],
  ['udp', 17],
  ['dccp', 33],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['icmpv6', 58],
  ['ospf', 89],
  ['pim', 103],
  ['vrrp', 112],
  ['l2tp', 115],
  ['sctp', 132],
  ['udplite', 136],
]);

/** The kernel's own number for "any protocol" (nf_conntrack_l4proto_generic), where a line names none. */
const genericProtocol = 255;

const families: ReadonlyMap<string, Connection['family']> = new Map([
  ['ipv4', 'ipv4'],
  ['ipv6', 'ipv6'],
  ['unknown', 'unknown'],
]);

const numberAt = (head: readonly Word[], index: number, highest: number): number | undefined => {
  const word = head[index];
  const value = word === undefined || word.bracketed ? undefined : parseInteger(word.text);
  return value !== undefined && value <= highest ? value : undefined;
};

const isName = (word: Word | undefined): word is Word =>
  word !== undefined && !word.bracketed && /^[A-Za-z][\w.-]*$/.test(word.text);

/** Is there `NAME NUMBER` at `index`, as for a network (`ipv4 2`) or a transport (`tcp 6`) protocol? */
const isPair = (head: readonly Word[], index: number): boolean =>
  isName(head[index]) && numberAt(head, index + 1, 255) !== undefined;

/** A known name beats its place: a prompt, a quote mark or a syslog date may stand before it. */
const protocolIndex = (head: readonly Word[]): number => {
  const name = (index: number): string => head[index]?.text ?? '';
  const known = head.findLastIndex((_, index) => protocolNumbers.has(name(index)) && isPair(head, index));
  if (known !== -1) return known;
  const pair = head.findLastIndex((_, index) => isPair(head, index));
  if (pair !== -1 && name(pair) !== 'ipv4' && name(pair) !== 'ipv6') return pair;
  return head.findLastIndex((_, index) => protocolNumbers.has(name(index)));
};

export const parseHead = (head: readonly Word[]): Head => {
  const at = protocolIndex(head);
  const name = head[at]?.text;
  if (name === undefined) return { protocol: 'unknown', protocolNumber: genericProtocol, rest: head };

  const familyIndex = at - 2;
  const family = isPair(head, familyIndex) ? families.get(head[familyIndex]?.text ?? '') : undefined;
  const before = head.slice(0, family === undefined ? at : familyIndex);

  let next = at + 1;
  const printed = numberAt(head, next, 255);
  if (printed !== undefined) next += 1;
  const timeout = numberAt(head, next, Number.MAX_SAFE_INTEGER);
  if (timeout !== undefined) next += 1;
  const stateWord = head[next];
  const state =
    stateWord && !stateWord.bracketed && /^[A-Z][A-Z0-9_]*$/.test(stateWord.text)
      ? stateWord.text
      : undefined;
  if (state !== undefined) next += 1;

  return {
    ...(family && { family }),
    protocol: name,
    protocolNumber: printed ?? protocolNumbers.get(name) ?? genericProtocol,
    ...(timeout !== undefined && { timeout }),
    ...(state !== undefined && { state }),
    rest: [...before, ...head.slice(next)],
  };
};
