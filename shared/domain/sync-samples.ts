import type { SyncRates } from './cluster-snapshot.ts';
import { counterDifference } from './lag-series.ts';
import type { SyncAgentState, SyncChannel } from './replication.ts';

/** One reading of a sync agent, with its instant on this machine's clock in ms. */
export interface AgentSample {
  readonly at: number;
  readonly state: SyncAgentState;
}

/** The samples of one node since its daemon's start, oldest first. */
export type AgentSamples = readonly AgentSample[];

/** Over how many samples a rate is taken. */
const span = 4;

/** Connection states that a commit could put into the kernel now; not observable where they are injected at once. */
export const replicatedCount = (state: SyncAgentState): number | undefined =>
  state.external.kind === 'cache' ? state.external.counters?.active : undefined;

/** Connections of its own that a node's agent replicates; not observable where it keeps no cache of them. */
export const ownCount = (state: SyncAgentState): number | undefined =>
  state.internal.kind === 'cache' ? state.internal.counters?.active : undefined;

export function channelTotals(state: SyncAgentState) {
  const sum = (pick: (channel: SyncChannel) => number) =>
    state.channels.reduce((total, channel) => total + pick(channel), 0);
  return {
    packetsSent: sum((channel) => channel.packetsSent),
    packetsReceived: sum((channel) => channel.packetsReceived),
    bytesSent: sum((channel) => channel.bytesSent),
    bytesReceived: sum((channel) => channel.bytesReceived),
  };
}

/** Rates a second over the last samples; undefined with fewer than two. */
export function syncRates(samples: AgentSamples): SyncRates | undefined {
  const [first, last] = window(samples);
  if (!first || !last) return undefined;
  const seconds = (last.at - first.at) / 1000;
  const [before, after] = [channelTotals(first.state), channelTotals(last.state)];
  const rate = (now: number, then: number) => Math.max(0, now - then) / seconds;
  return {
    messagesSent: rate(after.packetsSent, before.packetsSent),
    messagesReceived: rate(after.packetsReceived, before.packetsReceived),
    bytesSent: rate(after.bytesSent, before.bytesSent),
    bytesReceived: rate(after.bytesReceived, before.bytesReceived),
    changes: changesBetween(first.state.internal, last.state.internal) / seconds,
  };
}

type Cache = SyncAgentState['internal'] | SyncAgentState['external'];

/** How often a cache changed between two readings of one daemon, whose counters wrap at 2^32. */
export const changesBetween = ({ counters: a }: Cache, { counters: b }: Cache): number =>
  a && b
    ? Math.max(0, counterDifference(b.created, a.created)) +
      Math.max(0, counterDifference(b.updated, a.updated)) +
      Math.max(0, counterDifference(b.destroyed, a.destroyed))
    : 0;

/** Creations and destructions a second: how fast a count moves under the eyes of whoever compares it. */
function churn(samples: AgentSamples): number {
  const [first, last] = window(samples);
  const [a, b] = [first?.state.internal.counters, last?.state.internal.counters];
  if (!first || !last || !a || !b) return 0;
  const moved = counterDifference(b.created, a.created) + counterDifference(b.destroyed, a.destroyed);
  return Math.max(0, moved / ((last.at - first.at) / 1000));
}

function window(samples: AgentSamples): [AgentSample, AgentSample] | [] {
  const last = samples.at(-1);
  const first = samples.at(-span) ?? samples[0];
  return first && last && last.at > first.at ? [first, last] : [];
}

/** The counts of both nodes side by side. */
export interface CountPair {
  readonly known: number;
  readonly held: number;
  /** Milliseconds between the two samples. */
  readonly apart: number;
}

/** A master and a slave side by side: what every judgement of the two rests on, worked out once. */
export interface SyncComparison {
  readonly master: AgentSamples;
  readonly slave: AgentSamples;
  /** Their newest counts, oldest first, as far as both are observable. */
  readonly pairs: readonly CountPair[];
  /** The master's. */
  readonly churn: number;
}

export const compareSamples = (master: AgentSamples, slave: AgentSamples): SyncComparison => ({
  master,
  slave,
  pairs: countPairs(master, slave),
  churn: churn(master),
});

function countPairs(master: AgentSamples, slave: AgentSamples): CountPair[] {
  const pairs: CountPair[] = [];
  for (let back = Math.min(master.length, slave.length, 8); back >= 1; back -= 1) {
    const [a, b] = [master.at(-back), slave.at(-back)];
    const known = a && ownCount(a.state);
    const held = b && replicatedCount(b.state);
    if (a && b && known !== undefined && held !== undefined) {
      pairs.push({ known, held, apart: Math.abs(a.at - b.at) });
    }
  }
  return pairs;
}
