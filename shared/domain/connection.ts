import * as z from 'zod/mini';

/** An integer as printed; a string of digits where it exceeds 2^53−1 and a number would lie. */
export const BigInteger = z.union([z.number(), z.string()]);
export type BigInteger = z.infer<typeof BigInteger>;

/** One direction of a connection. Addresses and GRE keys stand as printed; ports, ICMP fields and counters as numbers. */
export const Tuple = z.object({
  src: z.string(),
  dst: z.string(),
  sport: z.optional(z.number()),
  dport: z.optional(z.number()),
  type: z.optional(z.number()),
  code: z.optional(z.number()),
  id: z.optional(z.number()),
  srckey: z.optional(z.string()),
  dstkey: z.optional(z.string()),
  packets: z.optional(BigInteger),
  bytes: z.optional(BigInteger),
});
export type Tuple = z.infer<typeof Tuple>;

/**
 * One entry of a connection-tracking table, as conntrack, /proc/net/nf_conntrack and `conntrackd -i|-e` print it.
 * `timeout` and `activeSeconds` in seconds. `reply` is absent in conntrackd's external cache. `flags` without
 * brackets (ASSURED, UNREPLIED, OFFLOAD…). What we have no field for is kept in `extra`, never dropped.
 */
export const Connection = z.object({
  family: z.enum(['ipv4', 'ipv6', 'unknown']),
  protocol: z.string(),
  protocolNumber: z.number(),
  timeout: z.optional(z.number()),
  state: z.optional(z.string()),
  original: Tuple,
  reply: z.optional(Tuple),
  flags: z.array(z.string()),
  mark: z.optional(BigInteger),
  zone: z.optional(z.number()),
  use: z.optional(z.number()),
  id: z.optional(BigInteger),
  activeSeconds: z.optional(z.number()),
  extra: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Connection = z.infer<typeof Connection>;
