import type { TableRefresh } from '../../../shared/domain/connection-query.ts';
import type { Clock } from '../../../shared/lib/clock.ts';
import type { DumpOutcome } from './dump-run.ts';
import type { Follow } from './follow.ts';

/** Of a node's time that dumps may take, unless told. */
export const defaultShare = 0.03;
const leastMs = 5_000;
const afterFailureMs = 30_000;
/** A table that nobody looked at for so long (ms) is not read again until somebody does. */
const unseenMs = 60_000;
/** So long (ms) it may take until a listener on the node hears: what happened before is told by no event. */
const deafMs = 5_000;
/** A table that is followed is dumped so much less often. */
const followedPart = 1 / 10;
const leastFollowedMs = 60_000;

/** How long (ms) after a dump of this cost the next may begin, so that dumps take no more than `share` of the time. */
export const paceOf = (costMs: number, share = defaultShare): number => Math.max(leastMs, costMs / share);

export type RefreshMode = TableRefresh['mode'];

/** How a table is kept fresh, without what only the store knows. */
export type RefreshState = Omit<TableRefresh, 'since' | 'added' | 'changed' | 'gone'>;

/**
 * Dumps a table again and again, at a pace that follows what the last dump cost, as long as somebody looks. Where its
 * events are followed they are put into the table, and a dump is due only when the node is first heard, when events were
 * lost, and by and by for what no event tells: timers, counters, and with `nf_conntrack_events` at 2 the end of entries
 * that are older than any listener.
 *
 *     off ──paced──▶ waiting ──time, seen──▶ reading ──ended──▶ waiting
 *                       └──time, unseen──▶ asleep ──looked──▶ reading
 */
export interface Refresh {
  readonly set: (mode: RefreshMode) => void;
  /** Somebody looks at the table. */
  readonly looked: () => void;
  /** A dump ended, whoever asked for it. */
  readonly ended: (outcome: DumpOutcome) => void;
  readonly state: () => RefreshState;
  readonly close: () => void;
}

/** `read` begins a dump; `follow` begins to listen. */
export function openRefresh(read: () => void, follow: Follow, clock: Clock): Refresh {
  let mode: RefreshMode = 'off';
  let lastMs: number | undefined;
  let everyMs = leastMs;
  let endedAt: number | undefined;
  let seenAt = clock();
  let asleep = false;
  let isReading = false;
  let timer: NodeJS.Timeout | undefined;
  let stopFollowing: (() => void) | undefined;
  let deaf: NodeJS.Timeout | undefined;
  /** The table is not what events go on from: it was not read since the node is heard, or some were lost. */
  let isStale = true;
  let events = 0;
  let overruns = 0;
  let why: string | undefined;

  const gap = () =>
    mode === 'following' && !isStale ? Math.max(leastFollowedMs, everyMs / followedPart) : everyMs;
  const due = () => (endedAt === undefined ? clock() : endedAt + gap());
  /** A dump from before the node is heard would have to be made again. */
  const isWanted = () => mode === 'paced' || (mode === 'following' && deaf === undefined);
  const plan = (wait = Math.max(0, due() - clock())) => {
    clearTimeout(timer);
    timer = undefined;
    asleep = false;
    // its end plans what follows: it may have passed by what happened meanwhile
    if (isWanted() && !isReading) timer = setTimeout(wake, wait);
  };
  const wake = () => {
    timer = undefined;
    asleep = clock() - seenAt > unseenMs;
    if (asleep) return;
    isStale = false;
    isReading = true;
    read();
  };
  const heard = () => {
    if (deaf === undefined) return;
    clearTimeout(deaf);
    deaf = undefined;
    plan(0);
  };
  const listen = () => {
    events = 0;
    overruns = 0;
    deaf = setTimeout(heard, deafMs);
    stopFollowing = follow({
      onHeard: heard,
      onEvents: (count) => {
        events += count;
      },
      onOverrun: () => {
        overruns += 1;
        if (isStale) return;
        isStale = true;
        if (!asleep) plan();
      },
      onEnd: (reason) => {
        hush();
        why = reason;
        mode = 'paced';
        plan();
      },
    });
  };
  const hush = () => {
    clearTimeout(deaf);
    deaf = undefined;
    stopFollowing?.();
    stopFollowing = undefined;
  };

  return {
    set: (next) => {
      if (next !== mode || next !== 'following') hush();
      mode = next;
      seenAt = clock();
      isStale = true;
      why = undefined;
      if (next === 'following' && !stopFollowing) listen();
      plan();
    },
    looked: () => {
      seenAt = clock();
      if (asleep) plan();
    },
    ended: (outcome) => {
      endedAt = clock();
      isReading = false;
      if (outcome.kind === 'whole') {
        lastMs = outcome.ms;
        everyMs = paceOf(outcome.ms);
      } else {
        isStale = true;
        if (outcome.kind === 'failed') everyMs = Math.max(everyMs, afterFailureMs);
      }
      plan();
    },
    state: () => ({
      mode,
      ...(mode !== 'off' && {
        everyMs: gap(),
        ...(lastMs !== undefined && { share: lastMs / (lastMs + gap()) }),
        ...(!asleep && isWanted() && { nextAt: due() }),
      }),
      ...(lastMs !== undefined && { lastMs }),
      ...(mode === 'following' && { events }),
      ...(overruns > 0 && { overruns }),
      ...(why !== undefined && { why }),
    }),
    close: () => {
      mode = 'off';
      clearTimeout(timer);
      hush();
    },
  };
}
