import type { Connection, Tuple } from '../../../shared/domain/connection.ts';
import { v4Text, v6LongText, v6Text } from '../../agents/table/conntrack/address-bytes.ts';
import { packedEnds, printedProtocols } from '../../agents/table/conntrack/entry-sink.ts';
import {
  type Columns,
  flagBits,
  hasActive,
  hasCounters,
  hasDelta,
  hasLongAddresses,
  hasMark,
  hasReply,
  hasZone,
  none,
  states,
} from './columns.ts';

const flagLists: readonly (readonly string[])[] = Array.from({ length: 16 }, (_, bits) =>
  Object.entries(flagBits).flatMap(([name, bit]) => (bits & bit ? [name] : [])),
);

const families = { 0: 'unknown', 4: 'ipv4', 6: 'ipv6' } as const;

/** The address of a column as it was printed. */
export function addressOf(columns: Columns, row: number, address: number): string {
  if (columns.family[row] === 4) return v4Text(address);
  const print = (columns.has[row] ?? 0) & hasLongAddresses ? v6LongText : v6Text;
  return print(columns.wide.bytes, address * 16);
}

const originalOf = (columns: Columns, row: number, has: number): Tuple => ({
  src: addressOf(columns, row, columns.src[row] ?? 0),
  dst: addressOf(columns, row, columns.dst[row] ?? 0),
  ...packedEnds(has, columns.sport[row] ?? 0, columns.dport[row] ?? 0),
  ...(has & hasCounters && { packets: columns.packets[row] ?? 0, bytes: columns.bytes[row] ?? 0 }),
});

const replyOf = (columns: Columns, row: number, has: number): Tuple => ({
  src: addressOf(columns, row, columns.replySrc[row] ?? 0),
  dst: addressOf(columns, row, columns.replyDst[row] ?? 0),
  ...packedEnds(has, columns.replySport[row] ?? 0, columns.replyDport[row] ?? 0),
  ...(has & hasCounters && { packets: columns.replyPackets[row] ?? 0, bytes: columns.replyBytes[row] ?? 0 }),
});

/** The connection of a row, which must be one of the table's: exactly what was put in. */
export function connectionOf(columns: Columns, row: number): Connection {
  const rest = columns.rest.get(row);
  const exact = rest?.exact;
  const has = columns.has[row] ?? 0;
  const number = columns.protocol[row] ?? 0;
  const timeout = exact?.timeout ?? present(columns.timeout[row]);
  const id = exact?.id ?? present(columns.id[row]);
  const mark = exact?.mark ?? (has & hasMark ? columns.mark[row] : undefined);
  const zone = exact?.zone ?? (has & hasZone ? columns.zone[row] : undefined);
  const use = exact?.use ?? (columns.use[row] || undefined);
  const state = rest?.stateName ?? (states[columns.state[row] ?? 0] || undefined);
  const age =
    has & (hasActive | hasDelta) ? (Math.floor(columns.observed) - (columns.since[row] ?? 0)) >>> 0 : 0;
  const active = exact?.activeSeconds ?? (has & hasActive ? age : undefined);
  const family = columns.family[row];
  return {
    family: families[family === 4 || family === 6 ? family : 0],
    protocol: rest?.protocolName ?? printedProtocols.get(number) ?? 'unknown',
    protocolNumber: exact?.protocol ?? number,
    ...(timeout !== undefined && { timeout }),
    ...(state !== undefined && { state }),
    original: rest?.original ?? originalOf(columns, row, has),
    ...(has & hasReply && { reply: rest?.reply ?? replyOf(columns, row, has) }),
    flags: [...(rest?.flags ?? flagLists[columns.flags[row] ?? 0] ?? [])],
    ...(mark !== undefined && { mark }),
    ...(zone !== undefined && { zone }),
    ...(use !== undefined && { use }),
    ...(id !== undefined && { id }),
    ...(active !== undefined && { activeSeconds: active }),
    extra: { ...(has & hasDelta && { 'delta-time': age }), ...rest?.extra },
  };
}

const present = (value: number | undefined): number | undefined => (value === none ? undefined : value);
