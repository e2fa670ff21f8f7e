/** What the lab looks like now, asked of the real programs and never remembered. */
import { type FaultName, faultsOf } from './faults.ts';
import { mustOn, runOn } from './node.ts';
import { type LabPlan, lanService, type NodePlan, wanService } from './plan.ts';
import { isRunning } from './services.ts';
import { isUp } from './spaces.ts';

export interface NodeStatus {
  readonly name: string;
  readonly up: boolean;
  /** By the service addresses on its interfaces: all, none or some. */
  readonly role: 'master' | 'slave' | 'mixed' | 'none';
  /** Entries in conntrackd's internal and external cache; absent when it does not answer. */
  readonly internal?: number;
  readonly external?: number;
  readonly faults: readonly FaultName[];
}

export async function nodeStatus(node: NodePlan): Promise<NodeStatus> {
  if (!isUp(node.name)) return { name: node.name, up: false, role: 'none', faults: [] };
  const [held, caches, faults] = await Promise.all([heldServices(node), cacheSizes(node), faultsOf(node)]);
  const role = held === 2 ? 'master' : held === 0 ? 'slave' : 'mixed';
  return { name: node.name, up: true, role, ...caches, faults };
}

/** How many of the two service addresses the node holds. */
export async function heldServices(node: NodePlan): Promise<number> {
  const text = await mustOn(node.name, ['ip', '-j', '-4', 'address', 'show']);
  const links = JSON.parse(text) as { addr_info?: { local?: string }[] }[];
  const addresses = links.flatMap((link) => (link.addr_info ?? []).map((info) => info.local));
  return [lanService, wanService].filter((service) => addresses.includes(service)).length;
}

/** The node that alone holds both service addresses and whose keepalived lives; undefined when there is no such node. */
export async function soleMaster(plan: LabPlan): Promise<NodePlan | undefined> {
  const held = await Promise.all(plan.nodes.map(heldServices));
  const holders = plan.nodes.filter((_, i) => (held[i] ?? 0) > 0);
  const [master] = holders;
  if (master === undefined || holders.length > 1) return undefined;
  if (held[plan.nodes.indexOf(master)] !== 2) return undefined;
  return (await isRunning(master.name, 'takeover')) ? master : undefined;
}

/** True when every other node holds as many entries as the master has, and hears it. */
export async function inStep(plan: LabPlan, master: NodePlan): Promise<boolean> {
  const sizes = await Promise.all(plan.nodes.map(cacheSizes));
  const wanted = sizes[plan.nodes.indexOf(master)]?.internal;
  return plan.nodes.every((node, i) => {
    if (node === master) return wanted !== undefined;
    return sizes[i]?.external === wanted && (sizes[i]?.received ?? 0) > 0;
  });
}

interface CacheSizes {
  readonly internal?: number;
  readonly external?: number;
  /** Messages of the peer that arrived since the daemon started. */
  readonly received?: number;
}

async function cacheSizes(node: NodePlan): Promise<CacheSizes> {
  const { code, stdout } = await runOn(node.name, ['conntrackd', '-s']);
  if (code !== 0) return {};
  const [internal, external] = [...stdout.matchAll(/current active connections:\s+(\d+)/g)].map((m) =>
    Number(m[1]),
  );
  const received = Number(/(\d+) Pckts recv/.exec(stdout)?.[1] ?? 0);
  return {
    ...(internal === undefined ? {} : { internal }),
    ...(external === undefined ? {} : { external }),
    received,
  };
}
