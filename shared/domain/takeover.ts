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
