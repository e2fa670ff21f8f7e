import type { Connection } from '../../../shared/domain/connection.ts';
import type { DropPlan, ExportPiece, ExportQuery } from '../../../shared/domain/connection-actions.ts';
import type { Groups } from '../../../shared/domain/connection-groups.ts';
import type {
  ConnectionPage,
  ConnectionQuery,
  ConnectionRow,
  Replica,
} from '../../../shared/domain/connection-query.ts';
import { unreachable } from './made-up.ts';
import type { Scene } from './scenes.ts';

const rowsInTable = 1_000_000;

/** The same as a row of its table; one in eight is new, and fw2 holds all but a few. */
export const rowOf = (index: number): ConnectionRow => ({
  ...connectionAt(index),
  row: index,
  ...(index % 8 === 5 ? {} : { replicas: [replicaAt(index)] }),
  ...(index % 8 === 5 ? { change: 'new' as const } : index % 13 === 4 ? { change: 'changed' as const } : {}),
});

const replicaAt = (index: number): Replica => {
  if (index % 9 === 2)
    return {
      node: 'fw2',
      class: 'missing',
      reason: 'filtered',
      evidence: '/etc/conntrackd/conntrackd.conf:47 Address Ignore 10.2.0.1',
    };
  return index % 15 === 7
    ? { node: 'fw2', class: 'stale', evidence: 'state is TIME_WAIT, there ESTABLISHED' }
    : { node: 'fw2', class: 'replicated' };
};

/** The connection at a place of a made-up table of a million; the same place always holds the same one. */
export function connectionAt(index: number): Connection {
  const client = `10.1.${(index >> 8) & 255}.${index & 255}`;
  const sport = 32_768 + ((index * 7919) % 28_000);
  if (index % 11 === 3) {
    return {
      family: 'ipv4',
      protocol: 'udp',
      protocolNumber: 17,
      timeout: 29,
      original: { src: client, dst: '8.8.4.4', sport, dport: 53, packets: 1, bytes: 71 },
      reply: { src: '8.8.4.4', dst: '192.0.2.9', sport: 53, dport: sport, packets: 1, bytes: 143 },
      flags: [],
      mark: 0,
      use: 1,
      id: 1_000_000 + index,
      extra: {},
    };
  }
  if (index % 29 === 5) {
    return {
      family: 'ipv6',
      protocol: 'icmpv6',
      protocolNumber: 58,
      timeout: 27,
      original: { src: '2001:db8:1f::1', dst: '2001:db8:2::2', type: 128, code: 0, id: 77 },
      reply: { src: '2001:db8:2::2', dst: '2001:db8:1f::1', type: 129, code: 0, id: 77 },
      flags: ['UNREPLIED'],
      mark: 0,
      extra: { 'delta-time': 3 },
    };
  }
  return {
    family: 'ipv4',
    protocol: 'tcp',
    protocolNumber: 6,
    timeout: 431_000 + (index % 999),
    state: index % 17 === 0 ? 'TIME_WAIT' : 'ESTABLISHED',
    original: {
      src: client,
      dst: '10.2.0.1',
      sport,
      dport: 443,
      packets: 1200 + index,
      bytes: 918_233 + index * 31,
    },
    reply: { src: '10.2.0.1', dst: '192.0.2.9', sport: 443, dport: sport, packets: 1400, bytes: 4_018_233 },
    flags: ['ASSURED'],
    mark: 5,
    zone: 10,
    use: 1,
    id: 1_000_000 + index,
    activeSeconds: 512,
    extra: {},
  };
}

/** Answers a page like the engine; `nothing` as a filter matches no row, and a trailing `==` is an error. */
export function connectionPage(scene: Scene, query: ConnectionQuery, at: number): ConnectionPage {
  const table = scene.table ?? 'unread';
  const followed = table === 'followed';
  const known = followed || table === 'good' || table === 'failed' || table === 'reading';
  const wrong = /==\s*$/.test(query.filter);
  const matched = !known || query.filter.includes('nothing') ? 0 : query.filter === '' ? rowsInTable : 1240;
  const count = Math.max(0, Math.min(query.limit, matched - query.offset));
  return {
    revision: 1,
    reading: table === 'reading',
    total: known ? rowsInTable : 0,
    matched,
    offset: query.offset,
    rows: Array.from({ length: count }, (_, row) => rowOf(query.offset + row)),
    unreadable: table === 'good' ? 2 : 0,
    ...(table === 'unread' ? {} : { observedAt: at - 4000 }),
    ...(followed && { readAt: at - 192_000 }),
    ...(table === 'reading'
      ? {
          progress: {
            startedAt: at - 2_000,
            entries: 412_000,
            bytes: 98_000_000,
            expected: rowsInTable,
            estimateMs: 5_200,
          },
        }
      : {}),
    ...(known
      ? {
          reader: {
            kind: 'netlink' as const,
            through: 'perl',
            compressed: false,
            line: '/usr/bin/sudo -n /usr/local/lib/handover/conntrack-dump',
          },
          refresh: {
            mode: followed ? ('following' as const) : ('paced' as const),
            everyMs: 83_000,
            share: 0.03,
            since: at - 87_000,
            ...(followed && { events: 48_117, overruns: 2 }),
            added: 12_408,
            changed: 2_031,
            gone: 11_980,
          },
          comparedAt: at - 41_000,
        }
      : {}),
    ...(wrong
      ? { filterError: { position: query.filter.length, message: 'a value is missing after ==' } }
      : {}),
    ...(table === 'failed' ? { failure: unreachable, observedAt: at - 94_000 } : {}),
  };
}

export const madeUpGroups: Groups = {
  revision: 1,
  groups: [
    ['10.1.17.23', 181_202],
    ['10.1.4.118', 94_030],
    ['2001:db8:1f:ffff:ffff:ffff:ffff:ffff', 61_411],
    ['10.1.201.7', 18_400],
    ['10.1.3.3', 9_120],
  ].map(([label, connections]) => ({
    label: String(label),
    filter: `src == ${label}`,
    connections: Number(connections),
    bytes: Number(connections) * 48_211,
    packets: Number(connections) * 61,
  })),
  count: 65_536,
  others: { connections: 635_837, bytes: 635_837 * 48_211, packets: 635_837 * 61 },
  total: { connections: rowsInTable, bytes: rowsInTable * 48_211, packets: rowsInTable * 61 },
};

/** Pieces of an export, three of them. */
export function exportPiece({ offset }: ExportQuery): ExportPiece {
  const size = 500;
  const next = offset + size;
  return {
    revision: 1,
    matched: 3 * size,
    text: `from row ${offset}\n`,
    ...(next < 3 * size && { next }),
  };
}

const isNamed = ({ protocol }: Connection): boolean => protocol !== 'gre';

export const dropPlan = (cluster: string, node: string, connections: readonly Connection[]): DropPlan => ({
  planId: 'p1',
  cluster,
  node,
  entries: connections.filter(isNamed).map((connection) => ({
    connection,
    command: `/usr/bin/sudo -n /usr/sbin/conntrack -D -f ipv4 -s ${connection.original.src} -d ${connection.original.dst} -p tcp --sport ${connection.original.sport} --dport 443 -w 10`,
  })),
  left: connections
    .filter((connection) => !isNamed(connection))
    .map((connection) => ({
      connection,
      reason: 'conntrack deletes every GRE tunnel between the two, not one',
    })),
  ...(connections.length > 10 && { confirm: cluster }),
  warnings: ['Whoever uses these connections will notice.'],
});
