import * as z from 'zod/mini';

/** Something that happened to a cluster, as seen from here. `at`: ms since the epoch, this machine's clock. */
export const ClusterEvent = z.object({
  id: z.number(),
  at: z.number(),
  kind: z.enum(['role', 'fault', 'recovery', 'replication', 'failover', 'alert']),
  severity: z.enum(['info', 'warning', 'critical']),
  node: z.optional(z.string()),
  message: z.string(),
  source: z.string(),
});
export type ClusterEvent = z.infer<typeof ClusterEvent>;
