import * as z from 'zod/mini';
import { ClusterEvent } from './event.ts';

const Figures = z.array(z.nullable(z.number()));

/** What is kept of a node over time, besides the kind of its lag. Rates are per second. */
export const FigureName = z.enum([
  'connections',
  'tableLimit',
  'replicated',
  'coverage',
  'coverageError',
  'excess',
  'lagResolution',
  'lag',
  'backlog',
  'messagesSent',
  'messagesReceived',
  'bytesSent',
  'bytesReceived',
]);
export type FigureName = z.infer<typeof FigureName>;

/** The kinds of lag that say something; an unknown one is null. */
export const KeptLagKind = z.enum(['measured', 'below', 'not-measurable']);
export type KeptLagKind = z.infer<typeof KeptLagKind>;

/**
 * Figures of a cluster over time on one shared time axis (`times`: ms since the epoch, where each point's span begins).
 * A point is the last figure known in its span; null: not known then.
 */
export const ClusterSeries = z.object({
  times: z.array(z.number()),
  nodes: z.array(
    z.object({
      name: z.string(),
      connections: Figures,
      replicated: Figures,
      /** Seconds; an upper bound where the lag is only known to be below it. */
      lag: Figures,
      backlog: Figures,
      /** Seconds by which a measured lag may be off to either side. */
      lagResolution: z.optional(Figures),
      lagKind: z.optional(z.array(z.nullable(KeptLagKind))),
      /** The most connections that the node's table takes. */
      tableLimit: z.optional(Figures),
      /** 0 to 1. */
      coverage: z.optional(Figures),
      /** How far the coverage may be off, in either direction. */
      coverageError: z.optional(Figures),
      /** Entries held beyond what the master has: stale ones, which can hide missing ones. */
      excess: z.optional(Figures),
      messagesSent: z.optional(Figures),
      messagesReceived: z.optional(Figures),
      bytesSent: z.optional(Figures),
      bytesReceived: z.optional(Figures),
      /** The extremes in each point's span; a figure that never moved within one is absent. */
      lowest: z.optional(z.partialRecord(FigureName, Figures)),
      highest: z.optional(z.partialRecord(FigureName, Figures)),
    }),
  ),
  /** Moments worth a line across every chart. */
  marks: z.array(
    z.object({
      at: z.number(),
      label: z.string(),
      severity: ClusterEvent.shape.severity,
      kind: z.optional(ClusterEvent.shape.kind),
    }),
  ),
  /** The time that was asked for, and how long each point's span is (all in ms). */
  view: z.optional(z.object({ from: z.number(), to: z.number(), span: z.number() })),
});
export type ClusterSeries = z.infer<typeof ClusterSeries>;
