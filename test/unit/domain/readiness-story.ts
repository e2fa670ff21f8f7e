import type { NodeReadings } from '../../../shared/domain/cluster-snapshot.ts';
import type { Gate, GateCode } from '../../../shared/domain/readiness.ts';
import { agent, type NodeRound, Story } from './build.ts';

type Facts = Partial<NodeReadings>;

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
  story.seconds(seconds, (second) => {
    const { fw1, fw2 } = rounds(second);
    const at = story.now + 1_000;
    return {
      ...(fw1 && { fw1: { ...fw1, facts: master?.(at) } }),
      ...(fw2 && { fw2: { ...fw2, facts: slave?.(at) } }),
    };
  });
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
