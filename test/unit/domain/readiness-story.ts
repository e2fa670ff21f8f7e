import type { NodeReadings } from '../../../shared/domain/cluster-snapshot.ts';
import type { Gate, GateCode } from '../../../shared/domain/readiness.ts';
import { agent, good, type NodeRound, Story } from './build.ts';

type Facts = Partial<NodeReadings>;

/** Everything that only readiness reads, as it is on a sound node. */
const sound = (at: number): Facts => ({
  connections: good(100, at),
  connectionsMax: good(10_000, at),
  settings: good({ 'net.ipv4.ip_forward': '1' }, at, 'sysctl'),
  rules: good({ hash: 'a', lines: 12 }, at, 'nft list ruleset'),
  routes: good([{ destination: 'default', gateways: ['10.0.0.254'], device: 'eth0' }], at),
  neighbours: good([{ address: '10.0.0.254', device: 'eth0', state: 'REACHABLE', confirmedSeconds: 3 }], at),
  helpers: good([], at),
  hooks: good(
    {
      programs: [{ path: '/etc/hook.sh', state: 'executable' }],
      without: [],
      complete: true,
      trackedInterfaces: [],
    },
    at,
    'stat',
  ),
  syncLog: good({ commitRunning: false, bulkSinceStart: true }, at, 'tail'),
  agentChildren: good([], at),
});

export interface Told {
  readonly rounds?: (second: number) => Readonly<Record<string, NodeRound>>;
  /** What is read otherwise of the slave, and of the master. */
  readonly slave?: (at: number) => Facts;
  readonly master?: (at: number) => Facts;
  readonly seconds?: number;
}

export const masterRound: NodeRound = {
  state: 'MASTER',
  holds: true,
  agent: agent({ internal: 500, resend: 3 }),
};
export const slaveRound = (second: number, more: Partial<NodeRound> = {}): NodeRound => ({
  state: 'BACKUP',
  holds: false,
  hears: 'fw1',
  agent: agent({ external: 500, received: 10 * second }),
  ...more,
});
export const steady = (second: number) => ({ fw1: masterRound, fw2: slaveRound(second) });

export function tell({ rounds = steady, slave, master, seconds = 6 }: Told = {}): Story {
  const story = new Story('fw1', 'fw2');
  for (let second = 1; second <= seconds; second += 1) {
    const round = rounds(second);
    story.second(round);
    const at = story.now;
    for (const [node, other] of [
      ['fw1', master],
      ['fw2', slave],
    ] as const) {
      if (!round[node]) continue;
      const addresses = story.node(node).readings.addresses;
      const carried = addresses?.ok ? addresses.value.map((each) => ({ ...each, carrier: true })) : [];
      story.put({
        kind: 'readings',
        node,
        readings: { ...(addresses && { addresses: good(carried, at) }), ...sound(at), ...other?.(at) },
      });
    }
  }
  return story;
}

export const gateOf = (story: Story, code: GateCode): Gate => {
  const gate = story.node('fw2').gates?.find((each) => each.code === code);
  if (!gate) throw new Error(`no gate ${code}`);
  return gate;
};

export const overflowing = (from: number) => (second: number) => {
  const overflowed = second >= from ? 9 : 0;
  const state = agent({ internal: 500, resend: 3 });
  return {
    fw1: { ...masterRound, agent: { ...state, backlog: { resend: 3, transmit: 0, overflowed } } },
    fw2: slaveRound(second),
  };
};
