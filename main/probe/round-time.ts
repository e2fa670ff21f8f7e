import type { NodeRunner } from './node-runner.ts';

/** A node that needs so long (ms) for a round, in the middle of the last few, is asked less often; until it needs so much less. */
const longMs = 250;
const shortMs = 125;
const rounds = 5;

export interface RoundTimer {
  /** Asks as `runner` does, and times it. */
  readonly runner: NodeRunner;
  /**
   * To be called when a round is over. Does the node need so long to answer that asking it each second takes a good part
   * of its time? From the first answer to the last: how far away the node is does not count.
   */
  readonly isBusy: () => boolean;
}

export function roundTimer(runner: NodeRunner): RoundTimer {
  let endings: number[] = [];
  let took: number[] = [];
  let busy = false;
  return {
    runner: {
      ...runner,
      poll: async (command) => {
        const answer = await runner.poll(command);
        if (answer.ok) endings.push(answer.value.endedAt);
        return answer;
      },
    },
    isBusy: () => {
      if (endings.length > 1) took = [...took.slice(1 - rounds), Math.max(...endings) - Math.min(...endings)];
      endings = [];
      if (took.length < rounds) return false;
      const middle = took.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
      busy = middle >= (busy ? shortMs : longMs);
      return busy;
    },
  };
}
