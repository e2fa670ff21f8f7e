import type { Connection, Tuple } from './connection.ts';

/** What a filter can ask of a connection, in conntrack's own words. A field may have several values: any may match. */
export type FieldValue = string | number;

export interface ConnectionField {
  readonly names: readonly string[];
  readonly kind: 'text' | 'number' | 'address';
  readonly help: string;
  readonly read: (connection: Connection) => readonly (FieldValue | undefined)[];
}

const both = (read: (tuple: Tuple) => FieldValue | undefined) => (connection: Connection) =>
  connection.reply ? [read(connection.original), read(connection.reply)] : [read(connection.original)];

const counted = (read: (tuple: Tuple) => number | string | undefined) => (connection: Connection) => {
  const values = [read(connection.original), connection.reply && read(connection.reply)].filter(
    (value) => value !== undefined,
  );
  return values.length === 0 ? [] : [values.reduce<number>((sum, value) => sum + Number(value), 0)];
};

export const connectionFields: readonly ConnectionField[] = [
  {
    names: ['proto', 'protocol'],
    kind: 'text',
    help: 'protocol by name or number',
    read: (c) => [c.protocol, String(c.protocolNumber)],
  },
  { names: ['state'], kind: 'text', help: 'ESTABLISHED, SYN_SENT…', read: (c) => [c.state] },
  { names: ['family'], kind: 'text', help: 'ipv4 or ipv6', read: (c) => [c.family] },
  { names: ['src'], kind: 'address', help: 'who opened it', read: (c) => [c.original.src] },
  { names: ['dst'], kind: 'address', help: 'to whom', read: (c) => [c.original.dst] },
  { names: ['sport'], kind: 'number', help: 'source port', read: (c) => [c.original.sport] },
  { names: ['dport'], kind: 'number', help: 'destination port', read: (c) => [c.original.dport] },
  { names: ['reply.src'], kind: 'address', help: 'reply source', read: (c) => [c.reply?.src] },
  { names: ['reply.dst'], kind: 'address', help: 'reply destination', read: (c) => [c.reply?.dst] },
  { names: ['reply.sport'], kind: 'number', help: 'reply source port', read: (c) => [c.reply?.sport] },
  { names: ['reply.dport'], kind: 'number', help: 'reply destination port', read: (c) => [c.reply?.dport] },
  {
    names: ['addr', 'ip'],
    kind: 'address',
    help: 'any of the addresses',
    read: (c) => [...both((tuple) => tuple.src)(c), ...both((tuple) => tuple.dst)(c)],
  },
  {
    names: ['port'],
    kind: 'number',
    help: 'any of the ports',
    read: (c) => [...both((tuple) => tuple.sport)(c), ...both((tuple) => tuple.dport)(c)],
  },
  { names: ['timeout'], kind: 'number', help: 'seconds left', read: (c) => [c.timeout] },
  { names: ['bytes'], kind: 'number', help: 'both directions', read: counted((tuple) => tuple.bytes) },
  { names: ['packets'], kind: 'number', help: 'both directions', read: counted((tuple) => tuple.packets) },
  { names: ['mark'], kind: 'number', help: 'connection mark', read: (c) => [numeric(c.mark)] },
  { names: ['zone'], kind: 'number', help: 'conntrack zone', read: (c) => [c.zone ?? 0] },
  { names: ['id'], kind: 'number', help: 'conntrack id', read: (c) => [numeric(c.id)] },
  { names: ['flag'], kind: 'text', help: 'ASSURED, UNREPLIED, OFFLOAD…', read: (c) => c.flags },
];

const numeric = (value: number | string | undefined): number | undefined =>
  value === undefined ? undefined : Number(value);

export const findField = (name: string): ConnectionField | undefined =>
  connectionFields.find((field) => field.names.includes(name.toLowerCase()));

/** Words that stand for a property by themselves. */
export const connectionPredicates: Readonly<Record<string, (connection: Connection) => boolean>> = {
  nat: (connection) => natOf(connection) !== undefined,
  snat: (connection) => natOf(connection)?.source ?? false,
  dnat: (connection) => natOf(connection)?.destination ?? false,
  assured: (connection) => connection.flags.includes('ASSURED'),
  unreplied: (connection) => connection.flags.includes('UNREPLIED'),
  offloaded: (connection) => connection.flags.some((flag) => flag.endsWith('OFFLOAD')),
};

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
  const end = (address: string, port: number | undefined) =>
    port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const tuple = (each: Tuple) => `${end(each.src, each.sport)} > ${end(each.dst, each.dport)}`;
  return `${protocol} ${state} ${tuple(original)} ${reply ? tuple(reply) : ''} ${flags.join(' ')}`.toLowerCase();
}
