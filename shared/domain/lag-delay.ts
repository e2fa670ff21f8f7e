import {
  type CounterName,
  type CounterSample,
  type CounterSeries,
  counterDifference,
  counterNames,
  type Step,
  stepsOf,
} from './lag-series.ts';

/** What the slave's counters are above the master's when it is in step. They differ by what each daemon lived through. */
export type CounterOffset = Readonly<Record<CounterName, number>>;

/** The delay lies between the two, in ms. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Share of the samples that one delay must explain: a real one trembles, as daemons work in batches. */
const agreement = 0.8;
/** By so much (ms) two counters may tell another delay in one sample: what ends and what begins goes in other messages. */
const trembles = 20;

/**
 * By how much the slave follows the master where the offset is known. A slave that shows a value holds what the master
 * held while it showed the same: between the last reading that was less and the first that was more. Each of the slave's
 * samples so bounds the delay; what the most of them allow is the answer. Undefined: the slave is ahead of its master.
 *
 * A connection that takes the tuple of one that has just ended counts at the master as one destroyed and one created, and
 * at the slave, to which both go as one, as neither (seen with conntrackd 1.4.7 and ports that are used again). How many
 * did so since the offset was taken is not known: every number is tried that the master's destroyed ones allow, and
 * holds where both counters then tell the same.
 */
export function delayByOffset(
  master: CounterSeries,
  slave: CounterSeries,
  offset: CounterOffset,
): Bounds | undefined {
  const most = reusesAtMost(master, slave, offset.destroyed);
  const each = Math.max(1, Math.ceil(most / mostOffsets));
  const tried = Array.from({ length: Math.floor(most / each) + 1 }, (_, index) =>
    boundsWith(master, slave, {
      created: offset.created - index * each,
      destroyed: offset.destroyed - index * each,
    }),
  );
  const possible = tried.filter((bounds) => bounds !== undefined);
  const telling = possible.filter(isTelling);
  const held = telling.length > 0 ? telling : tried.slice(0, 1).filter((bounds) => bounds !== undefined);
  const found = held.flatMap(steady);
  // where the master fell quiet, the true offset hardly tells, and another may: of a slave whose delay would tremble
  if (found.length === 0)
    found.push(...held.flatMap((bounds) => spread(bounds) ?? []), ...possible.flatMap(steady));
  if (found.length === 0) return undefined;
  return {
    low: Math.min(...found.map(({ low }) => low)),
    high: Math.max(...found.map(({ high }) => high)),
  };
}

/**
 * So many more than the slave has the master destroyed since the offset was taken: on their way, or never sent. Of a slave
 * that is sampled later than its master, because it is known to be behind, the first sample tells.
 */
function reusesAtMost(master: CounterSeries, slave: CounterSeries, offset: number): number {
  const ahead = (own: CounterSample | undefined, copy: CounterSample | undefined): number =>
    own && copy ? counterDifference(own.destroyed, copy.destroyed - offset) : 0;
  const beside = slave.flatMap((copy) => {
    const own = master.find((sample) => sample.from >= copy.to);
    return own ? [ahead(own, copy)] : [];
  });
  return Math.max(0, beside.length > 0 ? Math.min(...beside) : ahead(master.at(-1), slave[0]));
}

/** Samples that show more than the master was ever seen to have allow any delay down to none: of them no offset is held. */
const isTelling = (bounds: readonly Bounds[]): boolean =>
  bounds.filter(({ low }) => Number.isFinite(low)).length >= bounds.length / 2;

/** What each of the slave's samples allows by this offset; undefined where the counters contradict each other. */
function boundsWith(
  master: CounterSeries,
  slave: CounterSeries,
  offset: CounterOffset,
): Bounds[] | undefined {
  const byCounter = counterNames.map((name) => {
    const origin = master[0]?.[name] ?? 0;
    return boundsOf(stepsOf(master, name, origin), stepsOf(slave, name, origin + offset[name]));
  });
  const bounds = slave.flatMap((_, index) => inOneSample(byCounter.flatMap((one) => one[index] ?? [])) ?? []);
  return bounds.length < agreement * slave.length ? undefined : bounds;
}

/**
 * What one sample's counters allow together: they were read at once, so a counter that stands still, which allows any
 * delay, does not widen what one that moves tells. Undefined: they contradict each other.
 */
function inOneSample(bounds: readonly Bounds[]): Bounds | undefined {
  const low = Math.max(...bounds.map((each) => each.low));
  const high = Math.min(...bounds.map((each) => each.high));
  return low <= high + trembles ? { low: Math.min(low, high), high: Math.max(low, high) } : undefined;
}

/** One delay that most of the samples allow, if there is one. */
const steady = (bounds: readonly Bounds[]): Bounds[] => {
  const found = commonest(bounds, agreement);
  return found ? [found] : [];
};

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
/**
 * The end of the master's samples (ms) that is looked for in those before it, as far back as a burst goes (a rhythm of a
 * second that trembles is now and then a little longer than one), and how many of them must fit there.
 */
const rhythmMs = 800;
const rhythmSearched = 1_200;
const rhythmShare = 0.9;
const mostOffsets = 400;

/**
 * The same where no offset is known: each one that would put the slave up to a second behind is tried, and must explain
 * every sample. Traffic whose steps are irregular enough leaves a narrow range of delays; undefined where it does not,
 * and where the master's own steps come again after a while: a slave that is further behind by just that would fit as well
 * (one 2 s behind was taken for one 1 s behind, where flows began once a second).
 */
export function delayByPattern(master: CounterSeries, slave: CounterSeries): Bounds | undefined {
  const possible = delaysThatFit(master, slave, searched, 1);
  if (possible.length === 0) return undefined;
  const low = Math.min(...possible.map((each) => each.low));
  const high = Math.max(...possible.map((each) => each.high));
  return high - low <= widest && !hasRhythm(master) ? { low, high } : undefined;
}

/** Also where too little happens to tell: else the end of the samples would at least fit where it is. */
function hasRhythm(master: CounterSeries): boolean {
  const end = (master.at(-1)?.to ?? 0) - rhythmMs;
  const last = master.filter(({ from }) => from >= end);
  const places = delaysThatFit(master, last, rhythmSearched, rhythmShare);
  return places.length === 0 || places.some(({ low }) => low > widest);
}

/** What both counters allow, where both tell. */
function delaysThatFit(
  master: CounterSeries,
  slave: CounterSeries,
  farthestMs: number,
  share: number,
): Bounds[] {
  const [first, ...rest] = counterNames.flatMap((name) => {
    const own = stepsOf(master, name, master[0]?.[name] ?? 0);
    const possible = alignments(own, stepsOf(slave, name, slave[0]?.[name] ?? 0), farthestMs, share);
    return possible ? [possible] : [];
  });
  return rest.reduce(inBoth, first ?? []);
}

const inBoth = (one: readonly Bounds[], other: readonly Bounds[]): Bounds[] =>
  one.flatMap((a) =>
    other.flatMap((b) => {
      const both = { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
      return both.low <= both.high ? [both] : [];
    }),
  );

/** Every delay that one of the offsets allows; undefined where a counter hardly moves, or too fast to tell. */
function alignments(
  master: readonly Step[],
  slave: readonly Step[],
  farthestMs: number,
  share: number,
): Bounds[] | undefined {
  if (distinct(master) < leastSteps || distinct(slave) < leastSteps) return undefined;
  const middle = slave[Math.floor(slave.length / 2)];
  if (middle === undefined) return undefined;
  const nearest = master.find((step) => step.from >= middle.to) ?? master.at(-1);
  const farthest = master.findLast((step) => step.to <= middle.from - farthestMs) ?? master[0];
  if (nearest === undefined || farthest === undefined) return undefined;
  const [first, last] = [farthest.value - middle.value, nearest.value - middle.value];
  if (last - first > mostOffsets) return undefined;
  const possible: Bounds[] = [];
  for (let offset = first; offset <= last; offset += 1) {
    const shifted = slave.map((step) => ({ ...step, value: step.value + offset }));
    const bounds = commonest(boundsOf(master, shifted), share);
    if (bounds && Number.isFinite(bounds.high) && bounds.low <= farthestMs) possible.push(bounds);
  }
  return possible;
}

const distinct = (steps: readonly Step[]): number => new Set(steps.map(({ value }) => value)).size;
