import { readingValue } from '../../shared/lib/reading.ts';
import type { Fleet } from '../cluster/fleet.ts';
import type { ConnectionSource } from '../connections/reading/node-reader.ts';

/** What reads a node's table, and what its settings say of idle entries. */
export function connectionSource(fleet: Fleet, cluster: string, node: string): ConnectionSource | undefined {
  const watch = fleet.get(cluster);
  const probe = watch?.probe(node);
  if (!watch || !probe) return undefined;
  return {
    runner: probe.runner,
    table: watch.agents.table,
    timeouts: () => {
      const found = watch.snapshot().nodes.find(({ name }) => name === node);
      const settings = found && readingValue(found.readings.settings);
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
