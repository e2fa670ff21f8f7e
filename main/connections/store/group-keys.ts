import type { Connection } from '../../../shared/domain/connection.ts';
import { natOf } from '../../../shared/domain/connection-fields.ts';
import type { GroupBy } from '../../../shared/domain/connection-groups.ts';
import { type Columns, hasDnat, hasPorts, hasSnat } from './columns.ts';
import { connectionOf } from './connection-of.ts';

/** Two words a row: rows of the same two are of one group. */
export interface GroupKeys {
  readonly low: Uint32Array | Uint16Array | Uint8Array;
  readonly high: Uint32Array | Uint8Array;
}

/** A port that is none: rows of a protocol without ports are a group of their own. */
const noPort = 0x1_0000;

export function groupKeys(columns: Columns, by: GroupBy): GroupKeys {
  const { length } = columns;
  switch (by) {
    case 'src':
      return { low: columns.src, high: columns.family };
    case 'dst':
      return { low: columns.dst, high: columns.family };
    case 'protocol':
      return { low: columns.protocol, high: new Uint8Array(length) };
    case 'state':
      return { low: columns.state, high: new Uint8Array(length) };
    case 'zone':
      return { low: columns.zone, high: new Uint8Array(length) };
    case 'service': {
      const low = new Uint32Array(length);
      for (let row = 0; row < length; row += 1)
        low[row] = (columns.has[row] ?? 0) & hasPorts ? (columns.dport[row] ?? 0) : noPort;
      return { low, high: columns.protocol };
    }
    case 'nat':
      return natKeys(columns);
  }
}

/** What the source became, or where it stayed what the destination became; 0 where there is no translation. */
function natKeys({ length, family, has, replySrc, replyDst }: Columns): GroupKeys {
  const low = new Uint32Array(length);
  const high = new Uint32Array(length);
  for (let row = 0; row < length; row += 1) {
    const bits = has[row] ?? 0;
    if ((bits & (hasSnat | hasDnat)) === 0) continue;
    const isSource = (bits & hasSnat) !== 0;
    low[row] = (isSource ? replyDst[row] : replySrc[row]) ?? 0;
    high[row] = ((family[row] ?? 0) << 2) | (isSource ? 1 : 2);
  }
  return { low, high };
}

export const labelOfGroup = (columns: Columns, row: number, by: GroupBy): string =>
  described(connectionOf(columns, row), by)[0];

/** The filter that the rows of the group pass, and no others. */
export const filterOfGroup = (columns: Columns, row: number, by: GroupBy): string =>
  described(connectionOf(columns, row), by)[1];

function described(connection: Connection, by: GroupBy): [label: string, filter: string] {
  const { original, reply, protocol, protocolNumber, state, zone = 0 } = connection;
  const named = protocol === 'unknown' ? String(protocolNumber) : protocol;
  switch (by) {
    case 'src':
      return [original.src, `src == ${original.src}`];
    case 'dst':
      return [original.dst, `dst == ${original.dst}`];
    case 'protocol':
      return [named, `proto == ${named}`];
    case 'state':
      return state === undefined ? ['no state', 'not state contains ""'] : [state, `state == ${state}`];
    case 'zone':
      return [`zone ${zone}`, `zone == ${zone}`];
    case 'service':
      return original.dport === undefined
        ? [named, `proto == ${named}`]
        : [`${named}/${original.dport}`, `proto == ${named} and dport == ${original.dport}`];
    case 'nat': {
      const nat = natOf(connection);
      if (!reply || !nat) return ['not translated', 'not nat'];
      return nat.source
        ? [`from ${reply.dst}`, `snat and reply.dst == ${reply.dst}`]
        : [`to ${reply.src}`, `dnat and not snat and reply.src == ${reply.src}`];
    }
  }
}
