import type { SyncPhase } from './replication.ts';
import {
  type AgentSamples,
  activeChannel,
  channelTotals,
  churn,
  countPairs,
  ownCount,
  syncRates,
} from './sync-samples.ts';

/** conntrackd's default ACKWindowSize: up to so many messages stay unacknowledged by design. */
export const ackWindow = 300;
/** How many polls in a row a difference must stand before it is called real. */
export const consecutive = 3;
/** conntrackd sends something at least every 1–2 s of quiet, except in ALARM: past this the peer is silent. */
const silenceMs = 3_000;
/** ALARM sends nothing while nothing is due; its default RefreshTime bounds the silence. */
const alarmSilenceMs = 65_000;

export interface PhaseEvidence {
  readonly phase: SyncPhase;
  readonly evidence: string;
}

/**
 * The first that holds, gravest first: a dead link or silence, nothing ever received, a bulk under way, a gap, and
 * only with positive evidence in step. Anything else is unknown.
 */
export function syncPhase(master: AgentSamples, slave: AgentSamples, slaves: number): PhaseEvidence {
  return (
    deadLink(slave, 'this node') ??
    quiet(slave) ??
    deadLink(master, 'the master') ??
    nothingReceived(master, slave) ??
    bulkUnderWay(master, slave) ??
    (slaves === 1 ? (backlogGrowth(master) ?? certainGap(master, slave)) : undefined) ??
    countGap(master, slave) ??
    (arrives(slave)
      ? { phase: 'in-step', evidence: "the master's messages keep arriving" }
      : { phase: 'unknown', evidence: 'too few readings yet to tell whether messages arrive' })
  );
}

function deadLink(samples: AgentSamples, whose: string): PhaseEvidence | undefined {
  const state = samples.at(-1)?.state;
  const channel = state && activeChannel(state);
  if (!channel || channel.status === 'RUNNING' || channel.status === 'unknown') return undefined;
  return { phase: 'silent', evidence: `the sync link ${channel.device} of ${whose} is ${channel.status}` };
}

/** Nothing arrived for longer than the mode may be quiet. */
function quiet(slave: AgentSamples): PhaseEvidence | undefined {
  const now = slave.at(-1);
  if (!now) return undefined;
  const patient = now.state.mode === 'alarm' || now.state.mode === 'unknown';
  const quietMs = now.at - lastArrival(slave);
  return quietMs > (patient ? alarmSilenceMs : silenceMs)
    ? { phase: 'silent', evidence: `nothing has arrived for ${Math.round(quietMs / 1000)} s` }
    : undefined;
}

/** When the count of received packets was last seen to change, or the oldest sample. */
function lastArrival(samples: AgentSamples): number {
  for (let index = samples.length - 1; index > 0; index -= 1) {
    const [before, after] = [samples[index - 1], samples[index]];
    if (before && after && received(after) !== received(before)) return after.at;
  }
  return samples[0]?.at ?? 0;
}

const received = (sample: AgentSamples[number]): number => channelTotals(sample.state).packetsReceived;

function arrives(slave: AgentSamples): boolean {
  const [first, last] = [slave[0], slave.at(-1)];
  return first !== undefined && last !== undefined && received(last) > received(first);
}

function nothingReceived(master: AgentSamples, slave: AgentSamples): PhaseEvidence | undefined {
  const now = master.at(-1);
  const known = (now && ownCount(now.state)) ?? 0;
  const counters = slave.at(-1)?.state.external.counters;
  return counters?.created === 0 && known > 0
    ? { phase: 'never', evidence: `it has received none of the master's ${known} connections` }
    : undefined;
}

/** The slave takes in far more than the master changes. */
function bulkUnderWay(master: AgentSamples, slave: AgentSamples): PhaseEvidence | undefined {
  const [first, last] = [slave.at(-2), slave.at(-1)];
  const [a, b] = [first?.state.external.counters, last?.state.external.counters];
  if (!first || !last || !a || !b || last.at <= first.at) return undefined;
  const rate = (b.created + b.updated - a.created - a.updated) / ((last.at - first.at) / 1000);
  const changes = syncRates(master)?.changes ?? 0;
  return rate > Math.max(200, 5 * changes)
    ? { phase: 'full-sync', evidence: `it takes in ${Math.round(rate)} connections a second` }
    : undefined;
}

/** FTFW: more messages wait for an acknowledgement than the window and one second of changes explain. */
function backlogGrowth(master: AgentSamples): PhaseEvidence | undefined {
  if (master.at(-1)?.state.mode !== 'ftfw') return undefined;
  const healthy = 1.1 * (ackWindow + (syncRates(master)?.changes ?? 0));
  const waiting = master.slice(-consecutive).map((sample) => sample.state.backlog?.resend ?? 0);
  return waiting.length === consecutive && waiting.every((each) => each > healthy)
    ? { phase: 'behind', evidence: `${waiting.at(-1)} messages wait for an acknowledgement` }
    : undefined;
}

/**
 * FTFW with little unacknowledged: then the window explains nothing, and a slave that holds fewer entries than the
 * master, beyond what waits and what churns, lacks them for certain. This tells a small table that was never filled
 * from one in step, which the bound of `countGap` cannot.
 */
function certainGap(master: AgentSamples, slave: AgentSamples): PhaseEvidence | undefined {
  if (master.at(-1)?.state.mode !== 'ftfw') return undefined;
  const polls = 5;
  const waiting = Math.max(...master.slice(-polls).map((each) => each.state.backlog?.resend ?? ackWindow));
  const pairs = countPairs(master, slave).slice(-polls);
  const slack = Math.max(5, (pairs.at(-1)?.known ?? 0) / 100) + waiting + 2 * churn(master);
  return pairs.length === polls && pairs.every((pair) => pair.known - pair.held > slack)
    ? behindBy(pairs.at(-1))
    : undefined;
}

function countGap(master: AgentSamples, slave: AgentSamples): PhaseEvidence | undefined {
  const pair = countPairs(master, slave).at(-1);
  return pair && pair.held < pair.known && distinguishable(master, slave) ? behindBy(pair) : undefined;
}

const behindBy = (pair: { held: number; known: number } | undefined): PhaseEvidence | undefined =>
  pair && { phase: 'behind', evidence: `it holds ${pair.held} of the master's ${pair.known} connections` };

/** Milliseconds between two nodes' samples that their instants do not show: how long the commands took. */
export const skewMs = 100;

/** Is the difference of the counts more than skew, churn and the window explain, in consecutive polls? */
export function distinguishable(master: AgentSamples, slave: AgentSamples): boolean {
  const lambda = churn(master);
  const recent = countPairs(master, slave).slice(-consecutive);
  return (
    recent.length === consecutive &&
    recent.every(
      ({ known, held, apart }) => Math.abs(known - held) > lambda * ((apart + skewMs) / 1000 + 1) + ackWindow,
    )
  );
}
