/** The address plan of the lab: what a cluster of firewalls is made of, from one description. */
import { type Cell, plainCell, refusal } from './cells.ts';

/** How the nodes replicate. */
export type Replication = Pick<Cell, 'mode' | 'transport' | 'links' | 'caches'>;

export interface LabPlan {
  readonly nodes: readonly NodePlan[];
  /** false: keepalived gets `nopreempt`, so the handover weight moves nothing. */
  readonly preempt: boolean;
  /** conntrackd's PurgeTimeout: so long a node that is not master any more keeps its kernel table. */
  readonly purgeSeconds: number;
  readonly replication: Replication;
}

export interface NodePlan {
  readonly name: string;
  /** 1, 2, …: the last byte of every address of the node. */
  readonly index: number;
  readonly priority: number;
  readonly management: string;
  readonly lan: string;
  readonly wan: string;
  readonly sync: string;
  /** Its address on the second sync link, where there is one. */
  readonly spare: string;
}

export interface Endpoint {
  readonly name: 'client' | 'server';
  readonly address: string;
  readonly gateway: string;
  readonly segment: 'lan' | 'wan';
}

/** The segments and a node's interface on each; the switch's bridge is `br-<segment>`. `spare`: the second sync link. */
export const devices = { lan: 'lan0', wan: 'wan0', sync: 'sync0', spare: 'sync1', mgmt: 'mgmt0' } as const;
export type Segment = keyof typeof devices;

export const segmentsOf = ({ replication }: LabPlan): Segment[] =>
  (Object.keys(devices) as Segment[]).filter((each) => each !== 'spare' || replication.links === 2);
export const syncSegments = ({ replication }: LabPlan): ('sync' | 'spare')[] =>
  replication.links === 2 ? ['sync', 'spare'] : ['sync'];

export const lanService = '10.77.1.1';
export const wanService = '10.77.2.1';
/** The lab's only interface and address in the machine's own network namespace. */
export const rootLink = { name: 'handover-lab0', address: '10.77.250.254' } as const;
export const client: Endpoint = {
  name: 'client',
  address: '10.77.1.10',
  gateway: lanService,
  segment: 'lan',
};
export const server: Endpoint = {
  name: 'server',
  address: '10.77.2.10',
  gateway: wanService,
  segment: 'wan',
};

export const handoverFile = '/var/lib/handover/handover';
export const maintenanceFile = '/var/lib/handover/maintenance';
/** Recognisable, so that a test can look for it where it must never turn up. */
export const vrrpPassword = 'hush-lab';

export interface PlanOptions extends Partial<Replication> {
  readonly nodes?: number;
  readonly preempt?: boolean;
  readonly purgeSeconds?: number;
}

export function planLab({
  nodes = 2,
  preempt = true,
  purgeSeconds = 15,
  ...options
}: PlanOptions = {}): LabPlan {
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > 4) throw new Error('a lab has 1 to 4 nodes');
  const { mode, transport, links, caches } = { ...plainCell, ...options };
  const why = refusal({ mode, transport, caches, nodes });
  if (why !== undefined) throw new Error(why);
  return {
    nodes: Array.from({ length: nodes }, (_, i) => planNode(i + 1)),
    preempt,
    purgeSeconds,
    replication: { mode, transport, links, caches },
  };
}

/** What makes the same plan again. */
export const optionsOfPlan = ({ nodes, preempt, purgeSeconds, replication }: LabPlan): PlanOptions => ({
  nodes: nodes.length,
  preempt,
  purgeSeconds,
  ...replication,
});

function planNode(index: number): NodePlan {
  return {
    name: `fw${index}`,
    index,
    priority: 200 - 50 * index,
    management: `10.77.250.${index}`,
    lan: `10.77.1.${index + 1}`,
    wan: `10.77.2.${index + 1}`,
    sync: `10.77.100.${index}`,
    spare: `10.77.101.${index}`,
  };
}

export function addressOn(node: NodePlan, segment: Segment): string {
  return { ...node, mgmt: node.management }[segment];
}

/** The port of the switch that a node's cable ends in. */
export function switchPort(node: NodePlan, segment: Segment): string {
  return `${node.name}-${segment}`;
}
