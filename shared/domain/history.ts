import * as z from 'zod/mini';

const Figures = z.array(z.nullable(z.number()));

/** Figures of a cluster over time on one shared time axis (`times`: ms since the epoch). null: not known then. */
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
    }),
  ),
  /** Moments worth a line across every chart. */
  marks: z.array(
    z.object({ at: z.number(), label: z.string(), severity: z.enum(['info', 'warning', 'critical']) }),
  ),
});
export type ClusterSeries = z.infer<typeof ClusterSeries>;
