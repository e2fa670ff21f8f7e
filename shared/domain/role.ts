import * as z from 'zod/mini';
import { EngineState } from './takeover.ts';

/**
 * master, slave: two witnesses agree. mixed: master of some instances and slave of others. fault, init: the engine's
 * own word. stopped: no engine runs. unknown: fewer than two witnesses could be read. conflict: they disagree.
 */
export const NodeRole = z.enum([
  'master',
  'slave',
  'mixed',
  'fault',
  'init',
  'stopped',
  'conflict',
  'unknown',
]);
export type NodeRole = z.infer<typeof NodeRole>;

/** One witness of a node's role in one instance: what it says, and the sentence that shows it. */
export const Witness = z.object({
  kind: z.enum(['daemon', 'addresses', 'adverts']),
  says: z.enum(['master', 'slave', 'fault', 'init', 'stopped']),
  evidence: z.string(),
  observedAt: z.number(),
  source: z.string(),
});
export type Witness = z.infer<typeof Witness>;

/** A node's part in one VRRP instance. */
export const InstanceSnapshot = z.object({
  name: z.string(),
  vrid: z.number(),
  state: EngineState,
  role: NodeRole,
  addresses: z.array(z.string()),
  effectivePriority: z.optional(z.number()),
  witnesses: z.array(Witness),
});
export type InstanceSnapshot = z.infer<typeof InstanceSnapshot>;
