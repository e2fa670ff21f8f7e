import type { CounterSample } from '../../../shared/domain/lag-series.ts';

/** Traffic that is made up: when each change happens at the master (ms), and when it is seen at the slave. */
export interface MadeUpTraffic {
  readonly created: readonly number[];
  readonly destroyed: readonly number[];
}

/** A small generator with a seed, so that a failure can be repeated. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Changes at random, `rate` a second on average, from `from` to `to`. */
export function arrivals(random: () => number, rate: number, from: number, to: number): number[] {
  const times: number[] = [];
  for (let at = from; ; ) {
    at += (-Math.log(1 - random()) / rate) * 1000;
    if (at > to) return times;
    times.push(at);
  }
}

interface Reading {
  readonly traffic: MadeUpTraffic;
  /** What the counters stood at before the traffic. */
  readonly before: { readonly created: number; readonly destroyed: number };
  /** By how much a change is seen later here than at the master. */
  readonly delay: number;
  readonly random: () => number;
  readonly from: number;
  readonly to: number;
  readonly every?: number;
}

/** Reads counters every 40 ms or so; each reading takes a few ms and looks at some instant within. */
export function read({ traffic, before, delay, random, from, to, every = 40 }: Reading): CounterSample[] {
  const samples: CounterSample[] = [];
  for (let sent = from; sent < to; sent += every * (0.9 + random() / 5)) {
    const ended = sent + 2 + random() * 6;
    const looked = sent + random() * (ended - sent);
    const count = (times: readonly number[]) => times.filter((at) => at + delay <= looked).length;
    samples.push({
      from: sent,
      to: ended,
      created: (before.created + count(traffic.created)) % 2 ** 32,
      destroyed: (before.destroyed + count(traffic.destroyed)) % 2 ** 32,
    });
  }
  return samples;
}
