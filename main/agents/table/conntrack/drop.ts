import type { Connection, Tuple } from '../../../../shared/domain/connection.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import type { Command, CommandOutput } from '../../command.ts';
import { command } from '../../command.ts';

const conntrack = '/usr/sbin/conntrack';
const gre = 47;
const withPorts = ['tcp', 'udp', 'udplite', 'sctp', 'dccp'];

/**
 * Deletes one entry and nothing else, by its family, protocol, original tuple and zone; or why there is no such command.
 * The zone is always named: without `-w` conntrack deletes the same tuple in every zone, and of GRE it deletes every
 * tunnel between the two, whatever keys it is given (both seen with conntrack 1.4.7).
 */
export function dropCommand(connection: Connection): Result<Command, string> {
  const { family, protocol, protocolNumber, original, zone = 0, extra } = connection;
  if (family === 'unknown') return err('conntrack cannot name an entry of an unknown family');
  if (protocolNumber === gre) return err('conntrack deletes every GRE tunnel between the two, not one');
  if (Object.hasOwn(extra, 'zone-orig') || Object.hasOwn(extra, 'zone-reply'))
    return err('its zone holds for one direction only, which conntrack cannot name');
  const ends = endsOf(protocol, original);
  if (!ends) return err(`what was read of this ${protocol} entry does not name it alone`);
  const name = protocol === 'unknown' ? String(protocolNumber) : protocol;
  const words = [
    '-f',
    family,
    '-s',
    original.src,
    '-d',
    original.dst,
    '-p',
    name,
    ...ends,
    '-w',
    String(zone),
  ];
  return ok(command([conntrack, '-D', ...words], { privileged: true, deadlineMs: 10_000 }));
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

/** What became of the entry; `conntrack -D` ends with 1 where there was none. */
export function readDropped({ exitCode, stderr }: CommandOutput): 'dropped' | 'already-gone' | 'failed' {
  const [, count] = /: (\d+) flow entries have been deleted/.exec(stderr) ?? [];
  if (count === '0') return 'already-gone';
  return exitCode === 0 && count !== undefined ? 'dropped' : 'failed';
}
