import * as z from 'zod/mini';

/** How one node is reached, every default filled in. Paths are absolute (`~` is expanded by the inventory). */
export const NodeDefinition = z.object({
  name: z.string(),
  host: z.string(),
  port: z.number(),
  user: z.string(),
  identityFile: z.optional(z.string()),
  knownHostsFile: z.string(),
  /** Whether privileged commands go through `sudo -n`. */
  sudo: z.boolean(),
});
export type NodeDefinition = z.infer<typeof NodeDefinition>;

export const Environment = z.enum(['production', 'staging', 'lab']);
export type Environment = z.infer<typeof Environment>;

/** One cluster of the inventory, every default filled in. */
export const ClusterDefinition = z.object({
  name: z.string(),
  environment: z.optional(Environment),
  /** A label, nothing more: the nodes are simulated. The product does not branch on it. */
  demo: z.optional(z.boolean()),
  /** Whether an operator may have the lag measured with an entry of ours in the master's table. */
  canary: z.optional(z.boolean()),
  agent: z.object({ kind: z.literal('conntrackd'), config: z.string() }),
  takeover: z.object({
    kind: z.literal('keepalived'),
    pidFile: z.string(),
    handoverFile: z.optional(z.string()),
    maintenanceFile: z.optional(z.string()),
  }),
  nodes: z.array(NodeDefinition),
});
export type ClusterDefinition = z.infer<typeof ClusterDefinition>;

/** What is wrong with an inventory file, and where. Lines and columns count from 1. */
export const InventoryError = z.object({
  file: z.string(),
  line: z.optional(z.number()),
  column: z.optional(z.number()),
  /** As in `clusters[0].nodes[1].port`. */
  path: z.optional(z.string()),
  message: z.string(),
  expected: z.optional(z.string()),
});
export type InventoryError = z.infer<typeof InventoryError>;
