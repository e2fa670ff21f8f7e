import { type Clock, elapsed } from '../../shared/lib/clock.ts';
import { readingValue } from '../../shared/lib/reading.ts';
import type { Fleet } from '../cluster/fleet.ts';
import type { ConnectionSource } from '../connections/reading/node-reader.ts';

/** A count that is older (ms) is asked for anew. */
const countMs = 5_000;

/** What reads a node's table, what its settings say of idle entries, and how many the polls saw. */
export function connectionSource(
  fleet: Fleet,
  cluster: string,
  node: string,
  clock: Clock,
): ConnectionSource | undefined {
  const watch = fleet.get(cluster);
  const probe = watch?.probe(node);
  if (!watch || !probe) return undefined;
  const readings = () => watch.snapshot().nodes.find(({ name }) => name === node)?.readings;
  return {
    runner: probe.runner,
    table: watch.agents.table,
    count: () => {
      const count = readings()?.connections;
      return count?.ok && elapsed(count.observedAt, clock()) <= countMs ? count.value : undefined;
    },
    timeouts: () => {
      const settings = readingValue(readings()?.settings);
      if (!settings) return undefined;
      const seconds = (name: string): number | undefined => {
        const value = settings[`net.netfilter.nf_conntrack_${name}`];
        return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
      };
      return {
        established: seconds('tcp_timeout_established'),
        udp: seconds('udp_timeout'),
        udpStream: seconds('udp_timeout_stream'),
      };
    },
  };
}
