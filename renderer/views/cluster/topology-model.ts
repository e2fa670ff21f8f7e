import type { ClusterSnapshot, NodeSnapshot, SyncRates } from '../../../shared/domain/cluster-snapshot.ts';
import { formatBytes, formatRate } from '../../../shared/domain/format.ts';
import { type Face, phaseFace, roleFace } from '../../components/faces.ts';

/** The drawing of a cluster, in px: a client network on top, the nodes under it, what they tell each other between. */
export interface Topology {
  readonly width: number;
  readonly height: number;
  readonly boxWidth: number;
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
  /** On the sync network: what comes in. */
  readonly received?: string;
  readonly state: Face;
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
}

export const boxHeight = 96;
export const busY = 28;
export const boxY = 116;
export const chipHeight = 24;
export const chipWidth = 152;
export const syncBusY = boxY + boxHeight + 48;
/** A drawing is never narrower than this; its place then scrolls. */
export const leastWidth = 560;

export function layoutTopology(cluster: ClusterSnapshot, room: number): Topology {
  const width = Math.max(room, leastWidth);
  const count = cluster.nodes.length;
  const boxWidth = Math.min(232, Math.round(width / Math.max(3, count)) - 16);
  const margin = boxWidth / 2 + edgeOf(width);
  const centre = (index: number) =>
    count === 2 ? [margin, width - margin][index] : Math.round((width * (2 * index + 1)) / (2 * count));
  const contested = contestedInstances(cluster);
  const nodes = cluster.nodes.map((node, index) => nodeBox(node, centre(index) ?? 0, contested));
  return {
    width,
    height: count > 2 ? syncBusY + 24 : boxY + boxHeight + 12,
    boxWidth,
    nodes,
    addresses: addressChips(cluster, nodes, width),
    links: count === 2 ? pairLinks(nodes, boxWidth) : busLinks(nodes),
    alarm: alarmOf(cluster),
  };
}

/** The margin beside two boxes: it grows with the drawing, so that a wide one is not all link. */
const edgeOf = (width: number): number => Math.max(1, Math.round((width - 700) / 4));

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
    const group = few(chips.filter((chip) => chip.nodeX === nodeX));
    const pitch = group.length > 1 ? chipWidth + 8 : 0;
    const start = clamp((nodeX ?? width / 2) - (pitch * (group.length - 1)) / 2, group.length, width);
    return group.map((chip, index) => ({ ...chip, x: start + index * pitch, y: busY + 24 }));
  });
}

const mostChips = 3;

/** A node may have dozens of addresses: the first stand for themselves, one chip for all the others. */
function few<Chip extends { address: string; instance: string }>(chips: readonly Chip[]): readonly Chip[] {
  const [last] = chips.slice(mostChips - 1);
  if (chips.length <= mostChips || last === undefined) return chips;
  const rest = chips.slice(mostChips - 1);
  const instance = rest.map((chip) => chip.address).join(', ');
  return [...chips.slice(0, mostChips - 1), { ...last, address: `${rest.length} more`, instance }];
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

const ratesOf = (box: NodeBox): SyncRates | undefined => (box.unknown ? undefined : box.node.rates);

function flow(from: NodeBox, wide: boolean): string {
  const rates = ratesOf(from);
  if (rates === undefined) return 'not known';
  const bytes = wide ? ` · ${formatBytes(Math.round(rates.bytesSent))}/s` : '';
  return `${formatRate(rates.messagesSent)} msg/s${bytes}`;
}

/** What a link is worth: the phase of the slave that listens on it; nothing is claimed where nothing is read. */
const linkFace = (from: NodeBox, to: NodeBox | undefined): Face => {
  if (from.unknown) return { ...roleFace.unknown, word: '' };
  const phase = to?.node.replication?.phase;
  if (to?.unknown || phase === 'unknown')
    return { ...roleFace.unknown, word: ratesOf(from) === undefined ? '' : 'arrival not known' };
  return phase === undefined ? { word: '', shape: 'ring', tone: 'neutral' } : phaseFace[phase];
};

function pairLinks(nodes: readonly NodeBox[], boxWidth: number): SyncLink[] {
  const [left, right] = nodes;
  if (left === undefined || right === undefined) return [];
  const [x1, x2] = [left.x + boxWidth / 2 + 12, right.x - boxWidth / 2 - 12];
  const wide = x2 - x1 > 260;
  const there = { from: left.node.name, to: right.node.name, x1, x2, y: boxY + 34 };
  const back = { from: right.node.name, to: left.node.name, x1: x2, x2: x1, y: boxY + 66 };
  return [
    { ...there, label: flow(left, wide), state: linkFace(left, right) },
    { ...back, label: flow(right, wide), state: linkFace(right, left) },
  ];
}

const busLinks = (nodes: readonly NodeBox[]): SyncLink[] =>
  nodes.length < 3
    ? []
    : nodes.map((box) => {
        const rates = ratesOf(box);
        return {
          from: box.node.name,
          to: 'sync network',
          label: rates === undefined ? 'not known' : `sends ${formatRate(rates.messagesSent)} /s`,
          ...(rates === undefined ? {} : { received: `receives ${formatRate(rates.messagesReceived)} /s` }),
          state: linkFace(box, box),
          x1: box.x,
          x2: box.x,
          y: syncBusY,
        };
      });
