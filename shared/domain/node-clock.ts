import * as z from 'zod/mini';

/**
 * One look at a node's clock, in ms: at `at` (our clock) the node's was ahead of ours by `offset`, give or take
 * `uncertainty`, which is half the round trip: the node may have answered at any moment of it.
 */
export const ClockSample = z.object({ at: z.number(), offset: z.number(), uncertainty: z.number() });
export type ClockSample = z.infer<typeof ClockSample>;

/** A time in which a node's clock went as clocks go. `best` is its narrowest look; `to` is that of the last one. */
export interface ClockSpan {
  readonly from: number;
  readonly to: number;
  readonly best: ClockSample;
}

/** A node's clock as seen from here, oldest span first. Between two spans it was set, or ran as no clock runs. */
export type NodeClock = readonly ClockSpan[];

/** What a clock may gain or lose by itself or by NTP's slewing: 500 ppm, the kernel's own limit. */
const drift = 500e-6;
/** A difference that is called a step, in ms; a smaller one (chrony may slew fast) is followed without a word. */
const stepMs = 250;
const keptSpans = 32;
/** A busy node may write a line so long (ms) after it took the line's time: then no look of ours fits both. */
const lateMs = 500;

const uncertaintyAt = ({ best }: ClockSpan, at: number): number =>
  best.uncertainty + drift * Math.abs(at - best.at);

/** The clock after one more look. A look that no steady clock explains begins a new span. */
export function observeClock(clock: NodeClock, sample: ClockSample): NodeClock {
  const last = clock.at(-1);
  if (!last) return [{ from: sample.at, to: sample.at, best: sample }];
  const expected = uncertaintyAt(last, sample.at);
  if (Math.abs(sample.offset - last.best.offset) > expected + sample.uncertainty) {
    return [...clock, { from: sample.at, to: sample.at, best: sample }].slice(-keptSpans);
  }
  const best = sample.uncertainty <= expected ? sample : last.best;
  return [...clock.slice(0, -1), { ...last, to: sample.at, best }];
}

/** The newest step: it happened between `from` and `to` (our clock) and moved the node's clock by `by` ms. */
export function lastStep(clock: NodeClock): { from: number; to: number; by: number } | undefined {
  for (let index = clock.length - 1; index > 0; index -= 1) {
    const [before, after] = [clock[index - 1], clock[index]];
    if (!before || !after) continue;
    const by = after.best.offset - before.best.offset;
    if (Math.abs(by) >= stepMs) return { from: before.to, to: after.from, by };
  }
  return undefined;
}

/** A line of a log: written from `from` up to `until` by the node's clock, ms; absent where it bears no time. */
export interface LoggedTime {
  readonly from?: number;
  readonly until?: number;
}

/** Between which instants of our clock the lines of one look came into being. */
export interface Window {
  /** They were not there yet at this instant; absent where nobody looked before. */
  readonly after?: number;
  /** They were there at this one. */
  readonly by: number;
}

/**
 * How far a line's time is to be trusted: measured: the node's clock was being watched · assumed: the line is older
 * than our first look at that clock, whose offset is taken to have been the same · stepped: the node's clock was set
 * about then, so the order within its log is right and the time is not exact · unknown: there was no time to go by.
 */
export const ClockTrust = z.enum(['measured', 'assumed', 'stepped', 'unknown']);
export type ClockTrust = z.infer<typeof ClockTrust>;

/** When a line was written, on our clock: not before `at`, not after `until`, save for the clock's `uncertainty`. */
export interface Placed {
  readonly at: number;
  readonly until: number;
  readonly offset?: number;
  readonly uncertainty?: number;
  readonly trust: ClockTrust;
}

interface Interval {
  readonly from: number;
  readonly until: number;
}

/**
 * Puts the lines of one look at a log, oldest first, on our clock. Their order is that of the log, whatever the
 * node's clock did: each is no earlier than the one before it and no later than the one after it.
 */
export function placeLines(lines: readonly LoggedTime[], clock: NodeClock, window: Window): Placed[] {
  const placed: Placed[] = [];
  let next: Interval = { from: window.by, until: window.by };
  // Backwards: the newest lines are those of which the clock is known best.
  for (const line of lines.toReversed()) {
    const one = place(line, clock, { ...window, by: next.until }, next);
    placed.unshift(one);
    next = { from: Math.min(one.at, next.from), until: one.until };
  }
  let floor = Number.NEGATIVE_INFINITY;
  return placed.map((one) => {
    floor = Math.max(floor, one.at);
    return { ...one, at: floor, until: Math.max(floor, one.until) };
  });
}

function place(line: LoggedTime, clock: NodeClock, window: Window, next: Interval): Placed {
  const { from, until = from } = line;
  // Between the last look at the log, or the line behind it, and now: all that is known without a clock.
  const unsure = (trust: ClockTrust): Placed => {
    const at = Math.min(window.after ?? next.from, window.by);
    return { at, until: window.after === undefined ? at : window.by, trust };
  };
  if (from === undefined || until === undefined || clock.length === 0) return unsure('unknown');
  const known = { from, until };
  const inTime = spansThatFit(known, clock, window);
  const fitting =
    inTime.length > 0 || window.after === undefined
      ? inTime
      : spansThatFit(known, clock, { ...window, after: window.after - lateMs });
  const [first] = fitting;
  const last = fitting.at(-1);
  if (!first || !last) return unsure('stepped');
  const at = Math.min(...fitting.map((each) => each.at));
  const end = Math.max(...fitting.map((each) => each.until));
  const { offset, uncertainty } = last;
  const trust = aroundStep(clock, at, end)
    ? 'stepped'
    : at < (clock[0]?.from ?? at) - uncertainty - 1_000
      ? 'assumed'
      : 'measured';
  return { at, until: end, offset, uncertainty, trust };
}

/** Where a line lies on our clock by each span of the node's in which it can have been written. */
function spansThatFit({ from, until }: Interval, clock: NodeClock, window: Window) {
  return clock.flatMap((span, index) => {
    const valid = { from: clock[index - 1]?.to ?? -Infinity, until: clock[index + 1]?.from ?? Infinity };
    const { offset } = span.best;
    const at = from - offset;
    const uncertainty = uncertaintyAt(span, Math.max(span.from, Math.min(span.to, at)));
    const earliest = Math.max(at - uncertainty, valid.from, window.after ?? -Infinity);
    const latest = Math.min(until - offset + uncertainty, valid.until, window.by);
    if (earliest > latest) return [];
    return [
      {
        at: clamp(at, earliest, latest),
        until: clamp(until - offset, earliest, latest),
        offset,
        uncertainty,
      },
    ];
  });
}

const clamp = (value: number, from: number, until: number) => Math.max(from, Math.min(until, value));

/** Whether the clock may have been set in this time. */
const aroundStep = (clock: NodeClock, from: number, until: number): boolean =>
  clock.some((span, index) => {
    const before = clock[index - 1];
    if (!before || Math.abs(span.best.offset - before.best.offset) < stepMs) return false;
    return from <= span.from && until >= before.to;
  });
