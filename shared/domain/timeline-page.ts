import * as z from 'zod/mini';
import { Failure } from '../lib/reading.ts';
import { TimelineEntry, TimelineFilter } from './timeline.ts';

/** How far a program's log on a node can be read. */
export const LogState = z.object({
  node: z.string(),
  program: z.enum(['conntrackd', 'keepalived']),
  /** The file, or `journal`; absent where none was found. */
  place: z.optional(z.string()),
  /** When it was last seen to hold no more than what is here (ms, our clock); absent: never yet. */
  readAt: z.optional(z.number()),
  /** Why it cannot be read, and what would help. What was read before stays, and grows old. */
  failure: z.optional(Failure),
});
export type LogState = z.infer<typeof LogState>;

/** A node's clock against ours, ms; absent figures: it was not read yet. `step`: when, and by how much, it was last set. */
export const NodeClockState = z.object({
  node: z.string(),
  observedAt: z.optional(z.number()),
  offset: z.optional(z.number()),
  uncertainty: z.optional(z.number()),
  step: z.optional(z.object({ from: z.number(), to: z.number(), by: z.number() })),
});
export type NodeClockState = z.infer<typeof NodeClockState>;

/** Rows `offset` to `offset + limit` of what the filter lets through, newest first. */
export const TimelineQuery = z.object({
  cluster: z.string(),
  filter: TimelineFilter,
  offset: z.number(),
  limit: z.number(),
  /** Only what had come in by then: the `revision` of an earlier page. So rows stand still while one reads. */
  asOf: z.optional(z.number()),
});
export type TimelineQuery = z.infer<typeof TimelineQuery>;

export const TimelinePage = z.object({
  /** Counts what came in. */
  revision: z.number(),
  offset: z.number(),
  entries: z.array(TimelineEntry),
  matched: z.number(),
  total: z.number(),
  /** Wanted ones that came in after `asOf`. */
  newer: z.number(),
  logs: z.array(LogState),
  clocks: z.array(NodeClockState),
  /** Why our own audit log cannot be read. */
  auditFailure: z.optional(z.string()),
});
export type TimelinePage = z.infer<typeof TimelinePage>;

/** A place in the timeline: the row at which what happened at `at` begins, in the order of the pages. */
export const TimelineRowQuery = z.object({
  cluster: z.string(),
  filter: TimelineFilter,
  at: z.number(),
  asOf: z.optional(z.number()),
});
export type TimelineRowQuery = z.infer<typeof TimelineRowQuery>;

export const TimelineFormat = z.enum(['csv', 'json']);
export type TimelineFormat = z.infer<typeof TimelineFormat>;
