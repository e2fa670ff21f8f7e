import { elapsed } from '../lib/clock.ts';
import type { DirectionState, SyncDirections } from './replication.ts';
import { type AgentSamples, channelTotals } from './sync-samples.ts';
import { deadLink } from './sync-silence.ts';

/** One end of the replication. `says`: whether its daemon answers with figures, hangs, does not run, or is not read. */
export interface SyncEnd {
  readonly name: string;
  readonly samples: AgentSamples;
  readonly says: 'figures' | 'nothing' | 'not-running' | 'unread';
}

interface Judged {
  readonly state: DirectionState;
  readonly evidence: string;
}

/** Past this age (ms) a node's figures say nothing about now. A busy one is read every 2 s, and takes its time to answer. */
const freshMs = 3_500;
/**
 * Windows (ms, less what a poll may be early) and how many packets must be sent within them, so that it is no chance that
 * none arrived. In FTFW and NOTRACK a quiet daemon says something every second.
 */
const windows = [
  { ms: 1_900, sent: 10 },
  { ms: 2_900, sent: 2 },
  { ms: 3_900, sent: 1 },
] as const;
/** With a third node what arrives may be its own: only a share that cannot be its is told. */
const sharedWindows = [
  { ms: 3_900, sent: 8 },
  { ms: 9_900, sent: 8 },
] as const;
/** Within this (ms) every daemon that keeps alive has said something. */
const keepaliveMs = 2_900;
/** So late (ms) a packet is counted at most where it arrives. */
const transitMs = 300;

/** `others`: every further node that speaks on the same channel. */
export function syncDirections(
  master: SyncEnd,
  slave: SyncEnd,
  others: readonly SyncEnd[],
  now: number,
): SyncDirections {
  const toSlave = direction(master, slave, others, now);
  const toMaster = direction(slave, master, others, now);
  const stalled = toSlave.state === 'stalled' ? master : toMaster.state === 'stalled' ? slave : undefined;
  const broken = [toSlave, toMaster].filter(({ state }) => state !== 'flows' && state !== 'unknown');
  const flows = toSlave.state === 'flows' ? toSlave : toMaster.state === 'flows' ? toMaster : undefined;
  const told = broken.length === 0 ? [toSlave, toMaster] : [...broken, ...(flows ? [flows] : [])];
  return {
    toSlave: toSlave.state,
    toMaster: toMaster.state,
    ...(stalled && { stalled: stalled.name }),
    evidence: told.map(({ evidence }) => evidence).join('; '),
  };
}

function direction(from: SyncEnd, to: SyncEnd, others: readonly SyncEnd[], now: number): Judged {
  const unknown = (why: string): Judged => ({ state: 'unknown', evidence: why });
  const last = to.samples.at(-1);
  if (to.says !== 'figures' || !last || elapsed(last.at, now) > freshMs) {
    return unknown(`whether what ${from.name} says arrives is not known: ${to.name} gives no figures`);
  }
  const dead = deadLink(from.samples, to.samples, { master: from.name, slave: to.name });
  if (dead !== undefined) return { state: 'lost', evidence: dead };
  for (const { ms, sent: enough } of others.length === 0 ? windows : sharedWindows) {
    const since = to.samples.findLast(({ at }) => last.at - at >= ms)?.at;
    if (since === undefined) break;
    // a daemon that was held up answers late, once
    if (to.samples.filter(({ at }) => at > since).length < 2) continue;
    const heard = within(to.samples, since, last.at, 'packetsReceived') ?? 0;
    const theirs = others.map((each) => around(each.samples, since, last.at));
    if (theirs.includes(undefined))
      return unknown(`what the other nodes say is not known, so neither is this`);
    const rest = heard - theirs.reduce<number>((sum, each) => sum + (each ?? 0), 0);
    const seconds = Math.round((last.at - since) / 1_000);
    const sent = within(from.samples, since, last.at - transitMs, 'packetsSent');
    const isNothing = rest <= (sent ?? 0) * (others.length === 0 ? 0 : 0.25);
    if (!isNothing) continue;
    const nothing = `nothing of ${from.name} has arrived at ${to.name} for ${seconds} s`;
    if (from.says === 'figures' && sent !== undefined && sent >= enough) {
      return {
        state: 'lost',
        evidence: `${nothing}, while it goes on sending: ${sent.toLocaleString('en')} packets`,
      };
    }
    if (ms < keepaliveMs || last.state.mode === 'alarm' || last.state.mode === 'unknown') continue;
    if (from.says === 'nothing') {
      return { state: 'stalled', evidence: `${nothing}, and its daemon does not answer` };
    }
    if (from.says === 'figures' && sent === 0 && ms > keepaliveMs) {
      return { state: 'silent', evidence: `${nothing}: its daemon sends nothing, not even its keepalives` };
    }
    if (from.says === 'unread') return { state: 'silent', evidence: `${nothing}, and it cannot be read` };
  }
  return flowing(from, to);
}

/** With a third node: that it is not known to be lost. */
function flowing(from: SyncEnd, to: SyncEnd): Judged {
  const [first, last] = [to.samples.at(-5) ?? to.samples[0], to.samples.at(-1)];
  const heard = first && last ? within(to.samples, first.at, last.at, 'packetsReceived') : undefined;
  return heard !== undefined && heard > 0
    ? { state: 'flows', evidence: `what ${from.name} says arrives at ${to.name}` }
    : {
        state: 'unknown',
        evidence: `${to.name} has heard nothing of ${from.name} lately, which may be as it should`,
      };
}

type Counter = 'packetsSent' | 'packetsReceived';

/** What was counted between the first and the last sample within the two instants; undefined with fewer than two. */
function within(samples: AgentSamples, from: number, to: number, counter: Counter): number | undefined {
  const inside = samples.filter(({ at }) => at >= from && at <= to);
  const [first, last] = [inside[0], inside.at(-1)];
  return first && last && first !== last
    ? channelTotals(last.state)[counter] - channelTotals(first.state)[counter]
    : undefined;
}

/** All that was sent between the two instants, and up to a poll more; undefined where no samples enclose them. */
function around(samples: AgentSamples, from: number, to: number): number | undefined {
  const first = samples.findLast(({ at }) => at <= from - transitMs);
  const last = samples.find(({ at }) => at >= to) ?? samples.at(-1);
  return first && last && to - last.at <= freshMs
    ? channelTotals(last.state).packetsSent - channelTotals(first.state).packetsSent
    : undefined;
}
