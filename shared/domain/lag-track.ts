import { type Bounds, type CounterOffset, delayByOffset, delayByPattern } from './lag-delay.ts';
import {
  type CounterSample,
  type CounterSeries,
  counterDifference,
  counterNames,
  onlyGrows,
} from './lag-series.ts';
import type { SyncPhase } from './replication.ts';
import { type LagEstimate, lagWithin } from './sync-lag.ts';
import { skewMs } from './sync-phase.ts';
import { type AgentSample, type AgentSamples, channelTotals } from './sync-samples.ts';

/** The same two counters of the master and of its slaves, read fast for a short while. */
export interface LagBurst {
  readonly master: string;
  /** ms, our clock: when it ended. */
  readonly at: number;
  /** By node; one that could not be read has a reason instead. */
  readonly series: Readonly<Record<string, CounterSeries>>;
  readonly failures: Readonly<Record<string, string>>;
  /** The command that was repeated. */
  readonly source: string;
}

/** What is remembered of a slave's lag between two readings; void as a whole when the master changes. */
export interface LagTrack {
  readonly master: string;
  readonly offset?: { readonly values: CounterOffset; readonly at: number; readonly because: string };
  /** The newest samples that were looked at, the newest full sync of either node's log, and what the slave lost. */
  readonly seen?: {
    readonly master: CounterSample;
    readonly slave: CounterSample;
    readonly bulks: string;
    readonly lost: number;
    /** Bytes that each daemon has sent and received: less than before is a new daemon. */
    readonly bytes: readonly [master: number, slave: number];
  };
  readonly delay?: LagEstimate;
  /** What a burst that began at `from` shows, until a poll behind it tells whether anything was lost meanwhile. */
  readonly sampled?: { readonly estimate: LagEstimate; readonly from: number };
  readonly canary?: LagEstimate;
}

/** What one reading of both says about the offset. `bulks`: changes whenever a log names a new full sync. */
export interface LagReading {
  readonly master: AgentSamples;
  readonly slave: AgentSamples;
  readonly phase: SyncPhase;
  readonly bulks: string;
}

/**
 * The track after a reading: the offset fixed at a moment of proven equality, void after a restart, a full sync, a flush,
 * and a loss that nobody repairs, which would look like a lag for ever.
 */
export function followLag(
  before: LagTrack | undefined,
  name: string,
  reading: LagReading,
): LagTrack | undefined {
  const track = before?.master === name ? before : { master: name };
  const [own, held] = [series(reading.master, 'internal'), series(reading.slave, 'external')];
  const [master, slave] = [own.at(-1), held.at(-1)];
  if (!master || !slave) return track;
  const { bulks } = reading;
  const { offset, seen, delay, sampled, ...rest } = track;
  const lost = lostForGood(reading.slave.at(-1));
  const bytes: readonly [number, number] = [bytesOf(reading.master), bytesOf(reading.slave)];
  const continuous =
    seen === undefined ||
    (seen.bulks === bulks &&
      seen.lost === lost &&
      reading.phase !== 'full-sync' &&
      onlyGrows([seen.master, master]) &&
      onlyGrows([seen.slave, slave]) &&
      bytes.every((each, index) => each >= (seen.bytes[index] ?? 0)) &&
      !flushed(reading.slave));
  const because = reading.phase === 'in-step' ? equality(reading, own, held) : undefined;
  const proven = because && {
    values: {
      created: counterDifference(slave.created, master.created),
      destroyed: counterDifference(slave.destroyed, master.destroyed),
    },
    at: slave.to,
    because,
  };
  const kept = proven ?? (continuous ? offset : undefined);
  const isPolled = sampled !== undefined && (reading.slave.at(-1)?.at ?? 0) > sampled.estimate.observedAt;
  const found = isPolled && lost === lostBy(reading.slave, sampled.from) ? sampled.estimate : undefined;
  const newest = isPolled ? (found ?? voided(sampled.estimate)) : delay;
  const stands = newest && (continuous ? newest : voided(newest));
  return {
    ...rest,
    ...(stands && { delay: stands }),
    ...(sampled && !isPolled && continuous && { sampled }),
    ...(kept && { offset: kept }),
    seen: { master, slave, bulks, lost, bytes },
  };
}

/** What was lost for good, or counted anew, may have looked like lag in the burst before: the figure is none. */
const voided = ({ seconds: _, resolution: __, ...delay }: LagEstimate): LagEstimate => ({
  ...delay,
  kind: 'unknown',
  note: 'the counters no longer run side by side: waiting for a quiet moment',
});

const series = (samples: AgentSamples, cache: 'internal' | 'external'): CounterSample[] =>
  samples.flatMap(({ at, state }) => {
    const counters = state[cache].counters;
    if (!counters) return [];
    return [{ from: at - skewMs, to: at + skewMs, created: counters.created, destroyed: counters.destroyed }];
  });

const bytesOf = (samples: AgentSamples): number => {
  const last = samples.at(-1);
  if (!last) return 0;
  const { bytesSent, bytesReceived } = channelTotals(last.state);
  return bytesSent + bytesReceived;
};

/** In FTFW a gap is sent again; else what did not arrive, or did not fit, is missing in the counters from then on. */
const lostForGood = (slave: AgentSample | undefined): number => {
  const state = slave?.state;
  if (!state) return 0;
  return (state.mode === 'ftfw' ? 0 : state.lost) + state.malformed + (state.external.counters?.failed ?? 0);
};

/** What had been lost for good before `at`, by the last poll before it, or the first that is known. */
const lostBy = (slave: AgentSamples, at: number): number =>
  lostForGood(slave.findLast((sample) => sample.at < at) ?? slave[0]);

const flushed = (slave: AgentSamples): boolean => {
  const active = (sample: AgentSample | undefined) => sample?.state.external.counters?.active;
  const [was, is] = [active(slave.at(-2)), active(slave.at(-1))];
  return was !== undefined && is !== undefined && was > 10 && is < was / 2;
};

/** How many polls, a second apart, both must stand still: no lag below that can hide in them. */
const quietPolls = 4;

/** Why the slave holds now just what the master holds; undefined where that is not proven. */
function equality(
  { master, slave }: LagReading,
  own: CounterSeries,
  held: CounterSeries,
): string | undefined {
  const queue = master.at(-1)?.state.backlog;
  const acknowledged = queue?.resend !== undefined && queue.resend <= 1 && queue.transmit === 0;
  const polls = acknowledged ? 2 : quietPolls;
  const still = (each: CounterSeries, count: number) =>
    each.length >= count && each.slice(-count).every((sample) => same(sample, each.at(-1)));
  // the slave must have been read while the master stood still
  const inTime = (slave.at(-1)?.at ?? 0) >= (master.at(-polls)?.at ?? Number.POSITIVE_INFINITY) + skewMs;
  if (!still(own, polls) || !still(held, Math.max(2, polls - 1)) || !inTime) return undefined;
  return acknowledged
    ? 'everything was acknowledged and nothing changed'
    : `neither changed for ${quietPolls - 1} s`;
}

const same = (a: CounterSample | undefined, b: CounterSample | undefined): boolean =>
  a !== undefined && b !== undefined && counterNames.every((name) => a[name] === b[name]);

/**
 * The track after a burst: what it shows, to be borne out by the next poll, since what is lost for good looks like lag
 * until then; and no offset that the burst contradicts.
 */
export function withBurst(
  track: LagTrack | undefined,
  burst: LagBurst,
  slave: string,
  polled: AgentSamples,
): LagTrack {
  const known: LagTrack = track?.master === burst.master ? track : { master: burst.master };
  const { offset, sampled: _, ...rest } = known;
  const about = { method: 'counter-delay', observedAt: burst.at, source: burst.source } as const;
  const unknown = (note: string, keep = offset): LagTrack => ({
    ...rest,
    ...(keep && { offset: keep }),
    delay: { ...about, kind: 'unknown', note },
  });
  const [fast, copy] = [burst.series[burst.master], burst.series[slave]];
  if (!fast || !copy) {
    const failed = fast ? slave : burst.master;
    return unknown(`${failed} could not be sampled: ${burst.failures[failed] ?? 'no reason given'}`);
  }
  const earlier = series(polled, 'internal').filter(({ to }) => to < (fast[0]?.from ?? 0));
  const own = [...earlier, ...fast];
  if (!onlyGrows(own) || !onlyGrows(copy)) return unknown('a daemon was restarted meanwhile', undefined);
  const aligned = offset && delayByOffset(own, copy, offset.values);
  const found = aligned ?? delayByPattern(own, copy);
  const keep = aligned ? offset : undefined;
  if (!found) return unknown(noDelay(fast, copy, offset !== undefined), keep);
  if (!Number.isFinite(found.high) || (found.high > 1_000 && same(copy[0], copy.at(-1)))) {
    return unknown('nothing changed while it was sampled', keep);
  }
  const note = keep
    ? `${copy.length} samples; counted from a moment when ${keep.because}`
    : `${copy.length} samples; aligned by the pattern of the changes`;
  return {
    ...rest,
    ...(keep && { offset: keep }),
    sampled: {
      estimate: { ...about, ...lagWithin(...within(found)), note },
      from: Math.min(copy[0]?.from ?? burst.at, fast[0]?.from ?? burst.at),
    },
  };
}

const within = ({ low, high }: Bounds): [number, number] => [low, high];

function noDelay(own: CounterSeries, copy: CounterSeries, contradicted: boolean): string {
  if (contradicted) return 'the counters no longer run side by side: waiting for a quiet moment';
  return same(own[0], own.at(-1)) && same(copy[0], copy.at(-1))
    ? 'nothing changed while it was sampled'
    : 'the changes come too evenly to be told apart, and no quiet moment was seen yet';
}
