/** The cables: a switch with one bridge a segment, and what is plugged into it. */
import {
  addressOn,
  client,
  devices,
  type Endpoint,
  type LabPlan,
  type NodePlan,
  rootLink,
  type Segment,
  segmentsOf,
  server,
  switchPort,
} from './plan.ts';
import { must, run, until } from './shell.ts';
import { endProcesses, enter, holderOf, startNetwork, startProcess } from './spaces.ts';

export async function startEnds(): Promise<void> {
  await Promise.all(['switch', 'client', 'server'].map(startNetwork));
}

/** The switch with the client, the server and this machine plugged in. */
export async function cableEnds(plan: LabPlan): Promise<void> {
  await ip([
    ...[client, server].map((end) => veth('eth0', holderOf(end.name), end.name, holderOf('switch'))),
    `link add ${rootLink.name} type veth peer name root netns ${holderOf('switch')}`,
    `address add ${rootLink.address}/24 dev ${rootLink.name}`,
    `link set ${rootLink.name} up`,
  ]);
  await ip(
    [
      // No snooping: without a querier it would lose the multicast groups of VRRP and of the replication.
      ...segmentsOf(plan).flatMap((s) => [
        `link add br-${s} type bridge mcast_snooping 0`,
        `link set br-${s} up`,
      ]),
      ...[client, server].flatMap((end) => plug(end.name, end.segment)),
      ...plug('root', 'mgmt'),
    ],
    'switch',
  );
  await Promise.all([client, server].map((end) => ip(endCommands(end), end.name)));
}

/** Plugs a node into the switch. */
export async function cableNode(node: NodePlan, plan: LabPlan): Promise<void> {
  const segments = segmentsOf(plan);
  await ip(
    segments.map((s) => veth(devices[s], holderOf(node.name), switchPort(node, s), holderOf('switch'))),
  );
  await ip(
    segments.flatMap((s) => plug(switchPort(node, s), s)),
    'switch',
  );
  const own = segments.flatMap((s, i) => [
    // A node that boots again has the hardware addresses that its neighbours remember.
    `link set ${devices[s]} address 02:4d:00:00:0${i}:0${node.index}`,
    `address add ${addressOn(node, s)}/24 brd + dev ${devices[s]}`,
    `link set ${devices[s]} up`,
  ]);
  await ip(['link set lo up', ...own], node.name);
}

/**
 * The carrier is there a while before the kernel says so (at most a second): a daemon that starts in between takes its
 * links for dead.
 */
export async function untilCarrier(node: NodePlan): Promise<void> {
  await until(`the links of ${node.name}`, async () => {
    const text = await must([...enter(node.name, 'network'), 'ip', '-j', 'link', 'show', 'type', 'veth']);
    const links = JSON.parse(text) as { operstate: string }[];
    return links.every((link) => link.operstate === 'UP') ? true : undefined;
  });
}

/** The one thing that the lab puts into the machine's own network. */
export async function removeRootLink(): Promise<void> {
  await run(['ip', 'link', 'delete', rootLink.name]);
}

/** Takes a dead node's cables away at once: the kernel does so too, but later. */
export async function unplugNode(node: NodePlan, plan: LabPlan): Promise<void> {
  for (const segment of segmentsOf(plan)) {
    await run([...enter('switch', 'network'), 'ip', 'link', 'delete', switchPort(node, segment)]);
  }
}

/** Whether a node's cable is in at the switch. */
export async function hasCable(node: NodePlan, segment: Segment): Promise<boolean> {
  const port = ['ip', '-j', 'link', 'show', switchPort(node, segment)];
  const [link] = JSON.parse(await must([...enter('switch', 'network'), ...port])) as { flags: string[] }[];
  return link?.flags.includes('UP') === true;
}

/** Pulls or plugs a node's cable at the switch: the node sees its carrier go and come. */
export async function setCable(node: NodePlan, segment: Segment, plugged: boolean): Promise<void> {
  await ip([`link set ${switchPort(node, segment)} ${plugged ? 'up' : 'down'}`], 'switch');
}

/** Lets the first sync link of a pair of nodes take so many ms each way; 0: none, as it was. */
export async function setSyncDelay([one, other]: readonly [NodePlan, NodePlan], ms: number): Promise<void> {
  const ports = [switchPort(one, 'sync'), switchPort(other, 'sync')];
  await endProcesses('sync-delay');
  await ip(
    ports.map((port) => (ms > 0 ? `link set ${port} nomaster` : `link set ${port} master br-sync`)),
    'switch',
  );
  if (ms > 0)
    startProcess('sync-delay', [...enter('switch', 'network'), 'perl', relay, ...ports, String(ms)]);
}

const relay = new URL('node/delay.pl', import.meta.url).pathname;

function veth(name: string, space: number, peer: string, peerSpace: number): string {
  return `link add ${name} netns ${space} type veth peer name ${peer} netns ${peerSpace}`;
}

function plug(port: string, segment: Segment): string[] {
  return [`link set ${port} master br-${segment}`, `link set ${port} up`];
}

function endCommands(end: Endpoint): string[] {
  return [
    'link set lo up',
    `address add ${end.address}/24 brd + dev eth0`,
    'link set eth0 up',
    `route add default via ${end.gateway}`,
  ];
}

async function ip(commands: readonly string[], space?: string): Promise<void> {
  const inside = space === undefined ? [] : enter(space, 'network');
  await must([...inside, 'ip', '-batch', '-'], { input: `${commands.join('\n')}\n` });
}
