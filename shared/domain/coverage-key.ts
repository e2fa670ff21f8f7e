import type { Connection } from './connection.ts';

/**
 * What makes two entries of two tables the same connection: both protocols, the original tuple, the zone. Only the
 * original tuple, because an external cache keeps no other.
 */
export function connectionKey({ family, protocolNumber, original, zone = 0 }: Connection): string {
  const { src, dst, sport, dport, type, code, id, srckey, dstkey } = original;
  const ports = `${sport ?? srckey ?? ''} ${dport ?? dstkey ?? ''}`;
  const ends = type === undefined ? ports : `${type} ${code} ${id}`;
  return `${family} ${protocolNumber} ${src} ${dst} ${ends} ${zone}`;
}

/** The same without what the agent does not carry: it tells two connections between the same two apart no more. */
export const blurredKey = ({ family, protocolNumber, original, zone = 0 }: Connection): string =>
  `${family} ${protocolNumber} ${original.src} ${original.dst} ${zone}`;

const gre = 47;
const udplite = 136;

/** Whether the agent drops what tells connections of this protocol apart (conntrack-tools, build.c). */
export const isBlurredProtocol = (protocolNumber: number): boolean =>
  protocolNumber === gre || protocolNumber === udplite;

export const isBlurred = ({ protocolNumber }: Connection): boolean => isBlurredProtocol(protocolNumber);

/** What of a connection the agent does not carry, so that its replica cannot be told from another's; undefined: nothing. */
export function notCarried(connection: Connection): string | undefined {
  if (connection.protocolNumber === gre) return 'the keys of GRE are not replicated';
  if (connection.protocolNumber === udplite) return 'the ports of UDPLITE are not replicated';
  const zone = ['zone-orig', 'zone-reply'].find((name) => Object.hasOwn(connection.extra, name));
  return zone && `${zone} is not replicated`;
}
