import * as z from 'zod/mini';
import { Connection } from './connection.ts';
import { FilterError } from './connection-query.ts';
import { CoverageClass, MissingReason } from './coverage-class.ts';

/** A connection by its class; `reason` only where it is missing, or expected and not synced; `evidence` in a sentence wherever there is something to say. */
export const ClassifiedConnection = z.object({
  class: CoverageClass,
  reason: z.optional(MissingReason),
  evidence: z.optional(z.string()),
  connection: Connection,
});
export type ClassifiedConnection = z.infer<typeof ClassifiedConnection>;

/** What of the missing belongs together: a service (`tcp/443`) or a client (the address that opened them). */
export const MissingShare = z.object({ name: z.string(), count: z.number(), bytes: z.optional(z.number()) });
export type MissingShare = z.infer<typeof MissingShare>;

/**
 * The missing connections together: `bytes` that they carried so far in both directions, absent where the node does not
 * count; the services and clients with most of them.
 */
export const MissingSummary = z.object({
  bytes: z.optional(z.number()),
  services: z.array(MissingShare),
  clients: z.array(MissingShare),
});
export type MissingSummary = z.infer<typeof MissingSummary>;

/**
 * One slave against its master's kernel table. `of`: every connection of the master, and what its helpers expect and the
 * agent does not replicate; ghosts are none of them.
 */
export const SlaveCoverage = z.object({
  node: z.string(),
  of: z.number(),
  replicated: z.number(),
  inFlight: z.number(),
  missing: z.number(),
  stale: z.number(),
  notReplicable: z.number(),
  ghosts: z.number(),
  /** `replicated / of`, 0 to 1; null where the master has nothing to replicate. */
  coverage: z.nullable(z.number()),
  missingByReason: z.partialRecord(MissingReason, z.number()),
  missingBy: MissingSummary,
  /** Lines of the two dumps that could not be read: what stands on them may be told as missing, or not at all. */
  unreadable: z.number(),
  /** Everything but the replicated, the gravest class first: all of it, or as much as was asked for. */
  connections: z.array(ClassifiedConnection),
  /** How many of them pass the filter that was asked for. */
  matched: z.number(),
});
export type SlaveCoverage = z.infer<typeof SlaveCoverage>;

/** `skewMs`: how far apart the two tables were read, with how long reading them took. `refused`: what was not compared. */
export const CoverageReport = z.object({
  cluster: z.string(),
  master: z.string(),
  observedAt: z.number(),
  skewMs: z.number(),
  slaves: z.array(SlaveCoverage),
  refused: z.array(z.object({ node: z.string(), reason: z.string() })),
});
export type CoverageReport = z.infer<typeof CoverageReport>;

/** What a comparison that is under way does. `entries`: read so far in this step, of about `expected`. */
export const CoverageProgress = z.object({
  step: z.enum(['checking', 'reading-master', 'waiting', 'reading-both', 'explaining']),
  startedAt: z.number(),
  entries: z.number(),
  expected: z.optional(z.number()),
});
export type CoverageProgress = z.infer<typeof CoverageProgress>;

/** Why nothing was compared; `retryAt` (ms) where only time stands in the way. */
export const CoverageRefusal = z.object({ reason: z.string(), retryAt: z.optional(z.number()) });
export type CoverageRefusal = z.infer<typeof CoverageRefusal>;

/** Which rows of the last report are wanted; the counts are always of all. */
export const CoverageQuery = z.object({
  cluster: z.string(),
  /** In the language of the connection table's filter. */
  filter: z.string(),
  class: z.optional(CoverageClass),
  reason: z.optional(MissingReason),
  /** The most rows for each slave; absent: all. */
  limit: z.optional(z.number()),
});
export type CoverageQuery = z.infer<typeof CoverageQuery>;

/** The last comparison of a kind, and the one that is under way. */
export const comparisonView = <Report extends z.ZodMiniType>(report: Report) =>
  z.object({
    progress: z.optional(CoverageProgress),
    report: z.optional(report),
    refusal: z.optional(CoverageRefusal),
    filterError: z.optional(FilterError),
  });

export const CoverageView = comparisonView(CoverageReport);
export type CoverageView = z.infer<typeof CoverageView>;
