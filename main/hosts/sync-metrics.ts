import type { NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { CacheCounters, SyncAgentState, SyncChannel } from '../../shared/domain/replication.ts';
import { current, type Metric } from './metric.ts';
import type { MetricFamily, Sample } from './open-metrics.ts';

/** The sync agent's own counters, since its daemon's start: Prometheus notices by itself when they begin anew. */
export const syncMetrics: readonly Metric<NodeSnapshot>[] = [
  channel('handover_sync_sent_bytes', 'Bytes that the sync agent sent.', (each) => each.bytesSent, 'bytes'),
  channel(
    'handover_sync_received_bytes',
    'Bytes that the sync agent received.',
    (each) => each.bytesReceived,
    'bytes',
  ),
  channel('handover_sync_sent_packets', 'Packets that the sync agent sent.', (each) => each.packetsSent),
  channel(
    'handover_sync_received_packets',
    'Packets that the sync agent received.',
    (each) => each.packetsReceived,
  ),
  channel('handover_sync_send_errors', 'Packets that could not be sent.', (each) => each.errorsSent),
  channel(
    'handover_sync_receive_errors',
    'Packets that could not be received.',
    (each) => each.errorsReceived,
  ),
  agent(
    'handover_sync_lost_messages',
    'counter',
    'Messages that the sync agent says were lost.',
    ({ lost }) => lost,
  ),
  agent(
    'handover_sync_malformed_messages',
    'counter',
    'Messages that the sync agent could not read.',
    ({ malformed }) => malformed,
  ),
  cache(
    'handover_cache_entries',
    'gauge',
    'Entries alive in a cache of the sync agent.',
    ({ active }) => active,
  ),
  cache('handover_cache_created', 'counter', 'Entries that came into the cache.', ({ created }) => created),
  cache('handover_cache_updated', 'counter', 'Updates of entries.', ({ updated }) => updated),
  cache('handover_cache_destroyed', 'counter', 'Entries that left the cache.', ({ destroyed }) => destroyed),
  cache(
    'handover_cache_failures',
    'counter',
    'Entries that did not fit into the cache.',
    ({ failed }) => failed,
  ),
];

type Type = MetricFamily['type'];

function agent(
  name: string,
  type: Type,
  help: string,
  read: (state: SyncAgentState) => number | readonly Sample[] | undefined,
): Metric<NodeSnapshot> {
  return {
    name,
    type,
    help,
    read: (node, now) => {
      const state = current(node, node.readings.agent, now);
      return state && read(state);
    },
  };
}

/** Channels over one device count as one: a series must not be there twice. */
function channel(
  name: string,
  help: string,
  read: (channel: SyncChannel) => number,
  unit?: 'bytes',
): Metric<NodeSnapshot> {
  const sums = ({ channels }: SyncAgentState) => {
    const devices = Map.groupBy(channels, ({ device }) => device);
    return [...devices].map(([device, each]) => ({
      labels: { device },
      value: each.reduce((sum, one) => sum + read(one), 0),
    }));
  };
  return { ...agent(name, 'counter', help, sums), ...(unit && { unit }) };
}

function cache(
  name: string,
  type: Type,
  help: string,
  read: (counters: CacheCounters) => number | undefined,
): Metric<NodeSnapshot> {
  return agent(name, type, help, (state) =>
    (['internal', 'external'] as const).flatMap((which) => {
      const counters = state[which].counters;
      const value = counters && read(counters);
      return value === undefined ? [] : [{ labels: { cache: which }, value }];
    }),
  );
}
