import type { Columns } from './columns.ts';
import type { IdleTimeouts } from './idle.ts';
import type { Replicas } from './replicas.ts';

/** One state of a table, which nothing changes any more. */
export interface Revision {
  readonly number: number;
  readonly columns: Columns;
  /** When the dump began, or until when events were put into it, ms. */
  readonly observedAt: number;
  /** When the dump began that tells what no event does, timers and counters; absent: `observedAt`. */
  readonly readAt?: number;
  /** Entries that could not be read. */
  readonly unreadable: number;
  readonly cappedAt?: number;
  readonly changes: Changes;
  /** What tells how long its rows were idle; absent: nothing does. */
  readonly timeouts?: IdleTimeouts | undefined;
  /** What slaves hold of the rows; absent: the table was compared with none. */
  readonly replicas?: Replicas | undefined;
  /** Rows in the order in which somebody looked at them; the latest last. */
  readonly views: View[];
}

/** Against the dump before, or where events are followed since the marks began. `rates`: bytes a second, NaN where it cannot be told; absent where no row has one. */
export interface Changes {
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  /** When that dump was read, or the marks began, ms; absent: there was nothing before. */
  readonly since?: number;
  readonly rates?: Float32Array;
}

/** Rows that pass a filter, in an order. `rows` undefined: all of them, as they came. */
export interface View {
  readonly key: string;
  readonly rows: Uint32Array | undefined;
  readonly length: number;
}

export const noChanges: Changes = { added: 0, changed: 0, gone: 0 };
