import * as z from 'zod/mini';
import { Connection } from './connection.ts';
import { ConnectionRow, SortKey } from './connection-query.ts';

/** A piece of an export, from the row `offset` on. All pieces of one export name the `revision` of the first. */
export const ExportQuery = z.object({
  cluster: z.string(),
  node: z.string(),
  filter: z.string(),
  sort: z.array(SortKey),
  /** `command`: as `conntrack -D` would name each; `json`: an object a line. */
  format: z.enum(['text', 'csv', 'json', 'command']),
  offset: z.number(),
  revision: z.optional(z.number()),
});
export type ExportQuery = z.infer<typeof ExportQuery>;

/** `next`: where the following piece begins; absent behind the last. `ended`: why there is no more although there should be. */
export const ExportPiece = z.object({
  revision: z.number(),
  matched: z.number(),
  text: z.string(),
  next: z.optional(z.number()),
  ended: z.optional(z.string()),
});
export type ExportPiece = z.infer<typeof ExportPiece>;

/** One question to the kernel's own filter: all that is given must fit. Protocols by name or number. */
export const NarrowQuestion = z.object({
  src: z.optional(z.string()),
  dst: z.optional(z.string()),
  sport: z.optional(z.number()),
  dport: z.optional(z.number()),
  protocol: z.optional(z.string()),
  mark: z.optional(z.number()),
  zone: z.optional(z.number()),
  family: z.optional(z.enum(['ipv4', 'ipv6'])),
});
export type NarrowQuestion = z.infer<typeof NarrowQuestion>;

export const NarrowAnswer = z.discriminatedUnion('accepted', [
  z.object({
    accepted: z.literal(true),
    observedAt: z.number(),
    /** How long it took, ms, and the command as typed on the node. */
    took: z.number(),
    line: z.string(),
    /** How many fit; `rows` are the first of them. */
    matched: z.number(),
    rows: z.array(ConnectionRow),
  }),
  z.object({ accepted: z.literal(false), reason: z.string() }),
]);
export type NarrowAnswer = z.infer<typeof NarrowAnswer>;

/** What dropping these connections would send; nothing was sent yet. */
export const DropPlan = z.object({
  planId: z.string(),
  cluster: z.string(),
  node: z.string(),
  entries: z.array(z.object({ connection: Connection, command: z.string() })),
  /** Those that were chosen and stay, because no command names them alone. */
  left: z.array(z.object({ connection: Connection, reason: z.string() })),
  /** What must be typed to confirm, past ten entries; absent: a click is enough. */
  confirm: z.optional(z.string()),
  /** What the operator should know before, such as that the node is the master and that clients will notice. */
  warnings: z.array(z.string()),
});
export type DropPlan = z.infer<typeof DropPlan>;

/** `unknown`: the command was sent and no answer came, so the entry may be gone. */
export const DropResult = z.object({
  command: z.string(),
  outcome: z.enum(['dropped', 'already-gone', 'failed', 'unknown', 'not-sent']),
  message: z.optional(z.string()),
});
export type DropResult = z.infer<typeof DropResult>;
