import type { Connection, Tuple } from './connection.ts';
import type { ConnectionRow } from './connection-query.ts';
import { tupleText } from './connection-words.ts';
import type { FilterField } from './filter-tree.ts';
import { protocolNames } from './ip-protocols.ts';

type Read = (connection: Connection & Partial<ConnectionRow>) => readonly (string | number | undefined)[];

const both =
  (...names: readonly (keyof Tuple)[]): Read =>
  ({ original, reply }) =>
    names.flatMap((name) => [original[name], reply?.[name]]);

/** A counter as the sum of the directions that have one. */
const counted = (name: 'packets' | 'bytes'): Read => {
  return ({ original, reply }) => {
    const values = [original[name], reply?.[name]].filter((value) => value !== undefined);
    return values.length === 0 ? [] : [values.reduce<number>((sum, value) => sum + Number(value), 0)];
  };
};

const reads: Readonly<Record<FilterField, Read>> = {
  proto: ({ protocol, protocolNumber }) => [
    protocol,
    String(protocolNumber),
    protocolNames.get(protocolNumber),
  ],
  state: ({ state }) => [state],
  family: ({ family }) => [family],
  flag: ({ flags }) => flags,
  key: both('srckey', 'dstkey'),
  helper: ({ extra }) => [extra.helper],
  src: ({ original }) => [original.src],
  dst: ({ original }) => [original.dst],
  'reply.src': ({ reply }) => [reply?.src],
  'reply.dst': ({ reply }) => [reply?.dst],
  addr: both('src', 'dst'),
  sport: ({ original }) => [original.sport],
  dport: ({ original }) => [original.dport],
  'reply.sport': ({ reply }) => [reply?.sport],
  'reply.dport': ({ reply }) => [reply?.dport],
  port: both('sport', 'dport'),
  'icmp.type': ({ original }) => [original.type],
  'icmp.code': ({ original }) => [original.code],
  'icmp.id': ({ original }) => [original.id],
  timeout: ({ timeout }) => [timeout],
  idle: ({ idle }) => [idle],
  age: ({ age, activeSeconds }) => [age ?? activeSeconds],
  bytes: counted('bytes'),
  packets: counted('packets'),
  'orig.bytes': ({ original }) => [original.bytes],
  'orig.packets': ({ original }) => [original.packets],
  'reply.bytes': ({ reply }) => [reply?.bytes],
  'reply.packets': ({ reply }) => [reply?.packets],
  rate: ({ rate }) => [rate],
  mark: ({ mark = 0 }) => [mark],
  zone: ({ zone = 0 }) => [zone],
  id: ({ id }) => [id],
  use: ({ use }) => [use],
};

/** What a connection has in a field: several values where the field stands for several, none where it has none. */
export const valuesOf = (
  field: FilterField,
  connection: Connection & Partial<ConnectionRow>,
): (string | number)[] => reads[field](connection).filter((value) => value !== undefined);

/** Address or port translation, inferred from the two tuples; undefined where there is none or no reply tuple. */
export function natOf({
  original,
  reply,
}: Connection): { source: boolean; destination: boolean } | undefined {
  if (!reply) return undefined;
  const source = original.src !== reply.dst || (original.sport !== reply.dport && reply.dport !== undefined);
  const destination =
    original.dst !== reply.src || (original.dport !== reply.sport && reply.sport !== undefined);
  return source || destination ? { source, destination } : undefined;
}

/** A connection as one line of text: what free text is searched in. */
export function connectionText(connection: Connection): string {
  const { protocol, state = '', original, reply, flags } = connection;
  const answers = reply ? tupleText(reply) : '';
  return `${protocol} ${state} ${tupleText(original)} ${answers} ${flags.join(' ')}`.toLowerCase();
}
