import { readingValue } from '../lib/reading.ts';
import type { Eligibility, NodeReadings } from './cluster-snapshot.ts';
import { ownCount } from './sync-samples.ts';

/** The eligibility of one master over the last hour, a value a minute, and since when it is below its baseline. */
export interface EligibilityPast {
  readonly node: string;
  readonly minutes: readonly { readonly at: number; readonly value: number }[];
  readonly lowSince: number | undefined;
}

const minuteMs = 60_000;
const keptMinutes = 60;
/** So many minutes make a baseline. */
const leastMinutes = 10;
/** A fall by less than this share of the baseline is the ordinary up and down of a node's own traffic. */
const leastFall = 0.05;
/** Two counts of one node are not read at one instant: a fall must last for three polls (ms). */
const holdMs = 3_000;

/** I / K of a master: connections that its agent replicates, of all in its kernel. Undefined where it cannot be had. */
export function eligibilityValue({ agent, connections }: NodeReadings): number | undefined {
  const state = readingValue(agent);
  const known = state && ownCount(state);
  const all = readingValue(connections);
  return known === undefined || all === undefined || all === 0 ? undefined : known / all;
}

/** Takes the value of a moment into the past; another master begins its own. */
export function nextEligibility(
  before: EligibilityPast | undefined,
  node: string,
  value: number,
  now: number,
): EligibilityPast {
  const past = before?.node === node ? before : { node, minutes: [], lowSince: undefined };
  const baseline = baselineOf(past, now);
  const low = baseline !== undefined && value < baseline * (1 - leastFall);
  const lowSince = low ? (past.lowSince ?? now) : undefined;
  const last = past.minutes.at(-1);
  const minutes =
    last === undefined || now - last.at >= minuteMs
      ? [...past.minutes, { at: now, value }].slice(-keptMinutes)
      : past.minutes;
  return { node, minutes, lowSince };
}

/** `overran`: events of the kernel were lost since the last full sync. */
export function judgeEligibility(
  past: EligibilityPast,
  value: number,
  overran: boolean,
  now: number,
): Eligibility {
  const baseline = baselineOf(past, now);
  const first = past.minutes[0];
  return {
    value,
    ...(baseline !== undefined &&
      first && { baseline, baselineSeconds: Math.floor((now - first.at) / 1000) }),
    dropped: overran || (past.lowSince !== undefined && now - past.lowSince >= holdMs),
  };
}

/** The median, without the minute that is running. */
function baselineOf({ minutes }: EligibilityPast, now: number): number | undefined {
  const values = minutes.filter(({ at }) => now - at >= minuteMs).map(({ value }) => value);
  return values.length < leastMinutes
    ? undefined
    : values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
}
