import {
  addressFields,
  type FieldWord,
  numberFields,
  predicates,
  protocolWords,
  services,
  stateWords,
  wordFields,
} from './filter-words.ts';

/** A part of what can be typed into a filter: words, each with a line of help. */
export interface ReferenceSection {
  readonly title: string;
  readonly rows: readonly (readonly [words: string, help: string])[];
}

const fieldRows = (fields: Readonly<Record<string, FieldWord>>) =>
  Object.values(fields).map(({ names, help }) => [names.join(', '), help] as const);

/** Whole filters, and what each finds. A test reads every one. */
export const filterExamples: readonly (readonly [filter: string, finds: string])[] = [
  ['tcp and dst in 10.1.0.0/16 and not dport == 443', 'TCP into that network, but for HTTPS'],
  ['10.1.2.3:22', 'whatever has that text in it'],
  ['src == 10.1.2.3 or src == 2001:db8::3', 'what either of them opened'],
  ['dport in {80, 443, 8000-8100}', 'any of these destination ports'],
  ['https and bytes > 10M', 'large transfers over HTTPS'],
  ['snat and reply.dst == 192.0.2.9', 'what leaves by that address'],
  ['udp and unreplied and age > 30s', 'UDP that nobody answers'],
  ['established and idle > 1h', 'open, and silent for an hour'],
  ['sport=40001 dport=443', 'as conntrack prints it, pasted'],
  ['-p tcp --dport 443', 'as conntrack is asked, pasted'],
  ['udp 17 29 src=10.1.2.3 dst=192.0.2.9 sport=5353 dport=53', 'that connection: a whole line, pasted'],
  ['10.1.2.3:40000 > 10.2.0.1:443', 'from one end to the other, as logs and tcpdump print it'],
];

/** Everything that a filter may say, in the order in which one looks for it. */
export const filterReference: readonly ReferenceSection[] = [
  {
    title: 'Addresses',
    rows: fieldRows(addressFields),
  },
  { title: 'Numbers', rows: fieldRows(numberFields) },
  { title: 'Words', rows: fieldRows(wordFields) },
  {
    title: 'By themselves',
    rows: [
      ...Object.entries(predicates),
      [protocolWords.join(', '), 'the protocol'],
      [stateWords.join(', '), 'the state'],
      [Object.keys(services).join(', '), 'the service, by its protocol and destination port'],
    ],
  },
  {
    title: 'Comparing',
    rows: [
      ['== (=, eq), != (ne)', 'the same, not the same; port != 443: no port is 443'],
      ['<, <=, >, >= (lt, le, gt, ge)', 'of numbers: 10k, 10M, 2GiB of bytes; 30s, 5m, 2h, 1d of time'],
      ['in', 'a network 10.1.0.0/16, a range 1024-65535, or a set {80, 443, 8000-8100}'],
      ['contains', 'a part of the text'],
      ['and (&&), or (||), not (!), ( )', '"and" may be left out'],
    ],
  },
];
