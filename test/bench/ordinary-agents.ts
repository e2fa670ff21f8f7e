import type { Lab } from '../lab/lab.ts';
import { mustOn } from '../lab/node.ts';
import { pidOf } from '../lab/services.ts';

/** What conntrackd gives itself where its file does not say otherwise: `chrt`'s words. */
const ofItself = ['--rr', '--pid', '99'];

/**
 * Runs `act` while the nodes' sync agents have no more right to a processor than others. By itself conntrackd has real-time
 * priority, and with a million connections it takes a processor for some 20 ms once a second, whether it is watched or
 * not. In the lab that is one of those that draw the console; a firewall is no operator's desk.
 */
export async function withOrdinaryAgents<T>({ plan }: Lab, act: () => Promise<T>): Promise<T> {
  const schedule = async (words: readonly string[]) => {
    for (const { name } of plan.nodes) {
      const pid = await pidOf(name, 'agent');
      if (pid === undefined) throw new Error(`${name}: its sync agent does not run`);
      await mustOn(name, ['chrt', ...words, pid]);
    }
  };
  try {
    await schedule(['--other', '--pid', '0']);
    return await act();
  } finally {
    await schedule(ofItself);
  }
}
