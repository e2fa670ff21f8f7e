import { type CounterName, type CounterSeries, counterNames, type Step, stepsOf } from './lag-series.ts';

/** What the slave's counters are above the master's when it is in step. They differ by what each daemon lived through. */
export type CounterOffset = Readonly<Record<CounterName, number>>;

/** The delay lies between the two, in ms. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Share of the samples that one delay must explain: a real one trembles, as daemons work in batches. */
const agreement = 0.8;

/**
 * By how much the slave follows the master where the offset is known. A slave that shows a value holds what the master
 * held while it showed the same: between the last reading that was less and the first that was more. Each of the slave's
 * samples so bounds the delay; what the most of them allow is the answer. Undefined: the slave is ahead of its master.
 */
export function delayByOffset(
  master: CounterSeries,
  slave: CounterSeries,
  offset: CounterOffset,
): Bounds | undefined {
  const byCounter = counterNames.map((name) => {
    const origin = master[0]?.[name] ?? 0;
    return boundsOf(stepsOf(master, name, origin), stepsOf(slave, name, origin + offset[name]));
  });
  const bounds = slave.map((_, index) => inOneSample(byCounter.flatMap((each) => each[index] ?? [])));
  return commonest(bounds, agreement) ?? spread(bounds);
}

/**
 * What one sample's counters allow together: they were read at once, so a counter that stands still, which allows any
 * delay, does not widen what one that moves tells. Two that do not agree leave the gap between them.
 */
function inOneSample(bounds: readonly Bounds[]): Bounds {
  const low = Math.max(...bounds.map((each) => each.low));
  const high = Math.min(...bounds.map((each) => each.high));
  return low <= high ? { low, high } : { low: high, high: low };
}

/** Where the delay itself moves, as on a machine under load: what most of the samples allow, from the least to the most. */
function spread(bounds: readonly Bounds[]): Bounds | undefined {
  const possible = bounds.filter(({ high }) => high >= 0);
  if (possible.length === 0 || possible.length < agreement * bounds.length) return undefined;
  const at = (values: readonly number[], share: number) =>
    values.toSorted((a, b) => a - b)[Math.round(share * (values.length - 1))] ?? Number.POSITIVE_INFINITY;
  const low = at(
    possible.map((each) => Math.max(0, each.low)),
    (1 - agreement) / 2,
  );
  const high = at(
    // one without an end says nothing
    possible.map((each) => each.high).filter(Number.isFinite),
    (1 + agreement) / 2,
  );
  return { low, high: Math.max(low, high) };
}

const boundsOf = (master: readonly Step[], slave: readonly Step[]): Bounds[] =>
  slave.map(({ from, to, value }) => {
    const less = master.findLast((step) => step.value < value);
    const more = master.find((step) => step.value > value);
    return {
      low: from - (more?.to ?? Number.POSITIVE_INFINITY),
      high: to - (less?.from ?? Number.NEGATIVE_INFINITY),
    };
  });

/** The delays that the most of the bounds allow, if that is enough of them; a slave is never ahead of its master. */
function commonest(bounds: readonly Bounds[], share: number): Bounds | undefined {
  const possible = bounds.filter(({ high }) => high >= 0);
  const lows = possible.map(({ low }) => Math.max(0, low)).toSorted((a, b) => a - b);
  const highs = possible.map(({ high }) => high).toSorted((a, b) => a - b);
  let best: Bounds | undefined;
  let most = 0;
  for (let opened = 1, closed = 0; opened <= lows.length; opened += 1) {
    const low = lows[opened - 1] ?? 0;
    while ((highs[closed] ?? Number.POSITIVE_INFINITY) < low) closed += 1;
    if (opened - closed > most) {
      most = opened - closed;
      best = { low, high: highs[closed] ?? Number.POSITIVE_INFINITY };
    }
  }
  return best && most >= share * bounds.length ? best : undefined;
}

/** How far back (ms) the slave is looked for without an offset, what a find may be wide, and of how many steps. */
const searched = 1_000;
const widest = 60;
const leastSteps = 8;
const mostOffsets = 400;

/**
 * The same where no offset is known: each one that would put the slave up to a second behind is tried, and must explain
 * every sample. Traffic whose steps are irregular enough leaves a narrow range of delays; undefined where it does not.
 */
export function delayByPattern(master: CounterSeries, slave: CounterSeries): Bounds | undefined {
  const [first, ...rest] = counterNames.flatMap((name) => {
    const own = stepsOf(master, name, master[0]?.[name] ?? 0);
    const possible = alignments(own, stepsOf(slave, name, slave[0]?.[name] ?? 0));
    return possible ? [possible] : [];
  });
  const possible = rest.reduce(inBoth, first ?? []);
  if (possible.length === 0) return undefined;
  const low = Math.min(...possible.map((each) => each.low));
  const high = Math.max(...possible.map((each) => each.high));
  return high - low <= widest ? { low, high } : undefined;
}

const inBoth = (one: readonly Bounds[], other: readonly Bounds[]): Bounds[] =>
  one.flatMap((a) =>
    other.flatMap((b) => {
      const both = { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
      return both.low <= both.high ? [both] : [];
    }),
  );

/** Every delay that one of the offsets allows; undefined where a counter hardly moves, or too fast to tell. */
function alignments(master: readonly Step[], slave: readonly Step[]): Bounds[] | undefined {
  if (distinct(master) < leastSteps || distinct(slave) < leastSteps) return undefined;
  const middle = slave[Math.floor(slave.length / 2)];
  if (middle === undefined) return undefined;
  const nearest = master.find((step) => step.from >= middle.to) ?? master.at(-1);
  const farthest = master.findLast((step) => step.to <= middle.from - searched) ?? master[0];
  if (nearest === undefined || farthest === undefined) return undefined;
  const [first, last] = [farthest.value - middle.value, nearest.value - middle.value];
  if (last - first > mostOffsets) return undefined;
  const possible: Bounds[] = [];
  for (let offset = first; offset <= last; offset += 1) {
    const shifted = slave.map((step) => ({ ...step, value: step.value + offset }));
    const bounds = commonest(boundsOf(master, shifted), 1);
    if (bounds && Number.isFinite(bounds.high) && bounds.low <= searched) possible.push(bounds);
  }
  return possible;
}

const distinct = (steps: readonly Step[]): number => new Set(steps.map(({ value }) => value)).size;
