import { type Clock, elapsed } from '../../../shared/lib/clock.ts';
import type { Revision } from './revision.ts';

/** What shows of a table, and what showed before, for those who still look at it. */
export interface ShownRevisions {
  readonly shown: () => Revision | undefined;
  readonly show: (revision: Omit<Revision, 'number' | 'views'>) => void;
  /** The one of this number, which somebody looks at; undefined where it is kept no more. */
  readonly asked: (number: number) => Revision | undefined;
  readonly clear: () => void;
  /** A revision is about to be made beside the one that shows: that there are three at most, one that nobody asked for goes. */
  readonly makeRoom: () => void;
  /** Lets go of all but what shows, and of how it was looked at. */
  readonly rest: () => void;
}

/** One that was not asked for again for so long (ms) is not looked at any more. */
const heldMs = 10_000;

/** Keeps the revision before, and the one that was asked for last. */
export function shownRevisions(nextNumber: () => number, clock: Clock): ShownRevisions {
  let shown: Revision | undefined;
  let before: Revision | undefined;
  let held: { readonly revision: Revision; readonly askedAt: number } | undefined;
  const letGo = () => {
    if (held && elapsed(held.askedAt, clock()) > heldMs) held = undefined;
  };
  return {
    shown: () => shown,
    show: (revision) => {
      before = shown;
      shown = { ...revision, number: nextNumber(), views: [] };
      letGo();
    },
    asked: (number) => {
      const revision = [shown, before, held?.revision].find((each) => each?.number === number);
      if (revision) held = { revision, askedAt: clock() };
      return revision;
    },
    clear: () => {
      shown = undefined;
      before = undefined;
      held = undefined;
    },
    makeRoom: () => {
      before = undefined;
      letGo();
    },
    rest: () => {
      before = undefined;
      held = undefined;
      shown?.views.splice(0);
    },
  };
}
