import { readingValue } from '../lib/reading.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import { type AgentSamples, channelTotals } from './sync-samples.ts';
import { seen, type Trap, unjudged } from './trap.ts';

/** Where a node speaks and listens: a multicast group and port on an interface of a network. */
export interface SyncPlace {
  readonly cluster: string;
  readonly node: string;
  readonly group: string;
  readonly port: number;
  readonly own: string;
  /** As in `10.77.100.0/24`. */
  readonly network: string;
}

const noted =
  "What the other cluster sends is taken for this one's: its connections fill the external cache, and a failover would put them into the kernel. In FTFW its sequence numbers make conntrackd drop this cluster's own messages as repeats.";
const before149 =
  "Before 1.4.9 conntrackd takes the group's packets from every interface, not only from the sync link.";

/** The multicast places of every node of a cluster that could be read. */
export const placesOf = ({ name, nodes }: Pick<ClusterSnapshot, 'name' | 'nodes'>): SyncPlace[] =>
  nodes.flatMap((node) =>
    (readingValue(node.readings.syncSetup)?.channels ?? []).flatMap((channel) => {
      const { transport, address, interfaceAddress, port } = channel;
      const interfaces = readingValue(node.readings.addresses) ?? [];
      const on = interfaces.find((each) => each.address === interfaceAddress);
      if (transport !== 'multicast' || !address || !interfaceAddress || port === undefined || !on) return [];
      const network = networkOf(interfaceAddress, on.prefixLength);
      return network === undefined
        ? []
        : [{ cluster: name, node: node.name, group: address, port, own: interfaceAddress, network }];
    }),
  );

/** Whether two nodes of different clusters would hear each other if their networks are one wire. */
export const couldMeet = (one: SyncPlace, other: SyncPlace): boolean =>
  one.cluster !== other.cluster &&
  one.group === other.group &&
  one.port === other.port &&
  one.network === other.network &&
  // two nodes with one address are on different wires, as where each pair has a cable of its own
  one.own !== other.own;

function networkOf(address: string, prefix: number): string | undefined {
  const bytes = address.split('.').map(Number);
  if (bytes.length !== 4 || bytes.some((byte) => !(byte >= 0 && byte <= 255))) return undefined;
  const masked = bytes.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i))) & 0xff);
  return `${masked.join('.')}/${prefix}`;
}

/** Of how many samples a drift is told, and by how many packets it must stand out of all noise. */
const enough = { samples: 12, packets: 5 };

/**
 * By how many packets what `to` received has outgrown all that its peers sent, over its samples; undefined while that
 * cannot be told. Differences of cumulative counters are compared, each at an instant of `to`: their noise does not add
 * up, so the lowest of the last third over the highest of the first third is a bound.
 */
export function foreignPackets(
  to: AgentSamples,
  peers: readonly AgentSamples[],
): { packets: number; seconds: number } | undefined {
  const drift = to.flatMap(({ at, state }) => {
    const sent = peers.map((peer) => sentAt(peer, at));
    if (sent.includes(undefined)) return [];
    const total = sent.reduce<number>((sum, each) => sum + (each ?? 0), 0);
    return [{ at, more: channelTotals(state).packetsReceived - total }];
  });
  const third = Math.floor(drift.length / 3);
  const [first, last] = [drift[0], drift.at(-1)];
  if (drift.length < enough.samples || !first || !last) return undefined;
  const [early, late] = [drift.slice(0, third), drift.slice(-third)].map((part) =>
    part.map(({ more }) => more),
  );
  const packets = Math.min(...(late ?? [])) - Math.max(...(early ?? []));
  return { packets, seconds: Math.round((last.at - first.at) / 1_000) };
}

function sentAt(samples: AgentSamples, at: number): number | undefined {
  const after = samples.findIndex((sample) => sample.at >= at);
  const [a, b] = [samples[after - 1], samples[after]];
  if (!a || !b) return undefined;
  const [sent, next] = [a, b].map(({ state }) => channelTotals(state).packetsSent);
  return (sent ?? 0) + (((next ?? 0) - (sent ?? 0)) * (at - a.at)) / (b.at - a.at);
}

/** `elsewhere`: places of other clusters that could meet this one's. */
export function sharedGroup(
  { name: cluster, nodes }: Pick<ClusterSnapshot, 'name' | 'nodes'>,
  samplesOf: (node: string) => AgentSamples,
  elsewhere: readonly SyncPlace[],
): Trap[] {
  const code = 'shared-group';
  const places = placesOf({ name: cluster, nodes });
  return nodes.flatMap((node): Trap[] => {
    const { agent, syncSetup } = node.readings;
    const [state, setup] = [readingValue(agent), readingValue(syncSetup)];
    const about = `Whether ${node.name} hears another cluster is not known`;
    if (!agent || !state) return [unjudged(code, node.name, about, agent, noted)];
    const uses = state.channels.some(({ transport }) => transport === 'multicast' || transport === 'unknown');
    if (!uses) return [];
    const own = places.find((place) => place.node === node.name);
    const others = elsewhere.filter((place) => own && couldMeet(own, place));
    const peers = nodes.filter((each) => each !== node).map((each) => samplesOf(each.name));
    const foreign = peers.length === 0 ? undefined : foreignPackets(samplesOf(node.name), peers);
    const isHeard = foreign !== undefined && foreign.packets > enough.packets;
    const neighbour = others[0];
    if (!isHeard && (neighbour === undefined || foreign !== undefined)) {
      const still = `${about}: it takes ${enough.samples} readings of all nodes in a row`;
      return foreign === undefined && node.reachable
        ? [{ ...unjudged(code, node.name, still, agent, noted), pending: true }]
        : [];
    }
    const where = own ? `${own.group} port ${own.port}` : 'its multicast group';
    const named = neighbour && `${neighbour.node} of ${neighbour.cluster}`;
    const [group] = [channelOf(setup)];
    return [
      {
        code,
        node: node.name,
        state: isHeard && named ? 'present' : 'possible',
        sentence: isHeard
          ? `${node.name} hears packets on ${where} that no node of this cluster sent${named ? `; ${named} speaks there too` : ''}.`
          : `${named} speaks in the same group, port and network as ${node.name}: ${where}.`,
        why: `${noted} ${before149} ${surety(isHeard, named)}`,
        evidence: [
          ...(foreign
            ? [
                seen(
                  node.name,
                  `at least ${Math.round(foreign.packets).toLocaleString('en')} packets received in ${foreign.seconds} s beyond all that the others sent`,
                  agent,
                ),
              ]
            : []),
          ...((state.before ?? 0) > 0 || state.malformed > 0
            ? [
                seen(
                  node.name,
                  `${state.before ?? 0} packets before their turn, ${state.malformed} malformed`,
                  agent,
                ),
              ]
            : []),
          ...(syncSetup?.ok && own ? [seen(node.name, `${where} on ${own.network}`, syncSetup)] : []),
        ],
        remedy: 'Give each cluster a group or a port of its own, or a sync network of its own.',
        sideEffects:
          'All nodes of the cluster that moves need a restart of conntrackd at about the same time; until they agree, nothing is replicated. Then a full sync, since the cache may hold what is not its own.',
        ...(group && {
          snippet: {
            where: `Multicast { … } of ${setup?.file ?? 'conntrackd.conf'}, on every node of one cluster`,
            text: group,
          },
        }),
      },
    ];
  });
}

function surety(isHeard: boolean, named: string | undefined): string {
  if (isHeard && named) return 'The counters and the configurations agree on it.';
  return isHeard
    ? 'The counters are sure, the cause is not: a cluster that is not in the inventory, or a bridge or bond that doubles packets.'
    : 'Whether the two networks are one wire cannot be seen from here; the counters could not be compared yet.';
}

const channelOf = (
  setup:
    | { channels: readonly { transport: string; address?: string | undefined; port?: number | undefined }[] }
    | undefined,
): string | undefined => {
  const channel = setup?.channels.find(({ transport }) => transport === 'multicast');
  return channel?.port === undefined ? undefined : `Group ${channel.port + 10}`;
};
