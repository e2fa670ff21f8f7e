import type { Connection, Tuple } from './connection.ts';

const pair = (name: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [`${name}=${value}`];

const tupleText = (tuple: Tuple): string =>
  (['src', 'dst', 'sport', 'dport', 'type', 'code', 'id', 'srckey', 'dstkey', 'packets', 'bytes'] as const)
    .flatMap((key) => pair(key, tuple[key]))
    .join(' ');

/** The connection as `conntrack -L` prints it: what is copied, exported as text, and printed by the command line. */
export function connectionLine(connection: Connection): string {
  const { protocol, protocolNumber, timeout, state, original, reply, flags, mark, zone, use, id } =
    connection;
  const unreplied = flags.includes('UNREPLIED') ? ['[UNREPLIED]'] : [];
  const others = flags.filter((flag) => flag !== 'UNREPLIED').map((flag) => `[${flag}]`);
  return [
    protocol,
    protocolNumber,
    ...(timeout === undefined ? [] : [timeout]),
    ...(state === undefined ? [] : [state]),
    tupleText(original),
    ...unreplied,
    ...(reply === undefined ? [] : [tupleText(reply)]),
    ...others,
    ...pair('mark', mark),
    ...pair('zone', zone),
    ...Object.entries(connection.extra).flatMap(([name, value]) => pair(name, value)),
    ...pair('use', use),
    ...pair('id', id),
  ].join(' ');
}
