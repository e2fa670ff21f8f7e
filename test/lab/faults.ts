/** What can be broken in the lab, and mended again. Each is what happens in a rack, done to the real programs. */
import { bootNodes, crashNode } from './boot.ts';
import { conntrackdFile, hashLimit } from './conntrackd-conf.ts';
import { hasCable, setCable } from './network.ts';
import { mustOn, runOn } from './node.ts';
import { devices, type LabPlan, type NodePlan, type Segment, syncSegments } from './plan.ts';
import { isRunning, type Service, startService, stopService } from './services.ts';
import { isUp } from './spaces.ts';

interface Fault {
  /** Where it strikes unless told: a fault of one side strikes the last node, which is the slave after `up`. */
  readonly strikes: 'last' | 'all';
  /** Why this lab cannot suffer it; undefined where it can. */
  refusal?(plan: LabPlan): string | undefined;
  set(node: NodePlan, broken: boolean, plan: LabPlan): Promise<void>;
  isOn(node: NodePlan, plan: LabPlan): Promise<boolean>;
}

const faults = {
  /** Every sync link: the node is cut off from the replication. */
  'sync-link': cableFault(syncSegments),
  /** The first of two: the second must stand in. */
  'first-sync-link': {
    ...cableFault(() => ['sync']),
    refusal: ({ replication }) =>
      replication.links === 2 ? undefined : 'this lab has one sync link: use sync-link',
    isOn: async (node, { replication }) =>
      replication.links === 2 && !(await hasCable(node, 'sync')) && (await hasCable(node, 'spare')),
  },
  /** What the others send does not arrive, every carrier stands, and what the node sends goes out: a deaf socket. */
  'one-way': tableFault('fault_one_way', 'last', (plan) => {
    const links = syncSegments(plan).map((segment) => `"${devices[segment]}"`);
    return `iifname { ${links.join(', ')} } drop`;
  }),
  'management-link': cableFault(() => ['mgmt']),
  /** No advert arrives, all else does: each node believes that it is alone, and both become master. */
  vrrp: tableFault('fault_vrrp', 'all', () => 'ip protocol vrrp drop'),
  /** conntrackd is there and does nothing any more: it answers nobody and says nothing. */
  stall: {
    strikes: 'last',
    set: async (node, broken) => {
      await runOn(node.name, ['pkill', '--signal', broken ? 'STOP' : 'CONT', '-x', 'conntrackd']);
    },
    isOn: async (node) =>
      (await runOn(node.name, ['pgrep', '--runstates', 'T', '-x', 'conntrackd'])).code === 0,
  },
  agent: serviceFault('agent'),
  takeover: serviceFault('takeover'),
  sshd: serviceFault('sshd'),
  /** The power goes, and with it every cable and program at once; mended, the node boots. */
  'node-crash': {
    strikes: 'last',
    set: async (node, broken, plan) => {
      if (broken && isUp(node.name)) await crashNode(node, plan);
      if (broken || isUp(node.name)) return;
      await bootNodes([node], plan);
      await startService(node.name, 'takeover');
    },
    isOn: async (node) => !isUp(node.name),
  },
  /** conntrackd may hold what its caches hold now, and not one entry more; its limit stands from its start on. */
  'full-cache': {
    strikes: 'last',
    set: async (node, broken) => {
      const limit = broken ? Math.max(1, ...(await cacheEntries(node))) : hashLimit;
      await mustOn(node.name, ['sed', '-i', `s/HashLimit .*/HashLimit ${limit}/`, conntrackdFile]);
      await stopService(node.name, 'agent');
      await startService(node.name, 'agent');
    },
    isOn: async (node) =>
      (await runOn(node.name, ['grep', '-q', `HashLimit ${hashLimit}`, conntrackdFile])).code !== 0,
  },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as FaultName[];

/** Turns a fault on or off at the named node, at `all`, or where it strikes by itself. Twice is as once. */
export async function setFault(plan: LabPlan, name: FaultName, on: boolean, where?: string): Promise<void> {
  const fault: Fault = faults[name];
  const place = where ?? fault.strikes;
  const struck = plan.nodes.filter(
    (node, i) => place === 'all' || node.name === place || (place === 'last' && i === plan.nodes.length - 1),
  );
  if (struck.length === 0) throw new Error(`the lab has no node ${place}`);
  const why = fault.refusal?.(plan);
  if (why !== undefined) throw new Error(why);
  await Promise.all(struck.map((node) => fault.set(node, on, plan)));
}

/** The faults that a node suffers now, seen in the kernel and the process table, not remembered. */
export async function faultsOf(node: NodePlan, plan: LabPlan): Promise<FaultName[]> {
  const on = await Promise.all(faultNames.map((name) => faults[name].isOn(node, plan)));
  return faultNames.filter((_, i) => on[i]);
}

function cableFault(segments: (plan: LabPlan) => readonly Segment[]): Fault {
  return {
    strikes: 'last',
    set: async (node, broken, plan) => {
      await Promise.all(segments(plan).map((segment) => setCable(node, segment, !broken)));
    },
    isOn: async (node, plan) => {
      const plugged = await Promise.all(segments(plan).map((segment) => hasCable(node, segment)));
      return !plugged.includes(true);
    },
  };
}

async function cacheEntries(node: NodePlan): Promise<number[]> {
  const { stdout } = await runOn(node.name, ['conntrackd', '-s']);
  return [...stdout.matchAll(/current active connections:\s+(\d+)/g)].map((found) => Number(found[1]));
}

function serviceFault(service: Service): Fault {
  return {
    strikes: 'last',
    set: (node, broken) => (broken ? stopService : startService)(node.name, service),
    isOn: async (node) => !(await isRunning(node.name, service)),
  };
}

/** A rule before all others, in a table of its own, so that it goes without a trace. */
function tableFault(table: string, strikes: Fault['strikes'], rule: (plan: LabPlan) => string): Fault {
  const chain = 'type filter hook prerouting priority raw - 10;';
  return {
    strikes,
    set: async (node, broken, plan) => {
      await runOn(node.name, ['nft', 'delete', 'table', 'inet', table]);
      const text = `table inet ${table} { chain drop_it { ${chain} ${rule(plan)}; }; }`;
      if (broken) await mustOn(node.name, ['nft', '-f', '-'], { input: `${text}\n` });
    },
    isOn: async (node) => (await runOn(node.name, ['nft', 'list', 'table', 'inet', table])).code === 0,
  };
}
