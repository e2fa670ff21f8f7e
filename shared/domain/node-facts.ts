import * as z from 'zod/mini';
import type { SyncLogRecord } from './replication.ts';

/** Settings of the kernel (sysctl) by name, as printed; one that this kernel does not have is absent. */
export const KernelSettings = z.record(z.string(), z.string());
export type KernelSettings = z.infer<typeof KernelSettings>;

/** A node's firewall rules without what moves by itself; the same `hash` means the same rules. The text stays in the engine. */
export const RulesDigest = z.object({ hash: z.string(), lines: z.number() });
export type RulesDigest = z.infer<typeof RulesDigest>;

/** A route of the main table. `origin`: who made it, as `ip route` names it: kernel, static, keepalived, bgp… */
export const Route = z.object({
  destination: z.string(),
  gateways: z.array(z.string()),
  device: z.optional(z.string()),
  metric: z.optional(z.number()),
  origin: z.optional(z.string()),
});
export type Route = z.infer<typeof Route>;

/** What the node knows of a neighbour's link address. `state` is the kernel's word; `confirmedSeconds`: since it answered. */
export const Neighbour = z.object({
  address: z.string(),
  device: z.string(),
  state: z.string(),
  confirmedSeconds: z.optional(z.number()),
});
export type Neighbour = z.infer<typeof Neighbour>;

/** What a takeover engine runs on a change of role, and which links it follows. */
export const TakeoverHooks = z.object({
  programs: z.array(
    z.object({ path: z.string(), state: z.enum(['executable', 'not-executable', 'missing']) }),
  ),
  /** Instances for which nothing is run when they become master, as far as this file tells. */
  without: z.array(z.string()),
  /** False: it includes other files, which were not read. */
  complete: z.boolean(),
  trackedInterfaces: z.array(z.string()),
});
export type TakeoverHooks = z.infer<typeof TakeoverHooks>;

/** What the sync agent's log says about commits, bulks and flushes. `lastBulkAt`: by the node's clock and zone, an identity only. */
export const SyncLogFacts = z.object({
  lastCommit: z.optional(z.object({ entries: z.number(), seconds: z.number() })),
  commitRunning: z.boolean(),
  /** Seconds after which a flush of the kernel's table was scheduled, where it is neither done nor called off. */
  flushPending: z.optional(z.number()),
  /** When it was scheduled, ms by the node's clock; absent where the zone of the log's dates is not known. */
  flushAskedAt: z.optional(z.number()),
  lastBulkAt: z.optional(z.number()),
  /** A bulk was asked for or sent by the daemon that started last. */
  bulkSinceStart: z.boolean(),
});
export type SyncLogFacts = z.infer<typeof SyncLogFacts>;

/**
 * Sums up a log, oldest line first. A commit, a flush of all caches or the internal one, and a new daemon each call a
 * scheduled flush off. `zone`: how far (ms) the log's dates are ahead of UTC.
 */
export function syncLogFacts(records: readonly SyncLogRecord[], zone?: number): SyncLogFacts {
  let commitRunning = false;
  let entries: number | undefined;
  let flushPending: number | undefined;
  let flushAskedAt: number | undefined;
  let lastBulkAt: number | undefined;
  let bulkSinceStart = false;
  let lastCommit: SyncLogFacts['lastCommit'];
  for (const record of records) {
    switch (record.kind) {
      case 'commit-started':
        commitRunning = true;
        flushPending = undefined;
        break;
      case 'committed':
        entries = record.entries;
        break;
      case 'commit-finished':
        commitRunning = false;
        if (entries !== undefined && record.seconds !== undefined) {
          lastCommit = { entries, seconds: record.seconds };
        }
        break;
      case 'kernel-flush-scheduled':
        flushPending = record.seconds ?? 0;
        flushAskedAt = record.at === undefined || zone === undefined ? undefined : record.at - zone;
        break;
      case 'started':
        bulkSinceStart = false;
        commitRunning = false;
        flushPending = undefined;
        break;
      case 'shutdown':
        commitRunning = false;
        flushPending = undefined;
        break;
      case 'caches-flushed':
        // conntrackd's `-f external` leaves the timer of `-t` alone
        if (!/external/i.test(record.text)) flushPending = undefined;
        break;
      case 'kernel-flushed':
        flushPending = undefined;
        break;
      case 'bulk-requested':
      case 'bulk-sent':
        lastBulkAt = record.at;
        bulkSinceStart = true;
        break;
    }
  }
  return {
    ...(lastCommit && { lastCommit }),
    commitRunning,
    ...(flushPending !== undefined && { flushPending }),
    ...(flushPending !== undefined && flushAskedAt !== undefined && { flushAskedAt }),
    ...(lastBulkAt !== undefined && { lastBulkAt }),
    bulkSinceStart,
  };
}
