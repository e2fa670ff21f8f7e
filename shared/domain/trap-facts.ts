import * as z from 'zod/mini';
import { SyncMode } from './replication.ts';

/** What of a sync agent's configuration decides whether a known trap is open. Nothing secret is in it. */
export const SyncSetup = z.object({
  /** The file that it stands in. */
  file: z.string(),
  mode: SyncMode,
  channels: z.array(
    z.object({
      transport: z.enum(['multicast', 'udp', 'tcp']),
      /** Multicast: the group's address. UDP and TCP: this node's own. */
      address: z.optional(z.string()),
      /** Multicast: this node's own address on the link. */
      interfaceAddress: z.optional(z.string()),
      device: z.optional(z.string()),
      port: z.optional(z.number()),
    }),
  ),
  disableInternalCache: z.boolean(),
  disableExternalCache: z.boolean(),
  /** How many entries each cache may hold. */
  hashLimit: z.number(),
  startupResync: z.boolean(),
  lockFile: z.string(),
});
export type SyncSetup = z.infer<typeof SyncSetup>;

/** The sync agent's lock file and its process, looked at together: a lock without a process keeps it from starting. */
export const LockFile = z.object({ path: z.string(), exists: z.boolean(), agentRuns: z.boolean() });
export type LockFile = z.infer<typeof LockFile>;

/** A command that a takeover script gives the sync agent; `branch`: the script's own word for the role, as in `primary`. */
export const ScriptStep = z.object({
  branch: z.optional(z.string()),
  /** The option: `-c`, `-f`, `-f external`… */
  option: z.string(),
  line: z.number(),
});
export type ScriptStep = z.infer<typeof ScriptStep>;

/** The scripts that run on a change of role, as far as they could be read. */
export const HookScripts = z.object({
  scripts: z.array(
    z.object({
      path: z.string(),
      /** Absent where it could not be read, or is no text; then `unread` says why. */
      steps: z.optional(z.array(ScriptStep)),
      unread: z.optional(z.string()),
      /** The caches whose switch it looks at before it acts. */
      checks: z.array(z.enum(['internal', 'external'])),
    }),
  ),
  /** False: other scripts may run that this configuration did not show. */
  complete: z.boolean(),
});
export type HookScripts = z.infer<typeof HookScripts>;
