import type { Connection, Tuple } from '../../../shared/domain/connection.ts';
import { natOf } from '../../../shared/domain/connection-fields.ts';
import { serviceOf } from '../../../shared/domain/connection-service.ts';
import { endText } from '../../../shared/domain/connection-words.ts';
import { formatBytes, formatCount, formatSpan } from '../../../shared/domain/format.ts';
import { replicaFacts } from './replicas-model.ts';
import type { Row } from './row.ts';

export type Fact = readonly [name: string, value: string];

export interface Section {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** The addresses of both directions, each once. */
export const addressesOf = ({ original, reply }: Connection): string[] => [
  ...new Set([original.src, original.dst, ...(reply ? [reply.src, reply.dst] : [])]),
];

/** Everything known of a connection, in the order in which one asks for it. */
export function detailSections(connection: Row): Section[] {
  const { original, reply, timeout, activeSeconds, flags, mark, zone, use, id, extra } = connection;
  const { age, idle, change } = connection;
  const facts = (...pairs: readonly (readonly [string, string | undefined])[]): Fact[] =>
    pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const number = (value: number | string | undefined) => (value === undefined ? undefined : String(value));
  const sections: Section[] = [
    { title: 'Original', facts: [...tupleFacts(original), ...facts(['service', serviceOf(connection)])] },
    { title: 'Reply', facts: reply === undefined ? [['', 'not in this dump']] : tupleFacts(reply) },
    { title: 'NAT', facts: natFacts(connection) },
    {
      title: 'Timers',
      facts: facts(
        ['timeout', timeout === undefined ? undefined : `${formatSpan(timeout)} (${formatCount(timeout)} s)`],
        ['active', activeSeconds === undefined ? undefined : formatSpan(activeSeconds)],
        ['age', age === undefined ? undefined : formatSpan(age)],
        ['idle', idle === undefined ? undefined : formatSpan(idle)],
        ['change', change],
      ),
    },
    { title: 'Counters', facts: counterFacts(connection) },
    { title: 'On the slaves', facts: replicaFacts(connection.replicas ?? []) },
    {
      title: 'Marks',
      facts: facts(
        ['flags', flags.join(' ') || undefined],
        ['mark', number(mark)],
        ['zone', number(zone)],
        ['use', number(use)],
        ['id', number(id)],
      ),
    },
    {
      title: 'Also printed',
      facts: Object.entries(extra).map(([name, value]) => [name, String(value)] as const),
    },
  ];
  return sections.filter((section) => section.facts.length > 0);
}

const tupleFacts = ({ packets: _, bytes: __, ...keys }: Tuple): Fact[] =>
  Object.entries(keys).flatMap(([name, value]): Fact[] =>
    value === undefined ? [] : [[name, String(value)]],
  );

/** What went each way. A node that does not count says so: nothing counted is not nothing sent. */
function counterFacts({ original, reply, rate }: Row): Fact[] {
  const counted = (name: string, tuple: Tuple | undefined): Fact[] =>
    tuple?.packets === undefined || tuple.bytes === undefined
      ? []
      : [
          [
            name,
            `${formatCount(tuple.packets)} ${tuple.packets === 1 ? 'packet' : 'packets'}, ${formatBytes(tuple.bytes)} (${formatCount(tuple.bytes)})`,
          ],
        ];
  const facts = [...counted('original', original), ...counted('reply', reply)];
  if (facts.length === 0) return [['', 'not counted: net.netfilter.nf_conntrack_acct is 0 there']];
  return rate === undefined ? facts : [...facts, ['rate', `${formatBytes(Math.round(rate))}/s`]];
}

/** What the reply tuple gives away: replies go to what the source became, and come from what the destination became. */
function natFacts(connection: Connection): Fact[] {
  const { original, reply } = connection;
  const nat = natOf(connection);
  if (reply === undefined) return [['', 'not observable: the dump has no reply tuple']];
  if (nat === undefined) return [['', 'none']];
  const arrow = (from: string, to: string) => `${from} → ${to}`;
  const source = arrow(endText(original.src, original.sport), endText(reply.dst, reply.dport));
  const destination = arrow(endText(original.dst, original.dport), endText(reply.src, reply.sport));
  return [
    ...(nat.source ? [['SNAT', source] satisfies Fact] : []),
    ...(nat.destination ? [['DNAT', destination] satisfies Fact] : []),
  ];
}
