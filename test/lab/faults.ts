/** What can be broken in the lab, and mended again. Each is what happens in a rack, done to the real programs. */
import { setCable } from './network.ts';
import { mustOn, runOn } from './node.ts';
import type { LabPlan, NodePlan, Segment } from './plan.ts';
import { switchPort } from './plan.ts';
import { isRunning, type Service, startService, stopService } from './services.ts';
import { must } from './shell.ts';
import { enter } from './spaces.ts';

interface Fault {
  /** Where it strikes unless told: a fault of one side strikes the last node, which is the slave after `up`. */
  readonly strikes: 'last' | 'all';
  set(node: NodePlan, broken: boolean): Promise<void>;
  isOn(node: NodePlan): Promise<boolean>;
}

const faults = {
  'sync-link': cableFault('sync'),
  'management-link': cableFault('mgmt'),
  /** No advert arrives, all else does: each node believes that it is alone, and both become master. */
  vrrp: {
    strikes: 'all',
    set: async (node, broken) => {
      await runOn(node.name, ['nft', 'delete', 'table', 'inet', 'fault_vrrp']);
      if (broken) await mustOn(node.name, ['nft', '-f', '-'], { input: dropVrrp });
    },
    isOn: async (node) => (await runOn(node.name, ['nft', 'list', 'table', 'inet', 'fault_vrrp'])).code === 0,
  },
  agent: serviceFault('agent'),
  takeover: serviceFault('takeover'),
  sshd: serviceFault('sshd'),
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
  await Promise.all(struck.map((node) => fault.set(node, on)));
}

/** The faults that a node suffers now, seen in the kernel and the process table, not remembered. */
export async function faultsOf(node: NodePlan): Promise<FaultName[]> {
  const on = await Promise.all(faultNames.map((name) => faults[name].isOn(node)));
  return faultNames.filter((_, i) => on[i]);
}

function cableFault(segment: Segment): Fault {
  return {
    strikes: 'last',
    set: (node, broken) => setCable(node, segment, !broken),
    isOn: async (node) => {
      const port = await must([
        ...enter('switch', 'network'),
        'ip',
        '-j',
        'link',
        'show',
        switchPort(node, segment),
      ]);
      const [link] = JSON.parse(port) as { flags: string[] }[];
      return link?.flags.includes('UP') !== true;
    },
  };
}

function serviceFault(service: Service): Fault {
  return {
    strikes: 'last',
    set: (node, broken) => (broken ? stopService : startService)(node.name, service),
    isOn: async (node) => !(await isRunning(node.name, service)),
  };
}

const dropVrrp = `
table inet fault_vrrp {
  chain drop_adverts {
    type filter hook prerouting priority raw - 10
    ip protocol vrrp drop
  }
}
`;
