import type { SyncAgentState, SyncChannel } from './replication.ts';
import { type AgentSamples, channelTotals, ownCount } from './sync-samples.ts';

/** conntrackd sends something at least every 1–2 s of quiet, except in ALARM: past this (ms) the peer is silent. */
const silenceMs = 3_000;
/** ALARM's default RefreshTime, in seconds. */
const defaultRefresh = 60;
/** By so much (ms) a refresh may be late. */
const refreshGraceMs = 5_000;

/** Why nothing can have arrived on any sync link lately; undefined where something can, or where that is not known. */
export function deadLink(
  master: AgentSamples,
  slave: AgentSamples,
  names = { master: 'the master', slave: 'this node' },
): string | undefined {
  const now = master.at(-1)?.state;
  // in ALARM a node without connections of its own says nothing, and connects when it first does
  const mute = now?.mode === 'alarm' && ownCount(now) === 0;
  const stillMs = mute ? 0 : (slave.at(-1)?.at ?? 0) - lastArrival(slave);
  return (
    deadAt(names.slave, slave, ({ receives }) => receives, stillMs) ??
    astray(master, slave, names) ??
    deadAt(names.master, master, ({ sends }) => sends, stillMs)
  );
}

/** A TCP channel has two connections: the slave receives on the one, the master sends on the other. */
function deadAt(
  whose: string,
  samples: AgentSamples,
  standing: (channel: SyncChannel) => boolean | undefined,
  stillMs: number,
): string | undefined {
  const channels = samples.at(-1)?.state.channels ?? [];
  const dead = channels.map((channel) => {
    if (hasNoCarrier(channel)) return channel.status;
    // a connection that broke is made anew within seconds, as at the switch to a second link
    return standing(channel) === false && stillMs > silenceMs
      ? 'up, but its TCP connection does not stand'
      : undefined;
  });
  if (channels.length === 0 || dead.includes(undefined)) return undefined;
  return `the sync link ${channels.map(({ device }, i) => `${device} of ${whose} is ${dead[i]}`).join(', and ')}`;
}

const hasNoCarrier = ({ status }: SyncChannel): boolean => status !== 'RUNNING' && status !== 'unknown';

/**
 * The master sends on a link whose other end is dead, although there is another: it follows a slave to another link
 * only when it hears the slave there, and in ALARM a slave has nothing to say. Told once seen twice at both ends,
 * because elsewhere a keepalive turns the master within a second.
 */
function astray(
  master: AgentSamples,
  slave: AgentSamples,
  names: { readonly master: string; readonly slave: string },
): string | undefined {
  const devices = [1, 2].map((back) => {
    const used = master.at(-back)?.state.channels.find(({ active }) => active)?.device;
    const end = slave.at(-back)?.state.channels.find(({ device }) => device === used);
    return end && hasNoCarrier(end) ? end : undefined;
  });
  const [end, before] = devices;
  return end && before && end.device === before.device
    ? `${names.master} still sends on ${end.device}, and ${end.device} of ${names.slave} is ${end.status}`
    : undefined;
}

/** So many messages in so many polls (a stalled daemon answers late, once) do not all get lost by chance. */
const enough = { messages: 5, polls: 2 };
/** What was sent so shortly (ms) before a reading of the slave may still be under way. */
const underWayMs = 500;

/** Nothing of what the master sent arrived, or nothing for longer than the mode may be quiet. */
export function quiet(master: AgentSamples, slave: AgentSamples): string | undefined {
  const now = slave.at(-1);
  if (!now) return undefined;
  const arrivedAt = lastArrival(slave);
  const quietMs = now.at - arrivedAt;
  const polls = slave.filter(({ at }) => at > arrivedAt).length;
  const sent = polls < enough.polls ? 0 : sentBetween(master, arrivedAt, now.at - underWayMs);
  const unheard = sent >= enough.messages || (sent > 0 && quietMs > silenceMs);
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
