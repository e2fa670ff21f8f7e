import { setTimeout as delay } from 'node:timers/promises';
import { type LagEstimate, lagWithin } from '../../shared/domain/sync-lag.ts';
import type { CanaryCommands, SyncAgent } from '../agents/agent.ts';
import type { Command } from '../agents/command.ts';
import type { Answer, RunnerLane } from '../probe/node-runner.ts';

/** Pauses (ms) before the reads of the slave's cache: 20 at most, over the nine seconds that the entry is sure to live. */
const pauses = [
  0, 0, 0, 10, 20, 30, 50, 70, 100, 150, 200, 250, 350, 450, 600, 800, 1_000, 1_200, 1_400, 1_600,
];
const watchedMs = 9_000;

/** The span in which something was asked and answered, ms, our clock. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** `seen`: the read that showed the entry first; `before`: the last one that did not. */
export interface Sighting {
  readonly reads: number;
  readonly before?: Span;
  readonly seen?: Span;
  /** Why it was given up. */
  readonly failure?: string;
}

/** Reads the slave's cache until the entry is in it. `oneWay`: half of the channel's round trip. */
export async function awaitCanary(
  lane: RunnerLane,
  dump: Command,
  classify: SyncAgent['classify'],
  canary: CanaryCommands,
  oneWay: number,
  clock: () => number,
): Promise<Sighting> {
  const end = clock() + watchedMs;
  let before: Span | undefined;
  let reads = 0;
  for (const pause of pauses) {
    await delay(pause);
    if (clock() > end) break;
    const answer = await lane.poll(dump);
    reads += 1;
    if (!answer.ok) return { reads, failure: answer.error.message };
    const failure = classify(dump, answer.value, true);
    if (failure) return { reads, failure: failure.message };
    const span = spanOf(answer.value, oneWay);
    if (canary.isIn(answer.value.stdout)) return { reads, seen: span, ...(before && { before }) };
    before = span;
  }
  return { reads, ...(before && { before }) };
}

export function spanOf({ sentAt, endedAt }: Answer, oneWay: number): Span {
  const middle = (sentAt + endedAt) / 2;
  return { from: Math.min(middle, sentAt + oneWay), to: Math.max(middle, endedAt - oneWay) };
}

/** The lag that a canary shows: written within `written`, it arrived after the last read without it, before the first with it. */
export function canaryEstimate(
  written: Span,
  { reads, before, seen, failure }: Sighting,
  source: string,
  at: number,
): LagEstimate {
  const about = { method: 'canary', observedAt: at, source } as const;
  if (failure !== undefined) return { ...about, kind: 'unknown', note: failure };
  if (!seen) {
    const note = `not seen within ${Math.round(watchedMs / 1000)} s: filtered by the sync agent, lost, or further behind`;
    return { ...about, kind: 'unknown', note };
  }
  const low = before ? before.from - written.to : 0;
  const times = reads === 1 ? 'in the first read' : `in read ${reads}`;
  return { ...about, ...lagWithin(low, seen.to - written.from), note: `seen ${times} of the slave's cache` };
}
