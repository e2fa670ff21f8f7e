/** The address plan of the lab: what a cluster of firewalls is made of, from one description. */

export interface LabPlan {
  readonly nodes: readonly NodePlan[];
  /** false: keepalived gets `nopreempt`, so the handover weight moves nothing. */
  readonly preempt: boolean;
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
}

export interface Endpoint {
  readonly name: 'client' | 'server';
  readonly address: string;
  readonly gateway: string;
  readonly segment: 'lan' | 'wan';
}

/** The four segments; a node's interface is `<segment>0`, the switch's bridge `br-<segment>`. */
export const segments = ['lan', 'wan', 'sync', 'mgmt'] as const;
export type Segment = (typeof segments)[number];

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

export interface PlanOptions {
  readonly nodes?: number;
  readonly preempt?: boolean;
}

export function planLab({ nodes = 2, preempt = true }: PlanOptions = {}): LabPlan {
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > 4) throw new Error('a lab has 1 to 4 nodes');
  return { nodes: Array.from({ length: nodes }, (_, i) => planNode(i + 1)), preempt };
}

function planNode(index: number): NodePlan {
  return {
    name: `fw${index}`,
    index,
    priority: 200 - 50 * index,
    management: `10.77.250.${index}`,
    lan: `10.77.1.${index + 1}`,
    wan: `10.77.2.${index + 1}`,
    sync: `10.77.100.${index}`,
  };
}

export function addressOn(node: NodePlan, segment: Segment): string {
  return { lan: node.lan, wan: node.wan, sync: node.sync, mgmt: node.management }[segment];
}

/** The port of the switch that a node's cable ends in. */
export function switchPort(node: NodePlan, segment: Segment): string {
  return `${node.name}-${segment}`;
}
