import type { Connection, Tuple } from '../../../shared/domain/connection.ts';
import { natOf } from '../../../shared/domain/connection-fields.ts';
import { formatBytes, formatCount, formatSpan } from '../../../shared/domain/format.ts';
import type { Row } from './columns.ts';
import { replicaFacts } from './replicas-model.ts';

export type Fact = readonly [name: string, value: string];

export interface Section {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** `10.1.0.1:443`, `[2001:db8::1]:443`, or the address alone. */
export function endpoint(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Everything known of a connection, in the order in which one asks for it. */
export function detailSections(connection: Row): Section[] {
  const { original, reply, timeout, activeSeconds, flags, mark, zone, use, id, extra } = connection;
  const facts = (...pairs: readonly (readonly [string, string | undefined])[]): Fact[] =>
    pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const number = (value: number | string | undefined) => (value === undefined ? undefined : String(value));
  const sections: Section[] = [
    { title: 'Original', facts: tupleFacts(original) },
    { title: 'Reply', facts: reply === undefined ? [['', 'not in this dump']] : tupleFacts(reply) },
    { title: 'NAT', facts: natFacts(connection) },
    {
      title: 'Timers',
      facts: facts(
        ['timeout', timeout === undefined ? undefined : `${formatSpan(timeout)} (${formatCount(timeout)} s)`],
        ['active', activeSeconds === undefined ? undefined : formatSpan(activeSeconds)],
      ),
    },
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
    { title: 'On the slaves', facts: replicaFacts(connection.replicas ?? []) },
    {
      title: 'Also printed',
      facts: Object.entries(extra).map(([name, value]) => [name, String(value)] as const),
    },
  ];
  return sections.filter((section) => section.facts.length > 0);
}

function tupleFacts(tuple: Tuple): Fact[] {
  const { packets, bytes, ...keys } = tuple;
  return [
    ...Object.entries(keys).flatMap(([name, value]): Fact[] =>
      value === undefined ? [] : [[name, String(value)]],
    ),
    ...(packets === undefined ? [] : [['packets', formatCount(packets)] satisfies Fact]),
    ...(bytes === undefined
      ? []
      : [['bytes', `${formatBytes(bytes)} (${formatCount(bytes)})`] satisfies Fact]),
  ];
}

/** What the reply tuple gives away: replies go to what the source became, and come from what the destination became. */
function natFacts(connection: Connection): Fact[] {
  const { original, reply } = connection;
  const nat = natOf(connection);
  if (reply === undefined) return [['', 'not observable: the dump has no reply tuple']];
  if (nat === undefined) return [['', 'none']];
  const arrow = (from: string, to: string) => `${from} → ${to}`;
  const source = arrow(endpoint(original.src, original.sport), endpoint(reply.dst, reply.dport));
  const destination = arrow(endpoint(original.dst, original.dport), endpoint(reply.src, reply.sport));
  return [
    ...(nat.source ? [['SNAT', source] satisfies Fact] : []),
    ...(nat.destination ? [['DNAT', destination] satisfies Fact] : []),
  ];
}
