import type { Connection, Tuple } from './connection.ts';
import { protocolNames } from './ip-protocols.ts';

/** One end of a direction: `10.1.0.1:443`, `[2001:db8::1]:443`, or the address alone. */
export function endText(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** One direction, as logs and tcpdump print it: `10.1.0.1:40001 > 10.2.0.1:443`. */
export const tupleText = ({ src, sport, dst, dport }: Tuple): string =>
  `${endText(src, sport)} > ${endText(dst, dport)}`;

/** The protocol by its name, IANA's where conntrack prints none, or as `protocol 99`. */
export const protocolText = ({
  protocol,
  protocolNumber,
}: Pick<Connection, 'protocol' | 'protocolNumber'>): string =>
  protocol === 'unknown' ? (protocolNames.get(protocolNumber) ?? `protocol ${protocolNumber}`) : protocol;
