import * as z from 'zod/mini';

/** ready: every gate passes · degraded: it could take over, with a loss or with other rules · not-ready · unknown: not all can be read. */
export const Readiness = z.enum(['ready', 'degraded', 'not-ready', 'unknown']);
export type Readiness = z.infer<typeof Readiness>;

/** The eleven gates in their order. */
export const GateCode = z.enum([
  'fresh-data',
  'agent-answers',
  'link-running',
  'in-step',
  'no-losses',
  'room',
  'takeover-standby',
  'one-master',
  'nothing-pending',
  'same-rules',
  'data-plane',
]);
export type GateCode = z.infer<typeof GateCode>;

/** One condition for taking over: what was found, when (ms since the epoch), and by which command. */
export const Gate = z.object({
  code: GateCode,
  result: z.enum(['pass', 'fail', 'unknown']),
  message: z.string(),
  /** What to do next, where it fails. */
  remedy: z.optional(z.string()),
  /** Absent while nothing that it rests on was asked yet. */
  observedAt: z.optional(z.number()),
  source: z.optional(z.string()),
});
export type Gate = z.infer<typeof Gate>;

/** How long a commit of what this slave holds would take. `basis`: the last commit in its log, or what is usual. */
export const ExpectedCommit = z.object({ seconds: z.number(), basis: z.enum(['last-commit', 'typical']) });
export type ExpectedCommit = z.infer<typeof ExpectedCommit>;

/** What costs something at a failover and does not prevent it. */
const bearable: ReadonlySet<GateCode> = new Set(['no-losses', 'same-rules']);

/** What cannot be read may hide the worst: only a gate that surely prevents a failover weighs more. */
export function readinessOf(gates: readonly Gate[]): Readiness {
  const failed = gates.filter((gate) => gate.result === 'fail');
  if (failed.some((gate) => !bearable.has(gate.code))) return 'not-ready';
  if (gates.some((gate) => gate.result === 'unknown')) return 'unknown';
  return failed.length > 0 ? 'degraded' : 'ready';
}

/** Entries a second that conntrackd 1.4.7 commits where they exist already: the slower of the measured rates. */
const typicalCommitRate = 50_000;

export function expectedCommit(
  held: number,
  last: { readonly entries: number; readonly seconds: number } | undefined,
): ExpectedCommit {
  const logged = last !== undefined && last.entries > 0 && last.seconds > 0;
  return logged
    ? { seconds: (held * last.seconds) / last.entries, basis: 'last-commit' }
    : { seconds: held / typicalCommitRate, basis: 'typical' };
}
