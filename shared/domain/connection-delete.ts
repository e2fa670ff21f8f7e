import { err, ok, type Result } from '../lib/result.ts';
import type { Connection, Tuple } from './connection.ts';

const gre = 47;
const withPorts = ['tcp', 'udp', 'udplite', 'sctp', 'dccp'];

/**
 * The arguments by which `conntrack` deletes one entry and nothing else: its family, protocol, original tuple and zone;
 * or why there are none. The zone is always named: without `-w` conntrack deletes the same tuple in every zone, and of GRE
 * it deletes every tunnel between the two, whatever keys it is given (both seen with conntrack 1.4.7).
 */
export function deleteWords(connection: Connection): Result<string[], string> {
  const { family, protocol, protocolNumber, original, zone = 0, extra } = connection;
  if (family === 'unknown') return err('conntrack cannot name an entry of an unknown family');
  if (protocolNumber === gre) return err('conntrack deletes every GRE tunnel between the two, not one');
  if (Object.hasOwn(extra, 'zone-orig') || Object.hasOwn(extra, 'zone-reply'))
    return err('its zone holds for one direction only, which conntrack cannot name');
  const ends = endsOf(protocol, original);
  if (!ends) return err(`what was read of this ${protocol} entry does not name it alone`);
  const name = protocol === 'unknown' ? String(protocolNumber) : protocol;
  const tuple = ['-f', family, '-s', original.src, '-d', original.dst, '-p', name, ...ends];
  return ok(['-D', ...tuple, '-w', String(zone)]);
}

/** What tells the entry from others of its protocol between the two; undefined where that was not read. */
function endsOf(protocol: string, { sport, dport, type, code, id }: Tuple): string[] | undefined {
  if (protocol === 'icmp' || protocol === 'icmpv6') {
    if (type === undefined || code === undefined || id === undefined) return undefined;
    const option = `--${protocol}`;
    return [`${option}-type`, `${type}`, `${option}-code`, `${code}`, `${option}-id`, `${id}`];
  }
  if (!withPorts.includes(protocol)) return sport === undefined ? [] : undefined;
  return sport === undefined || dport === undefined
    ? undefined
    : ['--sport', `${sport}`, '--dport', `${dport}`];
}
