import * as z from 'zod/mini';
import type { Reading } from '../lib/reading.ts';

export const TrapCode = z.enum([
  'shared-group',
  'three-nodes-ftfw',
  'lost-is-not-loss',
  'external-cache-off-with-script',
  'internal-cache-off-with-flush',
  'hash-limit',
  'events',
  'no-startup-resync',
  'stale-lock',
  'hook-not-executable',
]);
export type TrapCode = z.infer<typeof TrapCode>;

/** One thing that was read, behind a trap. */
export const TrapEvidence = z.object({
  node: z.string(),
  what: z.string(),
  observedAt: z.number(),
  source: z.string(),
});
export type TrapEvidence = z.infer<typeof TrapEvidence>;

/**
 * A known way in which a healthy-looking cluster fails when it matters. `present`: seen. `possible`: what is seen fits it,
 * and fits something else too. `unknown`: what it rests on could not be read, so it is not known to be absent.
 */
export const Trap = z.object({
  code: TrapCode,
  /** Absent where it concerns the cluster as a whole. */
  node: z.optional(z.string()),
  state: z.enum(['present', 'possible', 'unknown']),
  /** Unknown for now: readings that will tell are still to come. */
  pending: z.optional(z.boolean()),
  sentence: z.string(),
  why: z.string(),
  evidence: z.array(TrapEvidence),
  remedy: z.optional(z.string()),
  sideEffects: z.optional(z.string()),
  /** To paste: `where` names the file or the place in it. */
  snippet: z.optional(z.object({ where: z.string(), text: z.string() })),
});
export type Trap = z.infer<typeof Trap>;

/** Evidence from a reading, in words. */
export const seen = (node: string, what: string, reading: Reading<unknown>): TrapEvidence => ({
  node,
  what,
  observedAt: reading.observedAt,
  source: reading.source,
});

/** A trap that cannot be judged, and by which reading; a reading that was never taken is still to come. */
export function unjudged(
  code: TrapCode,
  node: string,
  what: string,
  reading: Reading<unknown> | undefined,
  why: string,
): Trap {
  const said = reading === undefined ? 'it has not been read yet' : reading.ok ? '' : reading.failure.message;
  const remedy = reading?.ok === false ? reading.failure.remedy : undefined;
  return {
    code,
    node,
    state: 'unknown',
    ...(reading === undefined && { pending: true }),
    sentence: said === '' ? what : `${what}: ${said}`,
    why,
    evidence: reading ? [seen(node, said === '' ? what : said, reading)] : [],
    ...(remedy !== undefined && { remedy }),
  };
}
