/** Up to so many nodes are read once a second. */
const manyNodes = 50;

/** At what pace nodes are read and clusters judged, ms. */
export interface PollPace {
  /** How often a node is read. */
  readonly pollMs: number;
  /** How often a cluster is judged while anything comes in, each time with all that was read since. */
  readonly beatMs: number;
  /** How far the turn of a cluster to be read lies behind that of the one before it. */
  readonly turnMs: number;
  /** Nothing is read but who is master and what the tables hold: whether a slave is ready is not told. */
  readonly isBrief?: boolean;
}

/**
 * The pace for so many nodes in all: past a desk's worth of clusters, seeing each two seconds apart, and less than half a
 * second late, is worth more than half of a processor of the operator's machine.
 */
export const pollPace = (nodes: number): PollPace =>
  nodes > manyNodes ? { pollMs: 2_000, beatMs: 400, turnMs: 100 } : { pollMs: 1_000, beatMs: 50, turnMs: 50 };

/** The pace for a node that needs a good part of a second to answer: what watches a firewall shall not be its main work. */
export const sparing = (pace: PollPace): PollPace => ({ ...pace, pollMs: Math.max(pace.pollMs, 2_000) });

/** What is judged at a beat shall not wait behind what is read next. */
const afterBeatMs = 10;

/** How long (ms) it is from `now` to the next beat of the cluster at this place in the fleet. */
export const untilBeat = ({ beatMs, turnMs }: PollPace, place: number, now: number): number =>
  beatMs - ((now - place * turnMs) % beatMs);

/**
 * How long (ms) it is from `now` until the nodes of the cluster at this place are read again: at one instant, so that
 * their figures can be compared, and just after a beat, so that they are judged together at the next. The clusters take
 * turns: no beat has all the work, and those of one turn go out together.
 */
export function untilTurn({ pollMs, turnMs }: PollPace, place: number, now: number): number {
  const wait = pollMs - ((now - place * turnMs - afterBeatMs) % pollMs);
  // a timer that rang a moment early must not ring twice
  return wait < afterBeatMs ? wait + pollMs : wait;
}
