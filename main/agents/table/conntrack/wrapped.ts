import { isIP } from 'node:net';
import { isExpectation } from './parse-expectation.ts';
import { parseHead } from './parse-head.ts';
import { bare, isBracketed, type Word, words } from './words.ts';

/**
 * Entries that a mail, an editor or a narrow terminal has wrapped. Such a break stands between two words, or in the
 * middle of one, and nothing marks it: of the two ways to join a line to the one before it, the one is right that
 * leaves fewer strange words.
 */

const known =
  'ipv[46]|unknown|tcp|udp|udplite|icmp|icmpv6|igmp|sctp|dccp|gre|esp|ah|ospf|vrrp|pim|l2tp|ipencap';
/** An event, a protocol with its number, or an expectation's protocol: before the first key, where no continuation has one. */
const begins = new RegExp(
  `^[^=]*?(?:\\[(?:NEW|UPDATE|DESTROY)\\]|\\b(?:${known})\\s+(?:\\d+(?![.:\\w])|src=)|(?:^|\\s)[A-Za-z][\\w.-]*\\s+\\d{1,3}\\s+(?:\\d+\\s+)?(?:[A-Z][A-Z_0-9]+\\s+)?src=)|^[^=]*(?:^|\\s)proto=\\d+\\s|^\\s*(?:\\d+|-)\\s+l3proto = \\d+\\s`,
);

/** May this line be the first of several? Only one that an entry begins on. */
export const opensEntry = (line: string): boolean => begins.test(line);

const flag =
  /^(?:UNREPLIED|ASSURED|OFFLOAD|HW_OFFLOAD|FASTNAT|USERSPACE|NEW|UPDATE|DESTROY|\d+\.\d+\s*|(?:active since|expires in) \d+s|(?:start|stop)=\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;
const number = /^-?(?:\d+|0x[0-9a-f]+),?$/i;
const numeric =
  /^(?:sport|dport|type|code|id|packets|bytes|mark|use|zone|zone-orig|zone-reply|secmark|class|portid|delta-time|proto|srckey|dstkey)$/;
const expectationFlags = /^(?:PERMANENT|INACTIVE|USERSPACE)(?:,(?:PERMANENT|INACTIVE|USERSPACE))*$/;

const strangenessOfValue = (key: string, value: string): number => {
  if (/^(?:(?:mask|master)-)?(?:src|dst)$/.test(key)) return isIP(value.replace(/,$/, '')) === 0 ? 2 : 0;
  if (numeric.test(key)) return number.test(value) ? 0 : 2;
  return value === '' || value.includes('=') || !/^[\w-]+$/.test(key) ? 1 : 0;
};

const strangenessOf = (word: Word, before: Word | undefined): number => {
  if (isBracketed(word)) {
    const inside = word.slice(1);
    return flag.test(inside) ? 0 : /^[A-Z_]+$/.test(inside) ? 1 : 2;
  }
  const equals = word.indexOf('=');
  if (equals > 0) return strangenessOfValue(word.slice(0, equals), word.slice(equals + 1));
  if (expectationFlags.test(word)) return 0;
  return before?.startsWith('progname=') ? 1 : 2;
};

/** How much of this no program prints: words without a place, values of the wrong kind. 0 is a line as printed. */
const strangeness = (text: string, all: readonly Word[]): number => {
  const start = all.findIndex((word) => /^(?:src|dst|proto)=/.test(word));
  const head = (start === -1 ? all : all.slice(0, start)).filter((word) => !isBracketed(word));
  const headJunk = isExpectation(text) ? 0 : 2 * parseHead(head).rest.length;
  const body = start === -1 ? [] : all.slice(start);
  return body.reduce((sum, word, index) => sum + strangenessOf(word, body[index - 1]), headJunk);
};

/** An entry that its last words have closed: only more attributes may follow, and no direction. */
export const isClosed = (text: string): boolean => /\suse=\d|\[active since \d+s\]/.test(text);
/** What only an entry prints: beside it, a vendor's own words are a part of the entry too. */
const attribute = /(?:^|\s)(?:src|dst|sport|dport|packets|bytes|mark|use)=[\da-f]/;

/** Longer than any entry that is printed, so that a hostile text costs no time. */
const longestEntry = 4_096;

/** What a mail's quoting or a table's border puts before a line. */
const border = /^[\s>|"'`]+/;

/** `next` as the continuation of the entry that `held` begins; undefined where it is a line of its own. */
export const joinWrapped = (held: string, next: string): string | undefined => {
  // of XML, which is no form of these lines
  if (/^\s*</.test(next)) return undefined;
  if (begins.test(next) || held.length + next.length > longestEntry) return undefined;
  if (isClosed(held) && /(?:^|\s)(?:src|dst)=/.test(next)) return undefined;
  const unquoted = next.replace(border, '').trim();
  if (unquoted === '') return undefined;
  // not `bare`, which takes a leading dash or a comma behind for a paste's, where here a word goes on
  const ways = [`${bare(held).trimEnd()} ${bare(unquoted)}`, `${held.trimEnd()}${unquoted}`].map((text) => {
    const all = words(text);
    return { text, all, strange: strangeness(text, all) };
  });
  const best = ways.reduce((left, right) => (right.strange < left.strange ? right : left));
  if (!isClosed(held) && attribute.test(unquoted)) return best.text;
  // the break may have cut the last word, which then tells nothing; and so may the next break
  const before = words(held);
  const certain = /\s/.test(unquoted) ? strangeness(best.text, best.all.slice(0, -1)) : best.strange;
  return certain > strangeness(held, before.slice(0, -1)) ? undefined : best.text;
};
