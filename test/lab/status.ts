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

export async function nodeStatus(node: NodePlan, plan: LabPlan): Promise<NodeStatus> {
  if (!isUp(node.name)) return { name: node.name, up: false, role: 'none', faults: ['node-crash'] };
  const [held, caches, faults] = await Promise.all([
    heldServices(node),
    cacheSizes(node),
    faultsOf(node, plan),
  ]);
  const role = held === 2 ? 'master' : held === 0 ? 'slave' : 'mixed';
  return { name: node.name, up: true, role, ...caches, faults };
}

/** How many of the two service addresses the node holds. */
export async function heldServices(node: NodePlan): Promise<number> {
  if (!isUp(node.name)) return 0;
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

/**
 * True when every other node that is up holds as many entries as the master has, and hears it. Where one of the counts
 * cannot be had, hearing it is all that shows; ALARM says nothing while there is nothing to say.
 */
export async function inStep(plan: LabPlan, master: NodePlan): Promise<boolean> {
  const nodes = plan.nodes.filter((node) => isUp(node.name));
  const sizes = await Promise.all(nodes.map(cacheSizes));
  const own = sizes[nodes.indexOf(master)];
  if (own === undefined || own.received === undefined) return false;
  return nodes.every((node, i) => {
    if (node === master) return true;
    const { external, received = 0 } = sizes[i] ?? {};
    const even = external === undefined || own.internal === undefined || external === own.internal;
    return even && (received > 0 || (plan.replication.mode === 'alarm' && own.internal === 0));
  });
}

interface CacheSizes {
  readonly internal?: number;
  readonly external?: number;
  /** Messages of the peer that arrived since the daemon started; absent when it does not answer. */
  readonly received?: number;
}

export async function cacheSizes(node: NodePlan): Promise<CacheSizes> {
  const { code, stdout } = await runOn(node.name, ['conntrackd', '-s']);
  if (code !== 0) return {};
  const size = (cache: 'internal' | 'external'): CacheSizes => {
    const found = new RegExp(`cache ${cache}:\\s+current active connections:\\s+(\\d+)`).exec(stdout);
    return found === null ? {} : { [cache]: Number(found[1]) };
  };
  const received = Number(/(\d+) Pckts recv/.exec(stdout)?.[1] ?? 0);
  return { ...size('internal'), ...size('external'), received };
}
