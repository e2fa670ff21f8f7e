import type { TableRefresh } from '../../../shared/domain/connection-query.ts';
import type { Clock } from '../../../shared/lib/clock.ts';
import type { DumpOutcome } from './dump-run.ts';

/** Of a node's time that dumps may take, unless told. */
export const defaultShare = 0.03;
const leastMs = 5_000;
const afterFailureMs = 30_000;
/** A table that nobody looked at for so long (ms) is not read again until somebody does. */
const unseenMs = 60_000;

/** How long (ms) after a dump of this cost the next may begin, so that dumps take no more than `share` of the time. */
export const paceOf = (costMs: number, share = defaultShare): number => Math.max(leastMs, costMs / share);

export type RefreshMode = TableRefresh['mode'];

/** How a table is kept fresh, without what only the store knows. */
export type RefreshState = Omit<TableRefresh, 'since' | 'added' | 'changed' | 'gone'>;

/**
 * Dumps a table again and again, at a pace that follows what the last dump cost, as long as somebody looks.
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

export function openRefresh(read: () => void, clock: Clock): Refresh {
  let mode: RefreshMode = 'off';
  let lastMs: number | undefined;
  let everyMs = leastMs;
  let endedAt: number | undefined;
  let seenAt = clock();
  let asleep = false;
  let timer: NodeJS.Timeout | undefined;

  const due = () => (endedAt === undefined ? clock() : endedAt + everyMs);
  const plan = () => {
    clearTimeout(timer);
    asleep = false;
    if (mode !== 'off') timer = setTimeout(wake, Math.max(0, due() - clock()));
  };
  const wake = () => {
    if (clock() - seenAt > unseenMs) asleep = true;
    else read();
  };

  return {
    set: (next) => {
      mode = next;
      seenAt = clock();
      plan();
    },
    looked: () => {
      seenAt = clock();
      if (asleep) plan();
    },
    ended: (outcome) => {
      endedAt = clock();
      if (outcome.kind === 'whole') {
        lastMs = outcome.ms;
        everyMs = paceOf(outcome.ms);
      } else if (outcome.kind === 'failed') everyMs = Math.max(everyMs, afterFailureMs);
      plan();
    },
    state: () => ({
      mode,
      ...(mode !== 'off' && {
        everyMs,
        ...(lastMs !== undefined && { share: lastMs / (lastMs + everyMs) }),
        ...(!asleep && { nextAt: due() }),
      }),
      ...(lastMs !== undefined && { lastMs }),
    }),
    close: () => {
      mode = 'off';
      clearTimeout(timer);
    },
  };
}
