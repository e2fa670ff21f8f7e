import { logDate } from './log-date.ts';
import { instances, type NodeSite, syncGroup } from './site.ts';
import type { Timeline } from './timeline.ts';

export type VrrpState = 'MASTER' | 'BACKUP' | 'FAULT';

/** What keepalived of one node would say; both instances are one sync group and move together. */
export interface VrrpNode {
  readonly site: NodeSite;
  readonly state: VrrpState;
  readonly lastTransition: number;
  readonly effectivePriority: number;
  readonly handover: number;
  readonly maintenance: number;
  /** Priority in the last advert that it accepted, and whose that was; 0 and undefined before the first. */
  readonly heardPriority: number;
  readonly heardFrom: NodeSite | undefined;
  readonly advertsSent: number;
  readonly advertsReceived: number;
  readonly becameMaster: number;
  readonly releasedMaster: number;
  readonly zeroSent: number;
  readonly zeroReceived: number;
  /** What keepalived wrote to its log, oldest first, and when last, by the node's own clock. */
  readonly log: readonly string[];
  readonly loggedAt: number;
}

export interface Election {
  readonly nodes: readonly [VrrpNode, VrrpNode];
  /** A number written to a track file of a node. */
  readonly track: (node: VrrpNode, file: 'handover' | 'maintenance', value: number) => void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const keptLines = 1_000;
const addressOf = (site: NodeSite): string =>
  site.interfaces.find(({ name }) => name === instances[0].interface)?.address ?? '';

export const advertSeconds = 1;
const downAdverts = 3;
/** keepalived turns a tracked sum this low into FAULT. */
const faultSum = -254;

/** RFC 3768: the lower the priority, the later the start, so that the best of several backups is first. */
export const skewMs = ({ effectivePriority }: VrrpNode): number =>
  ((256 - effectivePriority) / 256) * 1000 * advertSeconds;

/**
 *            nothing better heard for 3 adverts + skew
 *     BACKUP ────────────────────────────────────────▶ MASTER
 *       ▲ ▲  ◀──────────────────────────────────────── │
 *       │ │             a better advert                │ maintenance
 *       │ └──────────── FAULT ◀────────────────────────┘ (says priority 0: the peer waits for its skew alone)
 *       └── maintenance over
 */
export function createElection(
  timeline: Timeline,
  sites: readonly [NodeSite, NodeSite],
  onChange: (node: VrrpNode, from: VrrpState) => void,
  clockOf: (site: NodeSite) => number = timeline.now,
): Election {
  const start = (site: NodeSite, state: VrrpState): Mutable<VrrpNode> => ({
    site,
    state,
    lastTransition: timeline.now(),
    effectivePriority: site.priority,
    handover: 0,
    maintenance: 0,
    heardPriority: 0,
    heardFrom: undefined,
    advertsSent: 0,
    advertsReceived: 0,
    becameMaster: state === 'MASTER' ? 1 : 0,
    releasedMaster: 0,
    zeroSent: 0,
    zeroReceived: 0,
    log: [],
    loggedAt: clockOf(site),
  });
  const nodes: [Mutable<VrrpNode>, Mutable<VrrpNode>] = [
    start(sites[0], 'MASTER'),
    start(sites[1], 'BACKUP'),
  ];
  const peerOf = (node: VrrpNode) => (node === nodes[0] ? nodes[1] : nodes[0]);
  /** How often each node began to wait anew: only the last wait counts. */
  const waits = new Map<VrrpNode, number>();
  let round = 0;

  const say = (node: Mutable<VrrpNode>, text: string) => {
    node.loggedAt = clockOf(node.site);
    node.log = [...node.log, `${logDate(node.loggedAt)}: ${text}`].slice(-keptLines);
  };
  const sayOfEach = (node: Mutable<VrrpNode>, text: string) => {
    for (const { name } of instances) say(node, `(${name}) ${text}`);
  };
  const enter = (node: Mutable<VrrpNode>, state: VrrpState) => {
    const from = node.state;
    if (from === state) return;
    node.state = state;
    node.lastTransition = timeline.now();
    const [first] = instances;
    say(node, `(${first.name}) Entering ${state} STATE`);
    if (state === 'MASTER') sayOfEach(node, 'setting VIPs.');
    say(node, `VRRP_Group(${syncGroup}) Syncing instances to ${state} state`);
    if (from === 'MASTER') node.releasedMaster++;
    if (state === 'MASTER') node.becameMaster++;
    onChange(node, from);
  };
  /** A backup that hears nothing acceptable until then takes over. */
  const wait = (node: Mutable<VrrpNode>, delayMs: number) => {
    const own = (waits.get(node) ?? 0) + 1;
    waits.set(node, own);
    timeline.after(delayMs, () => {
      if (own !== waits.get(node) || node.state !== 'BACKUP') return;
      say(node, `(${instances[0].name}) Receive advertisement timeout`);
      enter(node, 'MASTER');
      startAdverts(node);
    });
  };
  const waitLong = (node: Mutable<VrrpNode>) => wait(node, downAdverts * 1000 * advertSeconds + skewMs(node));
  const hear = (node: Mutable<VrrpNode>, from: VrrpNode) => {
    if (node.state === 'FAULT') return;
    node.advertsReceived++;
    const better = from.effectivePriority > node.effectivePriority;
    if (node.state === 'MASTER' && !better) return;
    if (node.state === 'BACKUP' && from.effectivePriority < node.effectivePriority) return;
    if (node.state === 'MASTER')
      say(
        node,
        `(${instances[0].name}) Master received advert from ${addressOf(from.site)} with higher priority ${from.effectivePriority}, ours ${node.effectivePriority}`,
      );
    node.heardPriority = from.effectivePriority;
    node.heardFrom = from.site;
    enter(node, 'BACKUP');
    waitLong(node);
  };
  const startAdverts = (node: Mutable<VrrpNode>) => {
    const own = ++round;
    const advert = () => {
      if (own !== round || node.state !== 'MASTER') return;
      node.advertsSent++;
      hear(peerOf(node), node);
      timeline.after(1000 * advertSeconds, advert);
    };
    advert();
  };

  for (const node of nodes) sayOfEach(node, `Entering ${node.state} STATE (init)`);
  startAdverts(nodes[0]);
  return {
    nodes,
    track: (which, file, value) => {
      const node = which === nodes[0] ? nodes[0] : nodes[1];
      node[file] = value;
      const formerly = node.effectivePriority;
      node.effectivePriority = Math.min(254, Math.max(1, node.site.priority + node.handover));
      if (node.effectivePriority !== formerly)
        sayOfEach(node, `Changing effective priority from ${formerly} to ${node.effectivePriority}`);
      const faulty = node.maintenance !== 0 || node.handover <= faultSum;
      if (faulty && node.state !== 'FAULT') {
        const wasMaster = node.state === 'MASTER';
        enter(node, 'FAULT');
        const peer = peerOf(node);
        if (!wasMaster || peer.state !== 'BACKUP') return;
        node.zeroSent++;
        peer.zeroReceived++;
        wait(peer, skewMs(peer));
      } else if (!faulty && node.state === 'FAULT') {
        enter(node, 'BACKUP');
        waitLong(node);
      }
    },
  };
}
