import * as z from 'zod/mini';
import type { SyncAgentState, SyncDirections, SyncPhase } from './replication.ts';

/** What mends a slave's replication. The operator runs it: Handover only names it. */
export const SyncRemedy = z.object({
  what: z.string(),
  /** In their order; `node`: where to type it. */
  steps: z.array(z.object({ node: z.string(), command: z.string(), what: z.string() })),
  sideEffects: z.string(),
});
export type SyncRemedy = z.infer<typeof SyncRemedy>;

/** One of the two nodes that a remedy is for. `sudo`: its login is not root. */
export interface RemedyNode {
  readonly name: string;
  readonly state: SyncAgentState | undefined;
  readonly sudo: boolean;
}

export interface RemedyCase {
  readonly master: RemedyNode;
  readonly slave: RemedyNode;
  readonly judged: { readonly phase: SyncPhase };
  readonly direction: SyncDirections | undefined;
  readonly slaves: number;
  /** The agent's configuration file, which each of its commands names. */
  readonly config: string;
}

type Step = SyncRemedy['steps'][number];

/** How many messages FTFW keeps to send again, unless configured. */
const defaultResendQueue = 131_072;

/** The remedy that fits what is wrong; undefined where nothing is, or where it would be a guess. */
export function syncRemedy(about: RemedyCase): SyncRemedy | undefined {
  const { judged, direction } = about;
  if (direction?.stalled !== undefined) return restart(about, direction.stalled);
  if (direction?.toSlave === 'lost') return mendPath(about, about.master, about.slave);
  if (direction?.toMaster === 'lost') return mendPath(about, about.slave, about.master);
  return judged.phase === 'behind' || judged.phase === 'never' ? fullSync(about) : undefined;
}

const conntrackd = ({ config }: RemedyCase, node: RemedyNode, word: string, what: string): Step => ({
  node: node.name,
  command: `${asRoot(node)}conntrackd -C ${config} ${word}`,
  what,
});

const asRoot = ({ sudo }: RemedyNode): string => (sudo ? 'sudo ' : '');

function restart(about: RemedyCase, stalled: string): SyncRemedy {
  const { master, slave } = about;
  const isSlave = stalled === slave.name;
  const node = isSlave ? slave : master;
  const peer = isSlave ? master : slave;
  const again: Step = {
    node: node.name,
    command: `${asRoot(node)}systemctl restart conntrackd`,
    what: 'starts its daemon anew',
  };
  const sync = isSlave ? request(about) : bulk(about);
  const refreshes = peer.state?.mode === 'alarm';
  const loss = isSlave
    ? `${stalled} loses its external cache with the restart: until the full sync has arrived it could carry on nothing.`
    : `What changed on ${stalled} meanwhile reaches ${slave.name} only with the full sync; the kernel's table is not touched.`;
  return {
    what: refreshes
      ? `Restart conntrackd on ${stalled}; the next refresh brings what is missing.`
      : `Restart conntrackd on ${stalled}, then send ${slave.name} a full sync.`,
    steps: refreshes ? [again] : [again, sync],
    sideEffects: `${loss} systemd waits up to 90 s for a daemon that does not answer before it kills it, and a killed one leaves its lock file behind, with which it does not start.`,
  };
}

function mendPath(about: RemedyCase, from: RemedyNode, to: RemedyNode): SyncRemedy {
  const { slave } = about;
  const channel = to.state?.channels.find(({ active }) => active) ?? to.state?.channels[0];
  const device = channel?.device ?? 'the sync interface';
  const steps: Step[] = [
    { node: to.name, command: `ip -s link show dev ${device}`, what: 'carrier, and whether packets come in' },
    {
      node: to.name,
      command: `${asRoot(to)}nft list ruleset`,
      what: `a rule that drops what comes in on ${device}`,
    },
    ...(channel?.transport === 'multicast'
      ? [
          {
            node: to.name,
            command: `ip maddress show dev ${device}`,
            what: 'whether it is in the multicast group; a switch that snoops IGMP without a querier forgets it',
          },
        ]
      : []),
  ];
  const after = afterwards(about, to === slave);
  return {
    what: `Mend the path from ${from.name} to ${to.name} on ${device}: ${after.what}`,
    steps: [...steps, ...after.steps],
    sideEffects: `Looking changes nothing. ${after.sideEffects}`,
  };
}

/** What is left to do once the path is mended. */
function afterwards(about: RemedyCase, slaveWasDeaf: boolean): SyncRemedy {
  const { master, slave } = about;
  const mode = (slave.state ?? master.state)?.mode;
  if (mode === 'alarm') {
    return { what: 'the next refresh brings what is missing.', steps: [], sideEffects: '' };
  }
  if (!slaveWasDeaf) {
    return {
      what: `until then nothing that ${slave.name} acknowledges or asks for is heard, so only ${master.name} can start a full sync.`,
      steps: [bulk(about)],
      sideEffects: `${bulkEffects(about)} It is needed only if ${slave.name} fell behind meanwhile.`,
    };
  }
  if (mode === 'ftfw') {
    return {
      what: `${master.name} then sends again what was not acknowledged, by itself.`,
      steps: [request(about)],
      sideEffects: `The full sync is needed only where more was missed than ${master.name} keeps to send again (${defaultResendQueue.toLocaleString('en')} messages unless ResendQueueSize says otherwise). ${requestEffects(about)}`,
    };
  }
  return {
    what: `what was missed does not come by itself in this mode, so ask for a full sync then.`,
    steps: [request(about)],
    sideEffects: requestEffects(about),
  };
}

function fullSync(about: RemedyCase): SyncRemedy {
  const { master, slave, direction, slaves } = about;
  const failed = slave.state?.external.counters?.failed ?? 0;
  if (slave.state?.mode === 'alarm') {
    return {
      what: `Wait for the next refresh: in ALARM mode every entry comes again within RefreshTime (${slave.state.refreshSeconds ?? 60} s), and no full sync can be asked for.`,
      steps: [],
      sideEffects: 'None.',
    };
  }
  if (failed > 0) {
    return {
      what: `Raise HashLimit on ${slave.name} to twice its nf_conntrack_max, restart conntrackd there and ask for a full sync: it refused ${failed.toLocaleString('en')} entries.`,
      steps: [
        {
          node: slave.name,
          command: `${asRoot(slave)}systemctl restart conntrackd`,
          what: 'takes the new HashLimit',
        },
        request(about),
      ],
      sideEffects: `${slave.name} loses its external cache with the restart: until the full sync has arrived it could carry on nothing. ${requestEffects(about)}`,
    };
  }
  const first: Step[] =
    (master.state?.netlinkOverruns ?? 0) > 0 && master.state?.internal.kind === 'cache'
      ? [
          conntrackd(
            about,
            master,
            '-R',
            'reads the kernel again, because the daemon lost events; it does nothing else meanwhile (2.4 s for 400,000 entries)',
          ),
        ]
      : [];
  // every peer answers a request with all that it has; a master that sends by itself sends alone
  const byMaster = slaves > 1 || direction?.toMaster !== 'flows' || first.length > 0;
  return {
    what: byMaster ? `Send a full sync from ${master.name}.` : `Ask for a full sync on ${slave.name}.`,
    steps: [...first, byMaster ? bulk(about) : request(about)],
    sideEffects: byMaster ? bulkEffects(about) : requestEffects(about),
  };
}

const request = (about: RemedyCase): Step =>
  conntrackd(about, about.slave, '-n', 'asks the peers for all that they have');

const bulk = (about: RemedyCase): Step =>
  conntrackd(about, about.master, '-B', 'sends all that it has to the peers');

const requestEffects = (about: RemedyCase): string =>
  `Every peer sends all that it has at once. ${overflow(about)}`;
const bulkEffects = (about: RemedyCase): string =>
  `A burst on the sync link, to every slave; what a slave holds too much stays until it times out. ${overflow(about)}`;

/** A full sync that is larger than what FTFW keeps to send again cannot be repaired where some of it is lost. */
function overflow({ master }: RemedyCase): string {
  const entries = master.state?.internal.counters?.active ?? 0;
  return master.state?.mode === 'ftfw' && entries > defaultResendQueue
    ? `${master.name} has ${entries.toLocaleString('en')} entries, more than ResendQueueSize holds unless it was raised: what is lost of them on the way cannot be sent again.`
    : 'No connection is touched.';
}
