import type { GateCode } from './readiness.ts';

/** What to do next where a gate fails, in the operator's words. */
export const gateRemedies: Readonly<Record<GateCode, string>> = {
  'fresh-data': 'Look at how busy the node is and at the network to it; it is read again by itself.',
  'agent-answers':
    'Look at the sync agent on this node: that it runs, and that its configuration names the same mode as the master’s.',
  'link-running':
    'Look at the cable and the interface of the sync link, and at the sync agent on the other node.',
  'in-step': 'Wait for a full sync that is under way to end; otherwise ask the master for one.',
  'no-losses':
    'Have the master send everything again (conntrackd -B there). Where a queue or a cache was too small, make it larger first.',
  room: 'Raise nf_conntrack_max on this node, and HashLimit with it, to hold what both nodes carry.',
  'takeover-standby':
    'Look at the takeover engine of this node and at the script that it runs when it becomes master.',
  'one-master': 'Restore the path of the VRRP adverts between the nodes.',
  'nothing-pending': 'It ends by itself: wait for it, and fail over after it.',
  'same-rules': 'Compare the two nodes, and load on this one what its master has.',
  'data-plane': 'Look at the links, the routes and the gateways of this node.',
};
