import { counterDifference } from './lag-series.ts';
import type { SyncAgentState, SyncPhase } from './replication.ts';
import {
  type AgentSamples,
  type CountPair,
  changesBetween,
  ownCount,
  replicatedCount,
  type SyncComparison,
  syncRates,
} from './sync-samples.ts';
import { arrives, deadLink, quiet } from './sync-silence.ts';

/** How many polls in a row a difference must stand before it is called real. */
export const consecutive = 3;

/** Up to so many messages stay unacknowledged by design; where nothing is acknowledged, none do. */
export const ackWindow = ({ mode, ackWindow = 300 }: SyncAgentState): number =>
  mode === 'notrack' || mode === 'alarm' ? 0 : ackWindow;

export interface PhaseEvidence {
  readonly phase: SyncPhase;
  readonly evidence: string;
}

/**
 * The first that holds, gravest first: a dead link or silence, nothing ever received, a bulk under way, a gap, and
 * only with positive evidence in step. Anything else is unknown. `slaves`: how many share the master's messages.
 */
export function syncPhase(compared: SyncComparison, slaves: number): PhaseEvidence {
  const { master, slave } = compared;
  const silence = deadLink(master, slave) ?? quiet(master, slave);
  if (silence !== undefined) return { phase: 'silent', evidence: silence };
  return (
    nothingReceived(master, slave) ??
    bulkUnderWay(master, slave) ??
    refused(compared) ??
    (slaves === 1 ? backlogGrowth(master) : undefined) ??
    certainGap(compared) ??
    countGap(compared) ??
    takesNothing(master, slave) ??
    inStep(compared)
  );
}

function inStep({ master, slave, pairs }: SyncComparison): PhaseEvidence {
  const [own, other] = [master.at(-1)?.state, slave.at(-1)?.state];
  if (arrives(slave)) {
    const counted = own && other && ownCount(own) !== undefined && replicatedCount(other) !== undefined;
    const blind = counted ? '' : '; its count cannot be compared, because a cache is disabled';
    return { phase: 'in-step', evidence: `the master's messages keep arriving${blind}` };
  }
  const recent = pairs.slice(-consecutive);
  const whole = recent.length === consecutive && recent.every(({ known, held }) => held >= known);
  return other?.mode === 'alarm' && whole
    ? { phase: 'in-step', evidence: 'it holds what the master has, and ALARM is quiet between refreshes' }
    : { phase: 'unknown', evidence: 'too few readings yet to tell whether messages arrive' };
}

function nothingReceived(master: AgentSamples, slave: AgentSamples): PhaseEvidence | undefined {
  const [own, other] = [master.at(-1)?.state, slave.at(-1)?.state];
  const counters = other?.external.counters;
  if (!own || !counters || counters.created + counters.updated > 0) return undefined;
  const known = ownCount(own);
  const lacks =
    known === undefined
      ? [changesWithin(master.slice(0, -1), ({ internal }) => internal), 'changes']
      : [known, 'connections'];
  return Number(lacks[0]) > 0
    ? { phase: 'never', evidence: `it has received none of the master's ${lacks.join(' ')}` }
    : undefined;
}

const changesWithin = (
  samples: AgentSamples,
  cacheOf: (state: SyncAgentState) => SyncAgentState['internal'] | SyncAgentState['external'],
): number => {
  const [first, last] = [samples[0], samples.at(-1)];
  return first && last ? changesBetween(cacheOf(first.state), cacheOf(last.state)) : 0;
};

/** What the slave could not take, because its cache is full or its kernel would not have it. */
function refused(compared: SyncComparison): PhaseEvidence | undefined {
  const { slave } = compared;
  const [first, last] = [slave[0]?.state.external, slave.at(-1)?.state.external];
  const failed = last?.counters?.failed ?? 0;
  const lately = failed - (first?.counters?.failed ?? failed);
  const pairs = compared.pairs.slice(-consecutive);
  const lacks = pairs.length === consecutive && pairs.every(({ known, held }) => held < known);
  // where the counts cannot be compared, only what was refused lately says something about now
  const still = pairs.length === 0 || lacks ? lately : 0;
  const count = still > 0 ? still : lacks && failed > 0 && beyondChurn(compared, 0) ? failed : 0;
  if (count === 0) return undefined;
  const place = last?.kind === 'inject' ? 'kernel' : 'cache';
  return {
    phase: 'behind',
    evidence: `its ${place} refused to take connections ${count} times, as a full one does`,
  };
}

/** Messages arrive, as keepalives do, but none of the master's changes: over enough of them that is no chance. */
function takesNothing(master: AgentSamples, slave: AgentSamples): PhaseEvidence | undefined {
  const polls = 6;
  const [sent, taken] = [master.slice(-polls, -1), slave.slice(-polls)];
  if (sent.length < polls - 1 || taken.length < polls) return undefined;
  if (taken.at(-1)?.state.mode === 'alarm' || taken.at(-1)?.state.external.kind === 'absent')
    return undefined;
  const changes = changesWithin(sent, ({ internal }) => internal);
  return changes >= 20 && changesWithin(taken, ({ external }) => external) === 0
    ? { phase: 'behind', evidence: `it takes in none of the master's ${changes} changes` }
    : undefined;
}

/** The slave takes in far more than the master changes. */
function bulkUnderWay(master: AgentSamples, slave: AgentSamples): PhaseEvidence | undefined {
  const [first, last] = [slave.at(-2), slave.at(-1)];
  const [a, b] = [first?.state.external.counters, last?.state.external.counters];
  if (!first || !last || !a || !b || last.at <= first.at) return undefined;
  const taken = counterDifference(b.created, a.created) + counterDifference(b.updated, a.updated);
  const rate = taken / ((last.at - first.at) / 1000);
  const changes = syncRates(master)?.changes ?? 0;
  return rate > Math.max(200, 5 * changes)
    ? { phase: 'full-sync', evidence: `it takes in ${Math.round(rate)} connections a second` }
    : undefined;
}

/** FTFW: more messages wait for an acknowledgement than the window and one second of changes explain. */
function backlogGrowth(master: AgentSamples): PhaseEvidence | undefined {
  const now = master.at(-1)?.state;
  if (now?.mode !== 'ftfw') return undefined;
  const healthy = 1.1 * (ackWindow(now) + (syncRates(master)?.changes ?? 0));
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
function certainGap({ master, ...compared }: SyncComparison): PhaseEvidence | undefined {
  if (master.at(-1)?.state.mode !== 'ftfw') return undefined;
  const polls = 5;
  const waiting = Math.max(
    ...master.slice(-polls).map((each) => each.state.backlog?.resend ?? ackWindow(each.state)),
  );
  const pairs = compared.pairs.slice(-polls);
  const slack = Math.max(5, (pairs.at(-1)?.known ?? 0) / 100) + waiting + 2 * compared.churn;
  return pairs.length === polls && pairs.every((pair) => pair.known - pair.held > slack)
    ? behindBy(pairs.at(-1))
    : undefined;
}

function countGap(compared: SyncComparison): PhaseEvidence | undefined {
  const pair = compared.pairs.at(-1);
  return pair && pair.held < pair.known && distinguishable(compared) ? behindBy(pair) : undefined;
}

const behindBy = (pair: { held: number; known: number } | undefined): PhaseEvidence | undefined =>
  pair && { phase: 'behind', evidence: `it holds ${pair.held} of the master's ${pair.known} connections` };

/** Milliseconds between two nodes' samples that their instants do not show: how long the commands took. */
export const skewMs = 100;

/** Is the difference of the counts more than skew, churn and the window explain, in consecutive polls? */
export function distinguishable(compared: SyncComparison): boolean {
  const now = compared.master.at(-1)?.state;
  return now !== undefined && beyondChurn(compared, ackWindow(now));
}

/** By how many connections the counts may differ without meaning anything: λ·(δ + 1 s) + W. */
export const countBound = ({ churn }: SyncComparison, { apart }: CountPair, besides: number): number =>
  churn * ((apart + skewMs) / 1000 + 1) + besides;

function beyondChurn(compared: SyncComparison, besides: number): boolean {
  const recent = compared.pairs.slice(-consecutive);
  return (
    recent.length === consecutive &&
    recent.every((pair) => Math.abs(pair.known - pair.held) > countBound(compared, pair, besides))
  );
}
