import * as z from 'zod/mini';

/** The takeover engine's own word for the state of one instance, as operators type it elsewhere. */
export const EngineState = z.enum(['INIT', 'BACKUP', 'MASTER', 'FAULT', 'UNKNOWN']);
export type EngineState = z.infer<typeof EngineState>;

/** One VRRP instance as the takeover engine reports it. Times in ms since the epoch by the node's clock. */
export const TakeoverInstance = z.object({
  name: z.string(),
  vrid: z.number(),
  interface: z.string(),
  state: EngineState,
  wantState: z.optional(EngineState),
  basePriority: z.number(),
  effectivePriority: z.number(),
  /** Service addresses without prefix length or device, as `ip addr` prints them. */
  addresses: z.array(z.string()),
  lastTransition: z.optional(z.number()),
  nopreempt: z.optional(z.boolean()),
  /** While BACKUP: address and priority of the master whose adverts are heard. */
  masterRouter: z.optional(z.string()),
  masterPriority: z.optional(z.number()),
  advertsReceived: z.optional(z.number()),
  advertsSent: z.optional(z.number()),
  advertIntervalSeconds: z.optional(z.number()),
  syncGroup: z.optional(z.string()),
  /** Own address from which adverts are sent; what peers report as their `masterRouter`. */
  sourceAddress: z.optional(z.string()),
});
export type TakeoverInstance = z.infer<typeof TakeoverInstance>;

/** A file whose number the engine adds (times `weight`) to the priority, or that yields FAULT when weight is 0. */
export const TrackFile = z.object({
  name: z.string(),
  file: z.string(),
  weight: z.number(),
  status: z.optional(z.number()),
  /** Instances and sync groups that follow it, with the weight that holds there. */
  trackedBy: z.array(z.object({ name: z.string(), weight: z.number() })),
});
export type TrackFile = z.infer<typeof TrackFile>;

/** Everything read from one dump of the engine. Track files and sync groups are absent from its JSON form. */
export const TakeoverState = z.object({
  instances: z.array(TakeoverInstance),
  trackFiles: z.optional(z.array(TrackFile)),
});
export type TakeoverState = z.infer<typeof TakeoverState>;

/** An address on an interface of the node. */
export const InterfaceAddress = z.object({
  device: z.string(),
  address: z.string(),
  prefixLength: z.number(),
  carrier: z.optional(z.boolean()),
});
export type InterfaceAddress = z.infer<typeof InterfaceAddress>;

/**
 * One line of the takeover engine's log. `at` is the node's clock, in ms; absent where the year is not printed.
 * `state-entered` and `group-synced` carry the state, `priority-changed` both priorities, an advert its sender's.
 */
export const TakeoverLogRecord = z.object({
  at: z.optional(z.number()),
  kind: z.enum([
    'started',
    'stopping',
    'stopped',
    'reloading',
    'reloaded',
    'child-died',
    'transition-started',
    'state-entered',
    'group-synced',
    'priority-changed',
    'master-timeout',
    'priority-zero-sent',
    'priority-zero-received',
    'advert-lower-priority',
    'advert-equal-priority',
    'advert-higher-priority',
    'advert-refused',
    'advert-not-sent',
    'script-result',
    'script-disabled',
    'link-changed',
    'addresses-set',
    'addresses-removed',
    'addresses-announced',
    'dump-failed',
    'config-refused',
    'other',
  ]),
  text: z.string(),
  level: z.optional(z.string()),
  pid: z.optional(z.number()),
  program: z.optional(z.string()),
  instance: z.optional(z.string()),
  group: z.optional(z.string()),
  script: z.optional(z.string()),
  device: z.optional(z.string()),
  /** Who sent the advert. */
  peer: z.optional(z.string()),
  state: z.optional(EngineState),
  /** Why FAULT was entered, as the engine words it. */
  reason: z.optional(z.string()),
  /** What the script or the link came to: succeeded, failed, timed out; up, down, added, deleted. */
  result: z.optional(z.string()),
  /** The sender's priority, or the effective one from now on; `formerPriority` held before. */
  priority: z.optional(z.number()),
  formerPriority: z.optional(z.number()),
  ownPriority: z.optional(z.number()),
  configLine: z.optional(z.number()),
});
export type TakeoverLogRecord = z.infer<typeof TakeoverLogRecord>;
