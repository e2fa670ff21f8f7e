import { seededRandom } from './random.ts';
import { type InstanceSite, instances, type NodeSite, sites } from './site.ts';
import { createSyncNode, type SyncNode } from './sync.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { type Flow, firstFlows, newFlow, ownFlows, pauseBeforeNext, tupleKey } from './traffic.ts';
import { createElection, type Election, type VrrpNode } from './vrrp.ts';

export interface WorldNode {
  readonly site: NodeSite;
  readonly sync: SyncNode;
  readonly vrrp: VrrpNode;
  /** The node's own connections: in its kernel, and by the daemon's filter nowhere else. */
  readonly own: readonly Flow[];
  /** By how much its clock is ahead, ms. */
  readonly clockAhead: () => number;
  /** Hear of service addresses that come and go. */
  readonly onAddress: Set<(instance: InstanceSite, added: boolean) => void>;
}

/** Two firewalls and the traffic through them, without any I/O: everything follows from the seed and the clock. */
export interface World {
  readonly nodes: readonly [WorldNode, WorldNode];
  readonly timeline: Timeline;
  readonly track: Election['track'];
}

/** So long has the site been running when it is first looked at; of a sleep of the machine no more is made up for. */
const pastMs = 10 * 60_000;

/** By how much a node's clock is ahead of the real time, ms. */
export type Ahead = (node: NodeSite['name']) => number;

/** `startAt`: ms since the epoch. */
export function createWorld(startAt: number, seed = 1, ahead: Ahead = () => 0): World {
  const timeline = createTimeline(startAt - pastMs);
  const random = seededRandom(seed);
  const clockOf = (site: NodeSite) => timeline.now() + ahead(site.name);
  const syncs: readonly [SyncNode, SyncNode] = [
    createSyncNode(timeline, random, sites[0].pids.conntrackd, () => clockOf(sites[0])),
    createSyncNode(timeline, random, sites[1].pids.conntrackd, () => clockOf(sites[1])),
  ];
  syncs[0].start(syncs[1]);
  syncs[1].start(syncs[0]);

  const onChange = (vrrp: VrrpNode, from: VrrpNode['state']) => {
    const node = vrrp === nodes[0].vrrp ? nodes[0] : nodes[1];
    const isMaster = vrrp.state === 'MASTER';
    if (isMaster || from === 'MASTER')
      for (const instance of instances) for (const listener of node.onAddress) listener(instance, isMaster);
    if (isMaster) node.sync.promote();
    else node.sync.demote(vrrp.state === 'BACKUP');
  };
  const election = createElection(timeline, sites, onChange, clockOf);
  const nodeOf = (index: 0 | 1): WorldNode => ({
    site: sites[index],
    sync: syncs[index],
    vrrp: election.nodes[index],
    own: ownFlows(sites[index], timeline.now()),
    onAddress: new Set(),
    clockAhead: () => ahead(sites[index].name),
  });
  const nodes: readonly [WorldNode, WorldNode] = [nodeOf(0), nodeOf(1)];
  const carrier = () => nodes.find(({ vrrp }) => vrrp.state === 'MASTER')?.sync;

  const alive = new Set<string>();
  let lastId = 0;
  const nextId = () => ++lastId;
  const pass = (flow: Flow) => {
    const key = tupleKey(flow);
    if (alive.has(key)) return;
    alive.add(key);
    carrier()?.begin(flow);
    for (const at of [flow.answeredAt, flow.closedAt])
      if (Number.isFinite(at) && at > timeline.now()) timeline.at(at, () => carrier()?.change(flow));
    timeline.at(flow.goneAt, () => {
      alive.delete(key);
      carrier()?.end(flow);
    });
  };
  const arrive = () => {
    const now = timeline.now();
    pass(newFlow(random, nextId(), now));
    // Now and then somebody opens a page with everything on it.
    const crowd = random.chance(1 / 500) ? random.integer(15, 40) : 0;
    for (let each = 0; each < crowd; each++)
      timeline.after(random.integer(1, 600), () => pass(newFlow(random, nextId(), timeline.now())));
    timeline.at(Math.max(now + pauseBeforeNext(random, now), timeline.target() - pastMs), arrive);
  };
  for (const flow of firstFlows(random, nextId, timeline.now())) pass(flow);
  arrive();
  timeline.advance(startAt);
  return { nodes, timeline, track: election.track };
}
