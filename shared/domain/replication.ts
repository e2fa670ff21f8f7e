import * as z from 'zod/mini';

/**
 * What a sync agent says about itself, in words that fit any agent. Counters are cumulative since the daemon's start
 * and may wrap or restart; only their differences between two readings mean anything.
 */
export const CacheCounters = z.object({
  /** Entries alive. Absent where the agent keeps no such cache (injected or bypassed). */
  active: z.optional(z.number()),
  /** Entries including deletions the peer has not acknowledged yet. */
  total: z.optional(z.number()),
  created: z.number(),
  updated: z.number(),
  destroyed: z.number(),
  /** Creations that failed: cache full, or no memory. */
  failed: z.number(),
});
export type CacheCounters = z.infer<typeof CacheCounters>;

/** One channel on which messages travel to the peers. */
export const SyncChannel = z.object({
  transport: z.enum(['multicast', 'udp', 'tcp', 'unknown']),
  device: z.string(),
  /** Carrier as the agent sees it: RUNNING, NO-CARRIER, DOWN; unknown where it was not asked. */
  status: z.string(),
  active: z.boolean(),
  /** TCP: whether the connection stands on which this node receives, and the one on which it sends. */
  receives: z.optional(z.boolean()),
  sends: z.optional(z.boolean()),
  bytesSent: z.number(),
  bytesReceived: z.number(),
  packetsSent: z.number(),
  packetsReceived: z.number(),
  errorsSent: z.number(),
  errorsReceived: z.number(),
});
export type SyncChannel = z.infer<typeof SyncChannel>;

/** Messages waiting: `resend` are sent and not yet acknowledged (FTFW only), `transmit` wait to be sent. */
export const Backlog = z.object({
  resend: z.optional(z.number()),
  transmit: z.number(),
  overflowed: z.number(),
});
export type Backlog = z.infer<typeof Backlog>;

export const SyncMode = z.enum(['ftfw', 'notrack', 'alarm', 'stats', 'unknown']);
export type SyncMode = z.infer<typeof SyncMode>;

export const SyncAgentState = z.object({
  mode: SyncMode,
  /** The copy of this node's own kernel table. `bypass`: the agent keeps none and reads the kernel. */
  internal: z.object({ kind: z.enum(['cache', 'bypass', 'absent']), counters: z.optional(CacheCounters) }),
  /** What the peers sent. `inject`: it goes straight into the kernel, so the number held is not observable. */
  external: z.object({ kind: z.enum(['cache', 'inject', 'absent']), counters: z.optional(CacheCounters) }),
  channels: z.array(SyncChannel),
  backlog: z.optional(Backlog),
  malformed: z.number(),
  lost: z.number(),
  before: z.optional(z.number()),
  netlinkOverruns: z.optional(z.number()),
  uptimeMinutes: z.optional(z.number()),
  /** As configured: messages that may stay unacknowledged (FTFW), and within what each entry is repeated (ALARM). */
  ackWindow: z.optional(z.number()),
  refreshSeconds: z.optional(z.number()),
});
export type SyncAgentState = z.infer<typeof SyncAgentState>;

/** One line of the sync agent's own log that says something about replication. `at` is the node's clock, in ms. */
export const SyncLogRecord = z.object({
  at: z.optional(z.number()),
  kind: z.enum([
    'started',
    'shutdown',
    'commit-started',
    'committed',
    'commit-failed-entries',
    'commit-finished',
    'commit-skipped',
    'bulk-requested',
    'bulk-requested-by-peer',
    'bulk-sent',
    'resync-from-kernel',
    'resync-unsupported',
    'caches-flushed',
    'flush-refused',
    'kernel-flush-scheduled',
    'kernel-flushed',
    'entry-failed',
    'events-buffer-set',
    'events-buffer-grown',
    'events-lost',
    'link-changed',
    'no-link',
    'channel-failed',
    'config-refused',
    'lock-file-exists',
    'not-connected',
    'child-died',
    'other',
  ]),
  level: z.string(),
  text: z.string(),
  pid: z.optional(z.number()),
  /** Entries committed, or not committable. */
  entries: z.optional(z.number()),
  /** How long the commit took, or when the scheduled flush is due. */
  seconds: z.optional(z.number()),
  /** The size of the buffer for the kernel's events. */
  bytes: z.optional(z.number()),
  /** The device that carries the messages from now on. */
  device: z.optional(z.string()),
  /** The line of the configuration that was refused. */
  configLine: z.optional(z.number()),
});
export type SyncLogRecord = z.infer<typeof SyncLogRecord>;

/**
 * never: holds nothing of a master that has something · full-sync: a bulk is under way · in-step · behind ·
 * silent: the peer's messages stopped, or their link is down · unknown: cannot be read, or not decided yet.
 */
export const SyncPhase = z.enum(['never', 'full-sync', 'in-step', 'behind', 'silent', 'unknown']);
export type SyncPhase = z.infer<typeof SyncPhase>;

/**
 * What becomes of what one node says to another: flows: it arrives · lost: it is sent and does not arrive · stalled: the
 * daemon is there and says nothing any more · silent: nothing arrives, and why cannot be told · unknown.
 */
export const DirectionState = z.enum(['flows', 'lost', 'stalled', 'silent', 'unknown']);
export type DirectionState = z.infer<typeof DirectionState>;

/** Both directions between a master and one of its slaves, from what each counts of its own and the other hears. */
export const SyncDirections = z.object({
  toSlave: DirectionState,
  toMaster: DirectionState,
  /** The node whose daemon stalled. */
  stalled: z.optional(z.string()),
  evidence: z.string(),
});
export type SyncDirections = z.infer<typeof SyncDirections>;
