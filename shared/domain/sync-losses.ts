import { counterDifference } from './lag-series.ts';
import type { SyncLogFacts } from './node-facts.ts';
import type { SyncAgentState } from './replication.ts';
import type { AgentSamples } from './sync-samples.ts';

/** What a sync agent counts when something may have been lost; cumulative since its start. */
export interface LossCounters {
  readonly failed: number;
  readonly malformed: number;
  readonly overflowed: number;
  readonly overruns: number;
}

/**
 * The counters as they were before the last full sync, or when they were first read. `whole`: what was counted before
 * is accounted for, by a full sync or because it was nothing. `restarted`: a new daemon, and no full sync seen since.
 */
export interface LossBaseline {
  readonly counters: LossCounters;
  readonly whole: boolean;
  readonly restarted: boolean;
  /** The bulk that the log named last. */
  readonly bulkAt: number | undefined;
}

export const lossCounters = (state: SyncAgentState): LossCounters => ({
  failed: (state.external.counters?.failed ?? 0) + (state.internal.counters?.failed ?? 0),
  malformed: state.malformed,
  overflowed: state.backlog?.overflowed ?? 0,
  overruns: state.netlinkOverruns ?? 0,
});

export const lossesSince = (baseline: LossBaseline, state: SyncAgentState): LossCounters => {
  const now = lossCounters(state);
  const { counters } = baseline;
  return {
    failed: since(now.failed, counters.failed),
    malformed: since(now.malformed, counters.malformed),
    overflowed: since(now.overflowed, counters.overflowed),
    overruns: since(now.overruns, counters.overruns),
  };
};

/** All but `malformed` wrap at 2^32, and no count of losses grows by as much between two looks. */
const since = (now: number, before: number): number => Math.max(0, counterDifference(now, before));

const none: LossCounters = { failed: 0, malformed: 0, overflowed: 0, overruns: 0 };

/** The log is read so much (ms) later at most than the bulk that it names: losses of the bulk itself must count. */
const logDelayMs = 30_000;

/** The baseline after a reading of the agent, or of its log. */
export function nextBaseline(
  before: LossBaseline | undefined,
  samples: AgentSamples,
  restarted: boolean,
  log: SyncLogFacts | undefined,
): LossBaseline | undefined {
  const last = samples.at(-1);
  const bulkAt = log?.lastBulkAt ?? before?.bulkAt;
  // in ALARM mode every entry comes again with the next refresh: no full sync is ever asked for
  const refreshes = last?.state.mode === 'alarm';
  if (before && restarted) return { counters: none, whole: true, restarted: !refreshes, bulkAt };
  if (last === undefined) return before;
  if (before === undefined) {
    const counters = lossCounters(last.state);
    const whole = Object.values(counters).every((count) => count === 0);
    return { counters, whole, restarted: false, bulkAt };
  }
  if (before.restarted && (log?.bulkSinceStart || refreshes)) return { ...before, restarted: false, bulkAt };
  const isNewBulk = before.bulkAt !== undefined && bulkAt !== undefined && bulkAt !== before.bulkAt;
  if (!isNewBulk) return bulkAt === before.bulkAt ? before : { ...before, bulkAt };
  const earlier = samples.find((sample) => sample.at >= last.at - logDelayMs) ?? last;
  return { counters: lossCounters(earlier.state), whole: true, restarted: false, bulkAt };
}
