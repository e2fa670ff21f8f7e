import type { Connection } from '../../../shared/domain/connection.ts';
import { natOf } from '../../../shared/domain/connection-fields.ts';
import type { ConnectionColumn, ConnectionRow, SortKey } from '../../../shared/domain/connection-query.ts';
import { parseFilter } from '../../../shared/domain/filter-grammar.ts';
import type { FilterTree } from '../../../shared/domain/filter-tree.ts';
import { formatBytes, formatCount } from '../../../shared/domain/format.ts';

/** A connection, with what its table knows beside it. */
export type Row = Connection & Partial<ConnectionRow>;

/** A column of the table: what it shows, how it sorts, and the filter that selects a row's value in it. */
export interface Column {
  readonly id: string;
  readonly title: string;
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

export const columns: readonly Column[] = [
  {
    id: 'protocol',
    title: 'Protocol',
    sort: 'protocol',
    text: (c) => (c.protocol === 'unknown' ? `protocol ${c.protocolNumber}` : c.protocol),
    filter: (c) => equals('proto', c.protocol === 'unknown' ? c.protocolNumber : c.protocol),
  },
  {
    id: 'state',
    title: 'State',
    sort: 'state',
    text: (c) => c.state ?? '',
    filter: (c) => equals('state', c.state),
  },
  {
    id: 'src',
    title: 'Source',
    sort: 'src',
    text: (c) => c.original.src,
    filter: (c) => equals('src', c.original.src),
  },
  {
    id: 'sport',
    title: 'Port',
    align: 'end',
    sort: 'sport',
    text: (c) => optional(c.original.sport, String),
    filter: (c) => equals('sport', c.original.sport),
  },
  {
    id: 'dst',
    title: 'Destination',
    sort: 'dst',
    text: (c) => c.original.dst,
    filter: (c) => equals('dst', c.original.dst),
  },
  {
    id: 'dport',
    title: 'Port',
    align: 'end',
    sort: 'dport',
    text: (c) => optional(c.original.dport, String),
    filter: (c) => equals('dport', c.original.dport),
  },
  {
    id: 'nat',
    title: 'NAT',
    text: natWord,
    filter: (c) => natWord(c).toLowerCase().replace(' ', ' and ') || undefined,
  },
  {
    id: 'timeout',
    title: 'Timeout, s',
    align: 'end',
    sort: 'timeout',
    text: (c) => optional(c.timeout, formatCount),
    filter: (c) => equals('timeout', c.timeout),
  },
  {
    id: 'packets',
    title: 'Packets',
    align: 'end',
    sort: 'packets',
    text: (c) => optional(summed(c, 'packets'), formatCount),
    filter: (c) => equals('packets', summed(c, 'packets')),
  },
  {
    id: 'bytes',
    title: 'Bytes',
    align: 'end',
    sort: 'bytes',
    text: (c) => optional(summed(c, 'bytes'), formatBytes),
    filter: (c) => equals('bytes', summed(c, 'bytes')),
  },
  {
    id: 'flags',
    title: 'Flags',
    text: (c) => c.flags.join(' '),
    filter: (c) => (c.flags.length === 0 ? undefined : c.flags.map(flagTerm).join(' and ')),
  },
  {
    id: 'mark',
    title: 'Mark',
    align: 'end',
    sort: 'mark',
    text: (c) => optional(c.mark, String),
    filter: (c) => equals('mark', c.mark),
  },
  {
    id: 'zone',
    title: 'Zone',
    align: 'end',
    sort: 'zone',
    text: (c) => optional(c.zone, String),
    filter: (c) => equals('zone', c.zone ?? 0),
  },
  {
    id: 'change',
    title: 'Change',
    sort: 'change',
    text: ({ change = '' }) => change,
    filter: ({ change }) => change,
  },
];

const flagTerm = (flag: string): string => {
  if (flag === 'ASSURED' || flag === 'UNREPLIED') return flag.toLowerCase();
  return flag.endsWith('OFFLOAD') ? 'offloaded' : `"${flag}"`;
};

/** A click on a head: ascending, then descending, then as the node keeps them. `add`: after the keys already chosen. */
export function nextSort(sort: readonly SortKey[], column: ConnectionColumn, add: boolean): SortKey[] {
  const current = sort.find((key) => key.column === column);
  const others = add ? sort.filter((key) => key.column !== column) : [];
  if (current === undefined) return [...others, { column, direction: 'asc' }];
  return current.direction === 'asc' ? [...others, { column, direction: 'desc' }] : others;
}

/** Joins a term to a filter so that the whole still means both. */
export function joinFilter(filter: string, term: string, negate: boolean): string {
  const part = negate ? `not ${joins(term, ['and', 'or']) ? `(${term})` : term}` : term;
  const before = closed(filter.trim());
  if (before === '') return part;
  const second = joins(part, ['or']) ? `(${part})` : part;
  return `${joins(before, ['or']) ? `(${before})` : before} and ${second}`;
}

/** Whether the whole of it is several terms, joined by one of these. */
function joins(filter: string, kinds: readonly FilterTree['kind'][]): boolean {
  const tree = parseFilter(filter);
  return tree.ok && kinds.includes(tree.value.kind);
}

/** A quote left open would swallow what is added. */
const closed = (filter: string): string => ((filter.split('"').length - 1) % 2 === 0 ? filter : `${filter}"`);
