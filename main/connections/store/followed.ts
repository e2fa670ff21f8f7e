import { elapsed } from '../../../shared/lib/clock.ts';
import { applyEvents } from './apply-events.ts';
import { readEvents, type TableEvent } from './event-lines.ts';
import { carried } from './replicas.ts';
import type { Revision } from './revision.ts';

/** What a piece of events was. */
export interface Followed {
  readonly events: number;
  /** Lines that tell neither a connection nor an expectation. */
  readonly unreadable: number;
  /** False where there are more than can be kept for the dump under way: its table will lack some. */
  readonly isWhole: boolean;
}

type Unshown = Omit<Revision, 'number' | 'views'>;

/** Of events that must wait for the end of a dump no more bytes are kept. */
const mostKept = 64 * 2 ** 20;
/** A row that came is marked so long (ms), then the marks begin anew. */
const marksMs = 10_000;

/**
 * Events of a table that is followed. Those that come while it is dumped are put on top of the dump as well, all of them: it
 * may have been read before or after them, and {@link applyEvents} can tell.
 */
export function followedTable() {
  /**
   * What was heard since the dump under way began; undefined: there is none. As lines, which are read once more at its end:
   * as connections they would take several times as much memory.
   */
  let waiting: Uint8Array[] | undefined;
  let kept = 0;
  let heardAt = 0;
  return {
    dumpBegins: (): void => {
      waiting = [];
      kept = 0;
    },
    dumpEnds: (): void => {
      waiting = undefined;
    },
    hear: (lines: Uint8Array, at: number) => {
      heardAt = at;
      kept += lines.length;
      const isWhole = waiting === undefined || kept <= mostKept;
      if (isWhole) waiting?.push(lines);
      return { ...readEvents(lines), isWhole };
    },
    /** The dump that has ended, with what was heard meanwhile. */
    onTop: (dump: Unshown): Unshown => {
      const events = (waiting ?? []).flatMap((lines) => readEvents(lines).events);
      waiting = undefined;
      return events.length === 0 ? dump : applied(dump, events, Math.max(heardAt, dump.observedAt), true);
    },
  };
}

/** The table with these events, heard until `at`, ms. `isMarked`: its marks go on whatever their age. */
export function applied(
  table: Unshown,
  events: readonly TableEvent[],
  at: number,
  isMarked = false,
): Unshown {
  const { columns, changes, replicas, observedAt, readAt = observedAt } = table;
  const goesOn = changes.since !== undefined && (isMarked || elapsed(changes.since, at) < marksMs);
  const { added, changed, gone } = changes;
  const after = applyEvents(columns, events, at / 1000, goesOn ? { added, changed, gone } : undefined);
  const rates = changes.rates && ratesOf(changes.rates, after.before);
  return {
    ...table,
    columns: after.columns,
    observedAt: at,
    readAt,
    changes: { ...after.counts, since: goesOn ? changes.since : observedAt, ...(rates && { rates }) },
    ...(replicas && { replicas: carried(replicas, after.before) }),
  };
}

/** Events tell no counters: a row that was there goes on with the rate of the dump. */
const ratesOf = (rates: Float32Array, before: Int32Array): Float32Array =>
  Float32Array.from(before, (was) => (was < 0 ? Number.NaN : (rates[was] ?? Number.NaN)));
