import * as z from 'zod/mini';

/**
 * What a slave has of one connection of its master:
 *
 * - `replicated`      it holds it, in the state that the master has it in
 * - `in-flight`       it does not hold it, and the connection is younger than what replication may take
 * - `missing`         it does not hold it
 * - `stale`           it holds it in another state, although the master's has not changed for as long
 * - `not-replicable`  the agent does not carry what tells this connection from others, so nobody can say
 * - `ghost`           only the slave has it: no connection of the master, and committed with the others at a failover
 */
export const CoverageClass = z.enum([
  'replicated',
  'in-flight',
  'missing',
  'stale',
  'not-replicable',
  'ghost',
]);
export type CoverageClass = z.infer<typeof CoverageClass>;

/**
 * Why a connection is missing. `older-than-agent`: it began before the daemon, which hears nothing of it.
 * `expectation-not-synced`: a helper expects the connection, and the agent replicates no such expectation; it is told with
 * the class `not-replicable`. `unknown`: nothing read explains it.
 */
export const MissingReason = z.enum([
  'filtered',
  'cache-full',
  'expectation-not-synced',
  'offloaded',
  'older-than-agent',
  'event-lost',
  'unknown',
]);
export type MissingReason = z.infer<typeof MissingReason>;
