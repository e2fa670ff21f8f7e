import { counterDifference } from './lag-series.ts';
import type { SyncPhase } from './replication.ts';
import type { LagEstimate } from './sync-lag.ts';
import { ackWindow } from './sync-phase.ts';
import { type AgentSamples, syncRates } from './sync-samples.ts';

/** Keepalives and what was sent since the last acknowledgement of a quiet second: no sign of anything. */
const idleMessages = 5;

/** Messages that the master sent or will send and that are not acknowledged; only FTFW knows. */
export function backlog(master: AgentSamples): number | undefined {
  const now = master.at(-1)?.state;
  return now?.mode === 'ftfw' && now.backlog ? (now.backlog.resend ?? 0) + now.backlog.transmit : undefined;
}

/**
 * Little's law: entries unacknowledged / new entries a second. The queue holds an entry once, however often it changed
 * since, so a rate of changes would make the lag too small. A slave acknowledges once a second, so that up to a second of
 * new entries says nothing; within the ACK window more than that is an upper bound, beyond it the lag.
 */
export function backlogLag(
  master: AgentSamples,
  phase: SyncPhase,
  slaves: number,
  source: string,
): LagEstimate {
  const last = master.at(-1);
  const about = { method: 'backlog', observedAt: last?.at ?? 0, source } as const;
  const unknown = (note: string): LagEstimate => ({ ...about, kind: 'unknown', note });
  const mode = last?.state.mode;
  if (mode === 'notrack' || mode === 'alarm') {
    return {
      ...about,
      kind: 'not-measurable',
      note: `in ${mode.toUpperCase()} nobody acknowledges anything`,
    };
  }
  const waiting = backlog(master);
  if (last === undefined || waiting === undefined)
    return unknown('the queue of the master could not be read');
  if (slaves > 1) return unknown('with several slaves nobody knows who acknowledged what');
  if (phase === 'unknown' || phase === 'never')
    return unknown('whether the slave hears the master is not known');
  const rate = entryRate(master);
  const note = `${waiting} messages not acknowledged, ${Math.round(rate)} new entries a second`;
  if (waiting <= ackWindow(last.state) && phase !== 'silent') {
    const explained = waiting <= 1.1 * rate + idleMessages;
    const seconds = explained || rate === 0 ? 1 : Math.max(1, waiting / rate);
    return { ...about, kind: 'below', seconds, note };
  }
  return rate > 0 && waiting > 0
    ? { ...about, kind: 'measured', seconds: waiting / rate, note }
    : { ...about, kind: 'unknown', note: `${note}: there is no rate to divide by` };
}

/** New entries a second over the last polls; where there are none, every change is one of an entry of its own. */
function entryRate(master: AgentSamples): number {
  const [first, last] = [master.at(-4) ?? master[0], master.at(-1)];
  const [before, after] = [first?.state.internal.counters, last?.state.internal.counters];
  if (!first || !last || !before || !after || last.at <= first.at) return 0;
  const created = (counterDifference(after.created, before.created) / (last.at - first.at)) * 1000;
  return created > 0 ? created : (syncRates(master)?.changes ?? 0);
}
