import { parseBigInteger } from '../../integer.ts';
import type { Figures } from './statistics.ts';

/** Where the counters of the lines that follow go. */
export interface Section {
  readonly figures: Figures;
  /** `update OK/failed` and the like: the indented lines below belong to it. */
  parent?: string;
  readonly isUnknown?: boolean;
}

/** A node prints the same few dozen labels each second; what a broken one prints shall not pile up. */
const namesKnown = new Map<string, string>();
const mostNames = 500;

const camelCase = (label: string): string => {
  const known = namesKnown.get(label);
  if (known !== undefined) return known;
  const name = label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .replace(/ ([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  if (namesKnown.size < mostNames) namesKnown.set(label, name);
  return name;
};

/** Older and newer wordings of the counters that stand before their name. */
const countedNames: ReadonlyMap<string, string> = new Map([
  ['bytes sent', 'bytesSent'],
  ['bytes recv', 'bytesReceived'],
  ['pckts sent', 'packetsSent'],
  ['pckts recv', 'packetsReceived'],
  ['error send', 'errorsSent'],
  ['error recv', 'errorsReceived'],
  ['bytes', 'bytes'],
  ['pckts', 'packets'],
  ['malformed msgs', 'malformed'],
  ['msgs mfrm', 'malformed'],
  ['pckts mfrm', 'malformed'],
  ['lost msgs', 'lost'],
  ['msgs lost', 'lost'],
  ['pckts lost', 'lost'],
]);

/** `17 Bytes sent   3 Bytes recv`: numbers before their names. */
export const readCounted = (line: string, { figures }: Section): boolean => {
  if (!/^(?:\d+ [A-Za-z]+(?: [A-Za-z]+)*(?: |$))+$/.test(line)) return false;
  for (const [, number = '', name = ''] of line.matchAll(/(\d+) ([A-Za-z]+(?: [A-Za-z]+)*)/g))
    figures[countedNames.get(name.toLowerCase()) ?? camelCase(name)] = parseBigInteger(number) ?? number;
  return true;
};

/** Labels that are more than a name. */
const manyWords = /\/|connections|expectations|^entry not found$/;

/** `connections created: 18 failed: 0`, `update OK/failed: 1/ 0`, `netlink overrun: 0`: names before their numbers. */
export const readNamed = (line: string, section: Section): boolean => {
  const [, label = '', first = '', second, failed] =
    /^([^:]+): (\d+)(?: ?\/ ?(\d+)| failed: (\d+))?$/.exec(line) ?? [];
  if (label === '') return false;
  const { figures } = section;
  const set = (name: string, number: string): void => {
    figures[camelCase(name)] = parseBigInteger(number) ?? number;
  };
  if (second === undefined && failed === undefined && !manyWords.test(label)) {
    set(label, first);
    return true;
  }
  const [, subject = '', one = '', other = ''] = /^(?:(\w+) )?(\w+)\/(\w+)(?= |$)/.exec(label) ?? [];
  if (second !== undefined) {
    // `active/total entries` names its subject behind, `creation OK/failed` before
    const after = label.slice(label.indexOf(`/${other}`) + other.length + 1);
    set(`${subject} ${one} ${after}`, first);
    set(`${subject} ${other} ${after}`, second);
    section.parent = subject;
    return true;
  }
  const name = label.replace(/^(?:current )?(active |)(?:connections|expectations) ?/, '$1');
  const own = /^(?:current )?active (?:connections|expectations)$/.test(label) ? 'active' : name;
  set(own === 'entry not found' && section.parent ? `${section.parent} ${own}` : own, first);
  if (failed !== undefined) set(`${own} failed`, failed);
  return true;
};

/** `3 day(s) 2 h 5 min`, `1 day 0 h 4 min`, `7 min`. */
export const parseUptime = (text: string): number | undefined => {
  const [whole, days = '0', hours = '0', minutes = '0'] =
    /^(?:(\d+) days?(?:\(s\))? ?)?(?:(\d+) h ?)?(?:(\d+) min)?$/.exec(text) ?? [];
  return whole ? (Number(days) * 24 + Number(hours)) * 60 + Number(minutes) : undefined;
};
