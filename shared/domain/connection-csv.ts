import type { Connection } from './connection.ts';

const csvColumns = [
  'protocol',
  'state',
  'src',
  'sport',
  'dst',
  'dport',
  'reply_src',
  'reply_sport',
  'reply_dst',
];
const csvMore = [
  'reply_dport',
  'timeout',
  'packets',
  'bytes',
  'reply_packets',
  'reply_bytes',
  'mark',
  'zone',
  'flags',
];
/** The first line, without its end. */
export const csvHead = [...csvColumns, ...csvMore].join(',');

/** One connection, without the end of the line. RFC 4180: a cell with a comma, a quote or a line break stands in quotes. */
export function csvLine({
  protocol,
  state,
  original,
  reply,
  timeout,
  mark,
  zone,
  flags,
}: Connection): string {
  const cells = [
    ...[protocol, state, original.src, original.sport, original.dst, original.dport],
    ...[reply?.src, reply?.sport, reply?.dst, reply?.dport, timeout],
    ...[original.packets, original.bytes, reply?.packets, reply?.bytes, mark, zone, flags.join(' ')],
  ];
  return cells.map((cell) => quoted(String(cell ?? ''))).join(',');
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
