import type { Connection } from '../../../shared/domain/connection.ts';
import { natOf } from '../../../shared/domain/connection-fields.ts';
import type { ConnectionColumn } from '../../../shared/domain/connection-query.ts';
import { serviceOf } from '../../../shared/domain/connection-service.ts';
import { protocolText } from '../../../shared/domain/connection-words.ts';
import { formatBytes, formatCount, formatSpan } from '../../../shared/domain/format.ts';
import { replicasFilter, replicasText } from './replicas-model.ts';
import type { Row } from './row.ts';

/** A column of the table: what it shows, how it sorts, and the filter that selects a row's value in it. */
export interface Column {
  readonly id: string;
  readonly title: string;
  /** Where the title alone would not tell it from others, as in a list of all. */
  readonly name?: string;
  /** px, as long as nobody chose another. */
  readonly width: number;
  /** Takes what is left of the table's width. */
  readonly grows?: true;
  /** Not on the screen until somebody asks for it. */
  readonly extra?: true;
  readonly align?: 'end';
  readonly sort?: ConnectionColumn;
  readonly text: (connection: Row) => string;
  readonly filter: (connection: Row) => string | undefined;
}

const equals = (field: string, value: string | number | undefined): string | undefined =>
  value === undefined ? undefined : `${field} == ${value}`;

/** Both directions together; undefined where the node does not count. */
function summed(connection: Connection, counter: 'packets' | 'bytes'): number | undefined {
  const values = [connection.original[counter], connection.reply?.[counter]].filter(
    (value) => value !== undefined,
  );
  return values.length === 0 ? undefined : values.reduce<number>((sum, value) => sum + Number(value), 0);
}

const optional = <T>(value: T | undefined, format: (value: T) => string): string =>
  value === undefined ? '' : format(value);

export function natWord(connection: Connection): string {
  const nat = natOf(connection);
  if (nat === undefined) return '';
  return [nat.source ? 'SNAT' : '', nat.destination ? 'DNAT' : ''].filter(Boolean).join(' ');
}

const portOf = (side: 'original' | 'reply', end: 'sport' | 'dport') => (c: Row) => c[side]?.[end];

/** An address or a port of either direction, under the name of its filter field. */
function endColumn(
  id: 'src' | 'sport' | 'dst' | 'dport',
  side: 'original' | 'reply',
  title: string,
  name: string,
): Column {
  const field = side === 'original' ? id : (`reply.${id}` as const);
  const isPort = id === 'sport' || id === 'dport';
  const value = isPort ? portOf(side, id) : (c: Row) => c[side]?.[id];
  return {
    ...{ id: field, title, name, sort: field },
    ...(isPort ? { width: 64, align: 'end' as const } : { width: 132, grows: true as const }),
    ...(side === 'reply' && { extra: true as const }),
    text: (c) => optional(value(c), String),
    filter: (c) => equals(field, value(c)),
  };
}

/** What the source became, or where it stayed what the destination became. */
function natAddress(connection: Connection): string | undefined {
  const { reply } = connection;
  const nat = natOf(connection);
  if (!reply || !nat) return undefined;
  return nat.source ? reply.dst : reply.src;
}

export const columns: readonly Column[] = [
  {
    ...{ id: 'protocol', title: 'Protocol', sort: 'protocol', width: 68 },
    text: protocolText,
    filter: (c) => equals('proto', c.protocol === 'unknown' ? c.protocolNumber : c.protocol),
  },
  {
    ...{ id: 'state', title: 'State', sort: 'state', width: 116 },
    text: (c) => c.state ?? '',
    filter: (c) => equals('state', c.state),
  },
  endColumn('src', 'original', 'Source', 'Source'),
  endColumn('sport', 'original', 'Port', 'Source port'),
  endColumn('dst', 'original', 'Destination', 'Destination'),
  endColumn('dport', 'original', 'Port', 'Destination port'),
  {
    ...{ id: 'service', title: 'Service', width: 84 },
    text: (c) => serviceOf(c) ?? '',
    filter: serviceOf,
  },
  {
    ...{ id: 'nat', title: 'NAT', width: 64 },
    text: natWord,
    filter: (c) => natWord(c).toLowerCase().replace(' ', ' and ') || undefined,
  },
  {
    ...{ id: 'nat-address', title: 'NAT address', width: 124, extra: true },
    text: (c) => natAddress(c) ?? '',
    filter: (c) => {
      const address = natAddress(c);
      return address === undefined
        ? undefined
        : `${natOf(c)?.source ? 'snat and reply.dst' : 'dnat and reply.src'} == ${address}`;
    },
  },
  endColumn('src', 'reply', 'Reply source', 'Reply source'),
  endColumn('sport', 'reply', 'Port', 'Reply source port'),
  endColumn('dst', 'reply', 'Reply dest.', 'Reply destination'),
  endColumn('dport', 'reply', 'Port', 'Reply destination port'),
  {
    ...{ id: 'timeout', title: 'Timeout, s', sort: 'timeout', width: 84, align: 'end' },
    text: (c) => optional(c.timeout, formatCount),
    filter: (c) => equals('timeout', c.timeout),
  },
  {
    ...{ id: 'age', title: 'Age', sort: 'age', width: 92, align: 'end', extra: true },
    text: (c) => optional(c.age ?? c.activeSeconds, formatSpan),
    filter: (c) => equals('age', c.age ?? c.activeSeconds),
  },
  {
    ...{ id: 'idle', title: 'Idle', sort: 'idle', width: 84, align: 'end', extra: true },
    text: (c) => optional(c.idle, formatSpan),
    filter: (c) => equals('idle', c.idle),
  },
  {
    ...{ id: 'packets', title: 'Packets', sort: 'packets', width: 80, align: 'end', extra: true },
    text: (c) => optional(summed(c, 'packets'), formatCount),
    filter: (c) => equals('packets', summed(c, 'packets')),
  },
  {
    ...{ id: 'bytes', title: 'Bytes', sort: 'bytes', width: 84, align: 'end' },
    text: (c) => optional(summed(c, 'bytes'), formatBytes),
    filter: (c) => equals('bytes', summed(c, 'bytes')),
  },
  {
    ...{ id: 'rate', title: 'Bytes/s', sort: 'rate', width: 84, align: 'end', extra: true },
    text: (c) => optional(c.rate, (rate) => `${formatBytes(Math.round(rate))}/s`),
    filter: (c) => (c.rate === undefined ? undefined : `rate >= ${Math.floor(c.rate)}`),
  },
  {
    ...{ id: 'flags', title: 'Flags', width: 92 },
    text: (c) => c.flags.join(' '),
    filter: (c) => (c.flags.length === 0 ? undefined : c.flags.map(flagTerm).join(' and ')),
  },
  {
    ...{ id: 'mark', title: 'Mark', sort: 'mark', width: 52, align: 'end', extra: true },
    text: (c) => optional(c.mark, String),
    filter: (c) => equals('mark', c.mark),
  },
  {
    ...{ id: 'zone', title: 'Zone', sort: 'zone', width: 48, align: 'end' },
    text: (c) => optional(c.zone, String),
    filter: (c) => equals('zone', c.zone ?? 0),
  },
  {
    ...{ id: 'id', title: 'Id', sort: 'id', width: 100, align: 'end', extra: true },
    text: (c) => optional(c.id, String),
    filter: (c) => equals('id', c.id),
  },
  {
    ...{ id: 'use', title: 'Use', width: 48, align: 'end', extra: true },
    text: (c) => optional(c.use, String),
    filter: (c) => equals('use', c.use),
  },
  {
    ...{ id: 'slaves', title: 'On the slaves', width: 124 },
    text: replicasText,
    filter: replicasFilter,
  },
  {
    ...{ id: 'change', title: 'Change', sort: 'change', width: 76 },
    text: ({ change = '' }) => change,
    filter: ({ change }) => change,
  },
];

/** As a list of all columns calls it. */
export const columnName = ({ name, title }: Column): string => name ?? title;

const flagTerm = (flag: string): string => {
  if (flag === 'ASSURED' || flag === 'UNREPLIED') return flag.toLowerCase();
  return flag.endsWith('OFFLOAD') ? 'offloaded' : `"${flag}"`;
};
