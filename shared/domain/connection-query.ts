import * as z from 'zod/mini';
import { Failure } from '../lib/reading.ts';
import { Connection } from './connection.ts';
import { CoverageClass, MissingReason } from './coverage-class.ts';

/**
 * A column of the connection table; `src`, `dst` and the ports are those of the original tuple, counters are the sum of
 * both directions.
 */
export const ConnectionColumn = z.enum([
  'protocol',
  'state',
  'src',
  'sport',
  'dst',
  'dport',
  'timeout',
  'packets',
  'bytes',
  'mark',
  'zone',
  'reply.src',
  'reply.sport',
  'reply.dst',
  'reply.dport',
  'id',
  'age',
  'idle',
  'rate',
  'change',
]);
export type ConnectionColumn = z.infer<typeof ConnectionColumn>;

export const SortKey = z.object({ column: ConnectionColumn, direction: z.enum(['asc', 'desc']) });
export type SortKey = z.infer<typeof SortKey>;

/**
 * Where a filter text stops making sense: `length` characters from `position` on, counted from 0. `suggestion`: what was
 * probably meant in their place.
 */
export const FilterError = z.object({
  position: z.number(),
  length: z.optional(z.number()),
  message: z.string(),
  suggestion: z.optional(z.string()),
});
export type FilterError = z.infer<typeof FilterError>;

export const ConnectionQuery = z.object({
  cluster: z.string(),
  node: z.string(),
  filter: z.string(),
  sort: z.array(SortKey),
  offset: z.number(),
  limit: z.number(),
  /** The revision that the other pages came from; where it is kept no more, or not named, the newest answers. */
  revision: z.optional(z.number()),
});
export type ConnectionQuery = z.infer<typeof ConnectionQuery>;

/** What one slave has of a connection, by the last exact comparison. */
export const Replica = z.object({
  node: z.string(),
  class: CoverageClass,
  reason: z.optional(MissingReason),
  evidence: z.optional(z.string()),
});
export type Replica = z.infer<typeof Replica>;

/**
 * A connection in its table. `row` names it within the table's revision. `change`: against the dump before. `rate` in
 * bytes a second between the two, where the node counts; `age` and `idle` in seconds, where they can be told.
 */
export const ConnectionRow = z.extend(Connection, {
  row: z.number(),
  change: z.optional(z.enum(['new', 'changed'])),
  rate: z.optional(z.number()),
  age: z.optional(z.number()),
  idle: z.optional(z.number()),
  replicas: z.optional(z.array(Replica)),
});
export type ConnectionRow = z.infer<typeof ConnectionRow>;

/** How a table is read, for the status line: `netlink` is the kernel's own dump, `text` what conntrack prints. */
export const TableReader = z.object({
  kind: z.enum(['netlink', 'text']),
  /** What runs it: perl, python3, stdbuf, or conntrack itself. */
  through: z.string(),
  compressed: z.boolean(),
  /** The command as typed on the node. */
  line: z.string(),
  /** Why nothing quicker is used; absent where this is the quickest. */
  why: z.optional(z.string()),
});
export type TableReader = z.infer<typeof TableReader>;

/**
 * A dump under way: `entries` so far of about `expected`; `estimateMs` is what the whole is thought to take, a `guess`
 * until a dump of this node was measured.
 */
export const ReadProgress = z.object({
  startedAt: z.number(),
  entries: z.number(),
  bytes: z.number(),
  expected: z.optional(z.number()),
  estimateMs: z.optional(z.number()),
  guess: z.optional(z.boolean()),
});
export type ReadProgress = z.infer<typeof ReadProgress>;

/** How a table is kept fresh. `share`: of the node's time that dumps take, 0 to 1; `since`: the dump compared with. */
export const TableRefresh = z.object({
  mode: z.enum(['off', 'paced', 'following']),
  everyMs: z.optional(z.number()),
  share: z.optional(z.number()),
  lastMs: z.optional(z.number()),
  nextAt: z.optional(z.number()),
  since: z.optional(z.number()),
  added: z.number(),
  changed: z.number(),
  gone: z.number(),
  /** What happened to connections since the dump, as the node told while it is followed. */
  events: z.optional(z.number()),
  /** Why it is not followed although that was asked for: it is dumped at its pace instead. */
  why: z.optional(z.string()),
  /** Events were lost (ENOBUFS), and a new dump healed it, so many times. */
  overruns: z.optional(z.number()),
});
export type TableRefresh = z.infer<typeof TableRefresh>;

/**
 * One window of a node's table. A page belongs to a `revision` of the table; `matched` of `total` entries pass the
 * filter. `reading`: a dump is under way (the rows are the last good table's). `failure`: why the last dump failed.
 */
export const ConnectionPage = z.object({
  revision: z.number(),
  reading: z.boolean(),
  observedAt: z.optional(z.number()),
  /** When what no event tells, timers and counters, was read; absent: at `observedAt`. */
  readAt: z.optional(z.number()),
  total: z.number(),
  matched: z.number(),
  offset: z.number(),
  rows: z.array(ConnectionRow),
  /** Lines of the dump that could not be read. */
  unreadable: z.number(),
  filterError: z.optional(FilterError),
  failure: z.optional(Failure),
  progress: z.optional(ReadProgress),
  reader: z.optional(TableReader),
  refresh: z.optional(TableRefresh),
  /** The dump was ended here on purpose: the table holds more. */
  cappedAt: z.optional(z.number()),
  /** When the replicas beside the rows were compared. */
  comparedAt: z.optional(z.number()),
});
export type ConnectionPage = z.infer<typeof ConnectionPage>;
