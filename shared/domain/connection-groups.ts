import * as z from 'zod/mini';
import { FilterError } from './connection-query.ts';

/** What connections can be counted together by. `service`: protocol and destination port; `nat`: the translated address. */
export const GroupBy = z.enum(['src', 'dst', 'service', 'protocol', 'state', 'zone', 'nat']);
export type GroupBy = z.infer<typeof GroupBy>;

export const GroupQuery = z.object({
  cluster: z.string(),
  node: z.string(),
  filter: z.string(),
  by: GroupBy,
  /** Which groups come first. */
  measure: z.enum(['connections', 'bytes', 'packets']),
  limit: z.number(),
});
export type GroupQuery = z.infer<typeof GroupQuery>;

/** `bytes` and `packets` of both directions; absent where the node does not count. `filter`: what selects the group. */
export const Group = z.object({
  label: z.string(),
  filter: z.string(),
  connections: z.number(),
  bytes: z.optional(z.number()),
  packets: z.optional(z.number()),
});
export type Group = z.infer<typeof Group>;

/** The largest `limit` groups of all that matches, what is left of it in `others`, and the sum in `total`. */
export const Groups = z.object({
  revision: z.number(),
  groups: z.array(Group),
  /** How many groups there are in all. */
  count: z.number(),
  others: z.omit(Group, { label: true, filter: true }),
  total: z.omit(Group, { label: true, filter: true }),
  filterError: z.optional(FilterError),
});
export type Groups = z.infer<typeof Groups>;
