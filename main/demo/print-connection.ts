import { protocolNumbers } from '../../shared/domain/ip-protocols.ts';
import type { CacheEntry } from './cache.ts';
import { logDate } from './log-date.ts';
import { type Counted, type Ends, type Flow, stateOf, trafficOf } from './traffic.ts';

/** Connections as conntrack and conntrackd 1.4.7 print them (libnetfilter_conntrack's plain form). */

const echo = { icmp: [8, 0], icmpv6: [128, 129] } as const;

export interface TableForm {
  readonly extended: boolean;
  readonly id: boolean;
  readonly timestamps: boolean;
  /** Tells the two kernels' ids of one flow apart. */
  readonly salt: number;
}

/** A line of `conntrack -L`. */
export function tableLine(flow: Flow, countedFrom: number, at: number, form: TableForm): string {
  const { state, timeout, unreplied, assured } = stateOf(flow, at);
  const [there, back] = trafficOf(flow, countedFrom, at);
  const words = [
    form.extended && `${flow.family.padEnd(8)} ${flow.family === 'ipv4' ? 2 : 10}`,
    protocolWords(flow),
    timeout,
    state,
    tupleWords(flow, flow.original, 0),
    countWords(there),
    unreplied && '[UNREPLIED]',
    tupleWords(flow, flow.reply, 1),
    countWords(back),
    assured && '[ASSURED]',
    'mark=0',
    `delta-time=${Math.floor((at - flow.bornAt) / 1000)}`,
    form.timestamps && `[start=${logDate(flow.bornAt)}]`,
    'use=1',
    form.id && `id=${Math.imul(flow.id + form.salt, 0x9e3779b1) >>> 0}`,
  ];
  return joined(words);
}

/** A line of `conntrackd -i`, or of `conntrackd -e`, which knows no answers. */
export function cacheLine({ flow, since }: CacheEntry, at: number, cache: 'internal' | 'external'): string {
  const { state, unreplied, assured } = stateOf(flow, at);
  return joined([
    protocolWords(flow),
    state,
    tupleWords(flow, flow.original, 0),
    unreplied && '[UNREPLIED]',
    cache === 'internal' && tupleWords(flow, flow.reply, 1),
    assured && '[ASSURED]',
    'mark=0',
    `[active since ${Math.floor((at - since) / 1000)}s]`,
  ]);
}

const joined = (words: readonly (string | number | false | undefined)[]): string =>
  `${words.filter((word) => word !== false && word !== undefined).join(' ')}\n`;

const protocolWords = ({ protocol }: Flow): string =>
  `${protocol.padEnd(8)} ${protocolNumbers.get(protocol)}`;

const tupleWords = ({ protocol }: Flow, { src, dst, sport, dport }: Ends, direction: 0 | 1): string => {
  const fields =
    protocol === 'icmp' || protocol === 'icmpv6'
      ? `type=${echo[protocol][direction]} code=0 id=${sport}`
      : `sport=${sport} dport=${dport}`;
  return `src=${src} dst=${dst} ${fields}`;
};

const countWords = ({ packets, bytes }: Counted): string => `packets=${packets} bytes=${bytes}`;
