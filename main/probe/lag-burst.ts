import { setTimeout as delay } from 'node:timers/promises';
import type { CounterSample, CounterSeries } from '../../shared/domain/lag-series.ts';
import type { CacheCounters } from '../../shared/domain/replication.ts';
import { type Clock, elapsed } from '../../shared/lib/clock.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { SyncAgent } from '../agents/agent.ts';
import type { Command } from '../agents/command.ts';
import { clockCommand } from '../agents/host/commands.ts';
import type { Answer, NodeRunner, RunnerLane } from './node-runner.ts';

/** The limits of the programs asked: faster than once a second only for 2 s, at most once a minute. */
const burstMs = 2_000;
/** A reading every so often: 50 a burst at most, each a line in the node's sudo log. */
const sampleMs = 40;
const roundTrips = 3;

export interface SampledCache {
  readonly cache: 'internal' | 'external';
  /** The sync agent's quickest command, which tells the counters of both caches. */
  readonly command: Command;
  readonly agent: Pick<SyncAgent, 'parseState' | 'classify'>;
  /** ms to wait before the first reading: a slave far behind shows later what the master shows now. */
  readonly after: number;
}

/**
 * Reads the counters of a cache as fast as is allowed, on a channel of its own. Of each answer's span the channel's own
 * round trip is taken off: half of the least that a program which does nothing takes, at either end.
 */
export async function sampleCounters(
  runner: NodeRunner,
  { cache, command, agent, after }: SampledCache,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result<CounterSeries, string>> {
  const lane = runner.lane(command, clockCommand);
  if (!lane) return err('its session is down');
  const close = () => lane.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    const oneWay = await halfRoundTrip(lane);
    if (!oneWay.ok) return oneWay;
    if (after > 0) await delay(after, undefined, { signal });
    const samples: CounterSample[] = [];
    for (const from = clock(); elapsed(from, clock()) < burstMs && !signal.aborted; ) {
      const begun = clock();
      const answer = await lane.poll(command);
      if (!answer.ok) return err(answer.error.message);
      const failure = agent.classify(command, answer.value, runner.privileged);
      if (failure) return err(failure.message);
      const state = agent.parseState([answer.value.stdout]);
      const counters = state.ok ? state.value[cache].counters : undefined;
      if (!counters) return err(`it shows no counters of its ${cache} cache`);
      samples.push(sampleOf(answer.value, counters, oneWay.value));
      await delay(Math.max(0, sampleMs - elapsed(begun, clock())), undefined, { signal });
    }
    return ok(samples);
  } catch {
    return err('it was called off');
  } finally {
    signal.removeEventListener('abort', close);
    lane.close();
  }
}

/** Half of the least time (ms) in which a program that does nothing is asked and answered. */
export async function halfRoundTrip(lane: RunnerLane): Promise<Result<number, string>> {
  let least = Number.POSITIVE_INFINITY;
  for (let trip = 0; trip < roundTrips; trip += 1) {
    const answer = await lane.poll(clockCommand);
    if (!answer.ok) return err(answer.error.message);
    least = Math.min(least, answer.value.endedAt - answer.value.sentAt);
  }
  return ok(least / 2);
}

function sampleOf({ sentAt, endedAt }: Answer, counters: CacheCounters, oneWay: number): CounterSample {
  const middle = (sentAt + endedAt) / 2;
  return {
    from: Math.min(middle, sentAt + oneWay),
    to: Math.max(middle, endedAt - oneWay),
    created: counters.created,
    destroyed: counters.destroyed,
  };
}
