import type { ClusterSnapshot, NodeSnapshot, SyncRates } from '../../../shared/domain/cluster-snapshot.ts';
import { formatBytes, formatRate } from '../../../shared/domain/format.ts';
import { type Face, phaseFace, roleFace } from '../../components/faces.ts';

/** The drawing of a cluster, in px: a client network on top, the nodes under it, what they tell each other between. */
export interface Topology {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly NodeBox[];
  readonly addresses: readonly AddressChip[];
  readonly links: readonly SyncLink[];
  /** The sentence that cannot be missed, where addresses have two holders or none. */
  readonly alarm: string | undefined;
}

export interface NodeBox {
  readonly node: NodeSnapshot;
  readonly x: number;
  readonly face: Face;
  /** Hatched: nothing is known of it now, whatever was known before. */
  readonly unknown: boolean;
  /** It is master of an instance; `contested`: and so is another node. */
  readonly carries: boolean;
  readonly contested: boolean;
}

/** A service address and the node it is on; `orphan`: on none, `contested`: on more than one. */
export interface AddressChip {
  readonly instance: string;
  readonly address: string;
  readonly x: number;
  readonly y: number;
  readonly state: 'held' | 'contested' | 'orphan' | 'unknown';
  readonly nodeX: number | undefined;
}

/** What flows from one node to another, or from a node onto the sync network where there are more than two. */
export interface SyncLink {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly state: Face;
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
}

export const boxWidth = 232;
export const boxHeight = 96;
export const busY = 28;
export const boxY = 116;
export const chipHeight = 24;
export const chipWidth = 168;
export const syncBusY = boxY + boxHeight + 44;

export function layoutTopology(cluster: ClusterSnapshot, width: number): Topology {
  const count = cluster.nodes.length;
  const centre = (index: number) => Math.round((width * (2 * index + 1)) / (2 * count));
  const centres =
    count === 2
      ? [boxWidth / 2 + edgeOf(width), width - boxWidth / 2 - edgeOf(width)]
      : cluster.nodes.map((_, i) => centre(i));
  const contested = contestedInstances(cluster);
  const nodes = cluster.nodes.map((node, index) => nodeBox(node, centres[index] ?? 0, contested));
  return {
    width,
    height: count > 2 ? syncBusY + 24 : boxY + boxHeight + 12,
    nodes,
    addresses: addressChips(cluster, nodes, width),
    links: count === 2 ? pairLinks(nodes) : busLinks(nodes),
    alarm: alarmOf(cluster),
  };
}

/** The margin beside two boxes: it grows with the drawing, so that a wide one is not all link. */
const edgeOf = (width: number): number => Math.max(16, Math.round((width - 760) / 4));

/** Instances that more than one node that can be read is master of. */
function contestedInstances(cluster: ClusterSnapshot): string[] {
  const held = cluster.nodes.filter((node) => node.reachable).flatMap(mastered);
  return held.filter((name, index) => held.indexOf(name) !== index);
}

const mastered = (node: NodeSnapshot): string[] =>
  node.instances.filter((instance) => instance.role === 'master').map((instance) => instance.name);

const nodeBox = (node: NodeSnapshot, x: number, contested: readonly string[]): NodeBox => {
  const unknown = !node.reachable || node.role === 'unknown';
  const held = unknown ? [] : mastered(node);
  return {
    node,
    x,
    unknown,
    face: unknown ? roleFace.unknown : roleFace[node.role],
    carries: held.length > 0,
    contested: held.some((name) => contested.includes(name)),
  };
};

function alarmOf(cluster: ClusterSnapshot): string | undefined {
  const codes = cluster.reasons.map((reason) => reason.code);
  if (codes.includes('split-brain')) return 'SPLIT BRAIN';
  return codes.includes('no-master') ? 'NO MASTER' : undefined;
}

interface Instance {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly holders: readonly NodeBox[];
}

function instancesOf(nodes: readonly NodeBox[]): Instance[] {
  const byName = new Map<string, { name: string; addresses: readonly string[]; holders: NodeBox[] }>();
  for (const box of nodes) {
    for (const { name, addresses, role } of box.node.instances) {
      const instance = byName.get(name) ?? { name, addresses, holders: [] };
      if (role === 'master' && !box.unknown) instance.holders.push(box);
      byName.set(name, instance);
    }
  }
  return [...byName.values()];
}

function addressChips(cluster: ClusterSnapshot, nodes: readonly NodeBox[], width: number): AddressChip[] {
  const orphan = cluster.reasons.some((reason) => reason.code === 'no-master') ? 'orphan' : 'unknown';
  const chips = instancesOf(nodes).flatMap(({ name, addresses, holders }) => {
    const places: readonly (NodeBox | undefined)[] = holders.length === 0 ? [undefined] : holders;
    return addresses.flatMap((address) =>
      places.map((box) => ({
        instance: name,
        address,
        nodeX: box?.x,
        state: holderState(box, holders.length, orphan),
      })),
    );
  });
  return [...new Set(chips.map((chip) => chip.nodeX))].flatMap((nodeX) => {
    const group = chips.filter((chip) => chip.nodeX === nodeX);
    const pitch = group.length > 1 ? chipWidth + 8 : 0;
    const start = clamp((nodeX ?? width / 2) - (pitch * (group.length - 1)) / 2, group.length, width);
    return group.map((chip, index) => ({ ...chip, x: start + index * pitch, y: busY + 24 }));
  });
}

const holderState = (
  holder: NodeBox | undefined,
  count: number,
  without: 'orphan' | 'unknown',
): AddressChip['state'] => {
  if (holder === undefined) return without;
  return count > 1 ? 'contested' : 'held';
};

/** Keeps a row of chips inside the drawing; `x` is the centre of the first. */
const clamp = (x: number, count: number, width: number): number =>
  Math.max(chipWidth / 2, Math.min(x, width - chipWidth / 2 - (count - 1) * (chipWidth + 8)));

const flow = (rates: SyncRates | undefined): string =>
  rates === undefined
    ? 'not known'
    : `${formatRate(rates.messagesSent)} msg/s · ${formatBytes(Math.round(rates.bytesSent))}/s`;

/** What a link is worth: the phase of the slave that listens on it; nothing is claimed where nothing is read. */
const linkFace = (from: NodeBox, to: NodeBox | undefined): Face => {
  if (from.unknown || to?.unknown) return roleFace.unknown;
  const phase = to?.node.replication?.phase;
  return phase === undefined ? { word: '', shape: 'ring', tone: 'neutral' } : phaseFace[phase];
};

function pairLinks(nodes: readonly NodeBox[]): SyncLink[] {
  const [left, right] = nodes;
  if (left === undefined || right === undefined) return [];
  const [x1, x2] = [left.x + boxWidth / 2 + 12, right.x - boxWidth / 2 - 12];
  const there = { from: left.node.name, to: right.node.name, x1, x2, y: boxY + 34 };
  const back = { from: right.node.name, to: left.node.name, x1: x2, x2: x1, y: boxY + 66 };
  return [
    { ...there, label: left.unknown ? 'not known' : flow(left.node.rates), state: linkFace(left, right) },
    { ...back, label: right.unknown ? 'not known' : flow(right.node.rates), state: linkFace(right, left) },
  ];
}

const busLinks = (nodes: readonly NodeBox[]): SyncLink[] =>
  nodes.length < 3
    ? []
    : nodes.map((box) => ({
        from: box.node.name,
        to: 'sync network',
        label: box.unknown ? 'not known' : busFlow(box.node.rates),
        state: box.unknown ? roleFace.unknown : linkFace(box, box),
        x1: box.x,
        x2: box.x,
        y: syncBusY,
      }));

const busFlow = (rates: SyncRates | undefined): string =>
  rates === undefined
    ? 'not known'
    : `↓ ${formatRate(rates.messagesSent)}  ↑ ${formatRate(rates.messagesReceived)} msg/s`;
