/** Things that happen at their time: the only clock of the simulation. Times are milliseconds since the epoch. */
export interface Timeline {
  /** The moment up to which everything has happened; within an event, its own time. */
  readonly now: () => number;
  /** Where `advance` is heading: an event may look how far behind it is. */
  readonly target: () => number;
  readonly at: (time: number, event: () => void) => void;
  readonly after: (delayMs: number, event: () => void) => void;
  /** Lets everything happen that is due until then, in order of time, equal times in order of arrival. */
  readonly advance: (to: number) => void;
}

interface Due {
  readonly time: number;
  readonly order: number;
  readonly event: () => void;
}

const before = (a: Due, b: Due): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);

export function createTimeline(start: number): Timeline {
  const heap: Due[] = [];
  let now = start;
  let target = start;
  let order = 0;

  const push = (due: Due) => {
    let child = heap.push(due) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent];
      if (!above || before(above, due)) break;
      heap[child] = above;
      child = parent;
    }
    heap[child] = due;
  };
  const sink = (due: Due) => {
    let parent = 0;
    for (;;) {
      const [left, right] = [heap[2 * parent + 1], heap[2 * parent + 2]];
      const smaller = right && left && before(right, left) ? right : left;
      if (!smaller || before(due, smaller)) break;
      heap[parent] = smaller;
      parent = smaller === right ? 2 * parent + 2 : 2 * parent + 1;
    }
    heap[parent] = due;
  };
  const pop = (): Due | undefined => {
    const [first] = heap;
    const last = heap.pop();
    if (last && heap.length > 0) sink(last);
    return first;
  };

  const at = (time: number, event: () => void) => push({ time: Math.max(time, now), order: order++, event });
  return {
    now: () => now,
    target: () => target,
    at,
    after: (delayMs, event) => at(now + delayMs, event),
    advance: (to) => {
      target = Math.max(to, now);
      for (let next = heap[0]; next && next.time <= target; next = heap[0]) {
        pop();
        now = next.time;
        next.event();
      }
      now = target;
    },
  };
}
