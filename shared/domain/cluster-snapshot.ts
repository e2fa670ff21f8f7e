import * as z from 'zod/mini';
import { Failure, readingOf } from '../lib/reading.ts';
import { Alert } from './alert.ts';
import { Environment } from './cluster.ts';
import { ClusterEvent } from './event.ts';
import { FailoverRun } from './failover-run.ts';
import { Reason, Verdict } from './health.ts';
import { KernelSettings, Neighbour, Route, RulesDigest, SyncLogFacts, TakeoverHooks } from './node-facts.ts';
import { ExpectedCommit, Gate, Readiness } from './readiness.ts';
import { SyncAgentState, SyncDirections, SyncPhase } from './replication.ts';
import { InstanceSnapshot, NodeRole } from './role.ts';
import { LagEstimate, SyncLag } from './sync-lag.ts';
import { SyncRemedy } from './sync-remedy.ts';
import { InterfaceAddress, TakeoverState } from './takeover.ts';
import { Trap } from './trap.ts';
import { HookScripts, LockFile, SyncSetup } from './trap-facts.ts';

/** What the engine's session with a node is doing. `retryAt`: ms since the epoch. */
export const SessionSnapshot = z.object({
  kind: z.enum(['connecting', 'connected', 'waiting', 'stopped']),
  since: z.optional(z.number()),
  retryAt: z.optional(z.number()),
});
export type SessionSnapshot = z.infer<typeof SessionSnapshot>;

/** Everything last read from a node, each with its age and source. A reading that was never taken is absent. */
export const NodeReadings = z.object({
  takeover: z.optional(readingOf(TakeoverState)),
  addresses: z.optional(readingOf(z.array(InterfaceAddress))),
  agent: z.optional(readingOf(SyncAgentState)),
  connections: z.optional(readingOf(z.number())),
  connectionsMax: z.optional(readingOf(z.number())),
  /** The handover file's number; present only where the inventory names one. `since`: its mtime, node's clock. */
  handoverFile: z.optional(readingOf(z.object({ value: z.number(), since: z.number() }))),
  /** The node's clock minus ours, in ms, at half of the round trip. */
  clockOffset: z.optional(readingOf(z.number())),
  settings: z.optional(readingOf(KernelSettings)),
  rules: z.optional(readingOf(RulesDigest)),
  routes: z.optional(readingOf(z.array(Route))),
  neighbours: z.optional(readingOf(z.array(Neighbour))),
  /** Connection-tracking helpers that are loaded as modules; a built-in one is not among them. */
  helpers: z.optional(readingOf(z.array(z.string()))),
  hooks: z.optional(readingOf(TakeoverHooks)),
  syncLog: z.optional(readingOf(SyncLogFacts)),
  syncSetup: z.optional(readingOf(SyncSetup)),
  lockFile: z.optional(readingOf(LockFile)),
  hookScripts: z.optional(readingOf(HookScripts)),
  /** What the sync agent has children for: a dump, a commit, a flush. */
  agentChildren: z.optional(readingOf(z.array(z.string()))),
});
export type NodeReadings = z.infer<typeof NodeReadings>;

/** Coverage by count, 0 to 1, with its error bar; `distinguishable` false: the difference is within sampling skew. */
export const CountCoverage = z.object({
  value: z.optional(z.number()),
  errorBar: z.optional(z.number()),
  /** So many connections may the counts differ without meaning anything: churn, skew and the ACK window. */
  bound: z.optional(z.number()),
  distinguishable: z.boolean(),
});
export type CountCoverage = z.infer<typeof CountCoverage>;

/** A slave's replication, judged against the master's. Absent on the master, or where roles are unknown. */
export const ReplicationSnapshot = z.object({
  /** Connections that a commit could put into this node's kernel now. */
  replicated: z.optional(z.number()),
  /** Where what the master sends goes straight into the kernel: so many at most, its table with the node's own. */
  replicatedAtMost: z.optional(z.number()),
  /** By how many connections its count falls short of the master's: what a failover now would lose at least. */
  atRisk: z.optional(z.number()),
  /** Entries beyond what the master has: stale ones, which can hide missing ones. */
  excess: z.optional(z.number()),
  coverage: CountCoverage,
  lag: SyncLag,
  /** What the lag was joined from, each with its age and source. */
  lagEstimates: z.optional(z.array(LagEstimate)),
  /** Messages the master sent and this slave has not acknowledged. */
  backlog: z.optional(z.number()),
  phase: SyncPhase,
  /** The sentence that shows why this phase. */
  evidence: z.string(),
  /** What becomes of the messages in each direction. */
  direction: z.optional(SyncDirections),
  /** What would mend it, where it is known what is wrong. */
  remedy: z.optional(SyncRemedy),
});
export type ReplicationSnapshot = z.infer<typeof ReplicationSnapshot>;

/** Per second, from the last two readings of the sync agent. */
export const SyncRates = z.object({
  messagesSent: z.number(),
  messagesReceived: z.number(),
  bytesSent: z.number(),
  bytesReceived: z.number(),
  /** Created + updated + destroyed of the internal cache. */
  changes: z.number(),
});
export type SyncRates = z.infer<typeof SyncRates>;

export const NodeSnapshot = z.object({
  name: z.string(),
  host: z.string(),
  session: SessionSnapshot,
  reachable: z.boolean(),
  /** What stands most in the way of reading this node, if anything. */
  failure: z.optional(Failure),
  role: NodeRole,
  roleSince: z.optional(z.number()),
  /** The engine's own word: MASTER, BACKUP, FAULT, INIT, STOPPED, UNKNOWN, or several joined by a slash. */
  engineState: z.string(),
  instances: z.array(InstanceSnapshot),
  readings: NodeReadings,
  rates: z.optional(SyncRates),
  replication: z.optional(ReplicationSnapshot),
  /** Whether it could take over now, and the gates that say so. Absent on a master. */
  readiness: z.optional(Readiness),
  gates: z.optional(z.array(Gate)),
  expectedCommit: z.optional(ExpectedCommit),
  /** Since when the handover file holds this node down (ms since the epoch, our clock). */
  heldDownSince: z.optional(z.number()),
  /** The takeover engine was last seen to be kept in FAULT by the inventory's maintenance file. */
  inMaintenance: z.optional(z.boolean()),
  observedAt: z.number(),
});
export type NodeSnapshot = z.infer<typeof NodeSnapshot>;

/**
 * The share of the master's kernel table that its agent replicates, I / K. A filter lowers it for good, lost events do so
 * suddenly: so it means something against its own `baseline` alone, the median of the last hour (absent until ten minutes
 * are known).
 */
export const Eligibility = z.object({
  value: z.number(),
  baseline: z.optional(z.number()),
  /** Over how long (s) the baseline was taken. */
  baselineSeconds: z.optional(z.number()),
  /** It has fallen below its baseline, or the kernel's events overran: connections are no longer seen. */
  dropped: z.boolean(),
});
export type Eligibility = z.infer<typeof Eligibility>;

/** What a failover to the worst slave would keep: the founding promise is that ALL slaves hold ALL connections. */
export const Protection = z.object({
  /** The least coverage by count among the slaves that can be counted; absent where there is none, or nothing to hold. */
  coverage: z.optional(z.number()),
  /** The slave with the least coverage. */
  worst: z.optional(z.string()),
  /** The most by which a slave's count falls short of the master's now. */
  atRisk: z.optional(z.number()),
  /** Whether the worst slave's difference is more than skew, churn and the window explain. */
  distinguishable: z.boolean(),
  /** Slaves that cannot be counted: as long as there are any, the figures above are the best case. */
  unknown: z.array(z.string()),
});
export type Protection = z.infer<typeof Protection>;

/** The one state of a cluster that screen, command line, alerts and tests look at. Never mutated. */
export const ClusterSnapshot = z.object({
  name: z.string(),
  environment: z.optional(Environment),
  demo: z.optional(z.boolean()),
  /** The inventory allows a canary: an entry of ours in the master's table, to see how long it takes to a slave. */
  canary: z.optional(z.boolean()),
  revision: z.number(),
  observedAt: z.number(),
  verdict: Verdict,
  /** The verdict in one sentence. */
  sentence: z.string(),
  reasons: z.array(Reason),
  master: z.nullable(z.string()),
  /** Different masters for different instances: a state of its own, not a fault. */
  activeActive: z.boolean(),
  nodes: z.array(NodeSnapshot),
  /** Known traps that are there, may be there, or cannot be ruled out. Absent until they were looked for. */
  traps: z.optional(z.array(Trap)),
  /** The newest events, newest last. */
  events: z.array(ClusterEvent),
  run: z.nullable(FailoverRun),
  /** Of the one master, and of its slaves: absent while there is none, or several. */
  eligibility: z.optional(Eligibility),
  protection: z.optional(Protection),
  /** What is wrong for long enough to tell somebody, and what may become so. Absent where nobody watches for it. */
  alerts: z.optional(z.array(Alert)),
});
export type ClusterSnapshot = z.infer<typeof ClusterSnapshot>;

/** All clusters of the inventory, in its order. */
export const FleetSnapshot = z.object({
  revision: z.number(),
  clusters: z.array(ClusterSnapshot),
  /** What the operator should know about this console itself, in sentences. */
  notices: z.optional(z.array(z.string())),
});
export type FleetSnapshot = z.infer<typeof FleetSnapshot>;
