import * as z from 'zod/mini';

const kind = z.enum(['measured', 'below', 'not-measurable', 'unknown']);

/**
 * What a lag was estimated by. backlog: messages unacknowledged over the message rate (FTFW) · counter-delay: by how much
 * the slave's counters follow the master's, sampled fast · canary: how long one marked entry took to arrive.
 */
export const LagMethod = z.enum(['backlog', 'counter-delay', 'canary']);
export type LagMethod = z.infer<typeof LagMethod>;

/**
 * How far a slave is behind, as a time. `below` is an upper bound (`seconds`), because nothing finer is observable;
 * `not-measurable` is a property of the mode, `unknown` of the moment. `resolution`: seconds by which a measured value
 * may be off to either side.
 */
export const SyncLag = z.object({
  kind,
  seconds: z.optional(z.number()),
  resolution: z.optional(z.number()),
  /** The estimate that it rests on, and its instant. */
  from: z.optional(LagMethod),
  observedAt: z.optional(z.number()),
});
export type SyncLag = z.infer<typeof SyncLag>;

/** One estimate by itself. `note`: why there is none, or what it rests on; `source`: the commands behind it. */
export const LagEstimate = z.object({
  method: LagMethod,
  kind,
  seconds: z.optional(z.number()),
  resolution: z.optional(z.number()),
  note: z.optional(z.string()),
  observedAt: z.number(),
  source: z.string(),
});
export type LagEstimate = z.infer<typeof LagEstimate>;

/** What each estimate is, in one sentence. */
export const lagMeaning: Readonly<Record<LagMethod, string>> = {
  backlog: 'How long the master takes for as many new entries as are not acknowledged yet: an upper bound.',
  'counter-delay': "By how much the slave's counters of connections follow the master's.",
  canary: 'How long one marked entry took from the master to the slave: an upper bound.',
};

/** A lag that lies between two bounds, in ms: a value where they are clear of nothing, else what it is below. */
export function lagWithin(low: number, high: number): Pick<LagEstimate, 'kind' | 'seconds' | 'resolution'> {
  const [least, most] = [Math.max(0, low) / 1000, Math.max(0, high) / 1000];
  // a value that could as well be a third of itself is better told as a bound
  if (least * 3 < most) return { kind: 'below', seconds: most };
  return { kind: 'measured', seconds: (least + most) / 2, resolution: (most - least) / 2 };
}
