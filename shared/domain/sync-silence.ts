import type { SyncAgentState, SyncChannel } from './replication.ts';
import { type AgentSamples, channelTotals, ownCount } from './sync-samples.ts';

/** conntrackd sends something at least every 1–2 s of quiet, except in ALARM: past this (ms) the peer is silent. */
const silenceMs = 3_000;
/** ALARM's default RefreshTime, in seconds. */
const defaultRefresh = 60;
/** By so much (ms) a refresh may be late. */
const refreshGraceMs = 5_000;

/** Why nothing can have arrived on any sync link lately; undefined where something can, or where that is not known. */
export function deadLink(samples: AgentSamples, side: 'slave' | 'master'): string | undefined {
  const channels = samples.at(-1)?.state.channels ?? [];
  const dead = channels.map((channel) => deadness(channel, side));
  if (channels.length === 0 || dead.includes(undefined)) return undefined;
  const whose = side === 'slave' ? 'this node' : 'the master';
  const each = channels.map((channel, i) => `${channel.device} of ${whose} is ${dead[i]}`);
  return `the sync link ${each.join(', and ')}`;
}

/** A TCP channel has two connections: the slave receives on the one, the master sends on the other. */
function deadness(channel: SyncChannel, side: 'slave' | 'master'): string | undefined {
  if (channel.status !== 'RUNNING' && channel.status !== 'unknown') return channel.status;
  const connected = side === 'slave' ? channel.receives : channel.sends;
  return connected === false ? 'up, but its TCP connection does not stand' : undefined;
}

/** Nothing arrived for longer than the mode may be quiet. */
export function quiet(master: AgentSamples, slave: AgentSamples): string | undefined {
  const now = slave.at(-1);
  if (!now) return undefined;
  const arrivedAt = lastArrival(slave);
  const quietMs = now.at - arrivedAt;
  const unheard = quietMs > silenceMs && sentBetween(master, arrivedAt, now.at - 1_000) > 0;
  if (!unheard && quietMs <= patienceMs(master, now.state)) return undefined;
  const meanwhile = unheard ? ', while the master goes on sending' : '';
  return `nothing has arrived for ${Math.round(quietMs / 1000)} s${meanwhile}`;
}

/** How long the master may say nothing. ALARM repeats each entry within its RefreshTime, and has no keepalives. */
function patienceMs(master: AgentSamples, { mode, refreshSeconds = defaultRefresh }: SyncAgentState): number {
  if (mode !== 'alarm' && mode !== 'unknown') return silenceMs;
  const now = master.at(-1)?.state;
  if (mode === 'alarm' && now && ownCount(now) === 0) return Number.POSITIVE_INFINITY;
  return refreshSeconds * 1_000 + refreshGraceMs;
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

/** Messages sent between two instants, as far as samples lie between them. */
function sentBetween(samples: AgentSamples, from: number, to: number): number {
  const inside = samples.filter(({ at }) => at >= from && at <= to);
  const [first, last] = [inside[0], inside.at(-1)];
  return first && last ? channelTotals(last.state).packetsSent - channelTotals(first.state).packetsSent : 0;
}

export function arrives(slave: AgentSamples): boolean {
  const [first, last] = [slave[0], slave.at(-1)];
  return first !== undefined && last !== undefined && received(last) > received(first);
}
