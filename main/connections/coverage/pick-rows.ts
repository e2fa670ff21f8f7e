import type { Columns, Rest } from '../store/columns.ts';

type Values = Uint8Array | Uint16Array | Uint32Array | Float64Array;

function picked<T extends Values>(from: T, rows: ArrayLike<number>): T {
  if (from.length === 0) return from;
  const to = from.slice(0, rows.length) as T;
  for (let index = 0; index < rows.length; index += 1) to[index] = from[rows[index] ?? 0] ?? 0;
  return to;
}

/** A table of these rows of another, each at most once, in this order. It shares the other's IPv6 addresses. */
export function pickRows(columns: Columns, rows: ArrayLike<number>): Columns {
  const rest = new Map<number, Rest>();
  if (columns.rest.size > 0)
    for (let index = 0; index < rows.length; index += 1) {
      const other = columns.rest.get(rows[index] ?? 0);
      if (other) rest.set(index, other);
    }
  const { wide, observed } = columns;
  return {
    length: rows.length,
    observed,
    wide,
    rest,
    family: picked(columns.family, rows),
    protocol: picked(columns.protocol, rows),
    state: picked(columns.state, rows),
    has: picked(columns.has, rows),
    flags: picked(columns.flags, rows),
    src: picked(columns.src, rows),
    dst: picked(columns.dst, rows),
    replySrc: picked(columns.replySrc, rows),
    replyDst: picked(columns.replyDst, rows),
    sport: picked(columns.sport, rows),
    dport: picked(columns.dport, rows),
    replySport: picked(columns.replySport, rows),
    replyDport: picked(columns.replyDport, rows),
    timeout: picked(columns.timeout, rows),
    mark: picked(columns.mark, rows),
    zone: picked(columns.zone, rows),
    use: picked(columns.use, rows),
    id: picked(columns.id, rows),
    since: picked(columns.since, rows),
    change: picked(columns.change, rows),
    packets: picked(columns.packets, rows),
    bytes: picked(columns.bytes, rows),
    replyPackets: picked(columns.replyPackets, rows),
    replyBytes: picked(columns.replyBytes, rows),
  };
}
