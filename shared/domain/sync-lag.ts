import * as z from 'zod/mini';

/**
 * How far a slave is behind, as a time. `below` is an upper bound (`seconds`), because acknowledgements are lazy by
 * design and nothing finer is observable; `not-measurable` is a property of the mode, `unknown` of the moment.
 */
export const SyncLag = z.object({
  kind: z.enum(['measured', 'below', 'not-measurable', 'unknown']),
  seconds: z.optional(z.number()),
});
export type SyncLag = z.infer<typeof SyncLag>;
