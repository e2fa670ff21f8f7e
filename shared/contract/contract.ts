import * as z from 'zod/mini';
import { AddressName } from '../domain/address-name.ts';
import { ClusterDefinition, Environment, InventoryError } from '../domain/cluster.ts';
import type { FleetSnapshot } from '../domain/cluster-snapshot.ts';
import { Connection } from '../domain/connection.ts';
import {
  DropPlan,
  DropResult,
  ExportPiece,
  ExportQuery,
  NarrowAnswer,
  NarrowQuestion,
} from '../domain/connection-actions.ts';
import { GroupQuery, Groups } from '../domain/connection-groups.ts';
import { ConnectionPage, ConnectionQuery } from '../domain/connection-query.ts';
import { CoverageQuery, CoverageView } from '../domain/coverage.ts';
import { DifferenceQuery, DifferenceView, TwoTables } from '../domain/difference.ts';
import { FailoverPlan } from '../domain/failover-plan.ts';
import { FleetSummary } from '../domain/fleet-summary.ts';
import { ClusterSeries } from '../domain/history.ts';
import { ReadinessDiff } from '../domain/readiness-diff.ts';
import { LagEstimate } from '../domain/sync-lag.ts';
import { TimelineFilter } from '../domain/timeline.ts';
import { TimelineFormat, TimelinePage, TimelineQuery, TimelineRowQuery } from '../domain/timeline-page.ts';
import { FleetChange, fleetReceiver, fleetSender } from './fleet-change.ts';

/**
 * Every call from the console to the engine and every stream back: the one list from which the preload, both hosts,
 * the client and the handlers derive, so that nothing can skip validation. A call answers at once; what takes time
 * shows on the stream.
 */
const call = <I extends z.core.$ZodType, O extends z.core.$ZodType>(input: I, output: O) => ({
  input,
  output,
});

const nothing = z.object({});
const nodeAddress = z.object({ cluster: z.string(), node: z.string() });

/** Accepted, or refused with the reason in one sentence. */
export const Answer = z.discriminatedUnion('accepted', [
  z.object({ accepted: z.literal(true) }),
  z.object({ accepted: z.literal(false), reason: z.string() }),
]);

export type Answer = z.infer<typeof Answer>;

/** The same, with the instant from which on it would no longer be too soon. */
const ComparedAnswer = z.discriminatedUnion('accepted', [
  z.object({ accepted: z.literal(true) }),
  z.object({ accepted: z.literal(false), reason: z.string(), retryAt: z.optional(z.number()) }),
]);

export const AppInfo = z.object({
  version: z.string(),
  host: z.enum(['electron', 'browser']),
  inventoryPath: z.string(),
});
export type AppInfo = z.infer<typeof AppInfo>;

/** A cluster as an operator writes it: only names and hosts are needed. */
export const ClusterDraft = z.object({
  name: z.string(),
  environment: z.optional(Environment),
  handoverFile: z.optional(z.string()),
  maintenanceFile: z.optional(z.string()),
  nodes: z.array(
    z.object({
      name: z.string(),
      host: z.string(),
      port: z.optional(z.number()),
      user: z.optional(z.string()),
      identityFile: z.optional(z.string()),
    }),
  ),
});
export type ClusterDraft = z.infer<typeof ClusterDraft>;

export const calls = {
  'app.info': call(nothing, AppInfo),
  'inventory.read': call(
    nothing,
    z.object({ path: z.string(), clusters: z.array(ClusterDefinition), error: z.optional(InventoryError) }),
  ),
  'inventory.addCluster': call(ClusterDraft, Answer),
  'inventory.removeCluster': call(z.object({ cluster: z.string() }), Answer),
  'inventory.openDemo': call(nothing, Answer),
  'node.reconnect': call(nodeAddress, Answer),
  /** Tries a passphrase on the key that a node's login waits for; kept in the engine's memory alone, until it ends. */
  'node.unlock': call(z.extend(nodeAddress, { passphrase: z.string() }), Answer),
  /** Reads a node's table; answers when the dump has ended, well or not. Meanwhile its pages say `reading`. */
  'connections.read': call(nodeAddress, Answer),
  'connections.page': call(ConnectionQuery, ConnectionPage),
  /** Ends the dump under way; the last good table stays. */
  'connections.cancel': call(nodeAddress, Answer),
  /** Keeps the table fresh from now on: by dumps at a pace that spares the node, by its events, or not at all. */
  'connections.refresh': call(z.extend(nodeAddress, { mode: z.enum(['off', 'paced', 'following']) }), Answer),
  'connections.groups': call(GroupQuery, Groups),
  'connections.export': call(ExportQuery, ExportPiece),
  /** Asks the node now for the few connections that its kernel can find by itself, whatever the table's size. */
  'connections.ask': call(z.extend(nodeAddress, { question: NarrowQuestion }), NarrowAnswer),
  /** Names of addresses by reverse DNS of the machine that the engine runs on; nothing is looked up unasked. */
  'addresses.names': call(
    z.object({ addresses: z.array(z.string()).check(z.maxLength(16)) }),
    z.object({ names: z.array(AddressName) }),
  ),
  /** What dropping these would send to the node; or why it cannot be done. */
  'connections.dropPlan': call(
    z.extend(nodeAddress, { connections: z.array(Connection) }),
    z.discriminatedUnion('accepted', [
      z.object({ accepted: z.literal(true), plan: DropPlan }),
      z.object({ accepted: z.literal(false), reason: z.string() }),
    ]),
  ),
  /** Drops what the plan names, one exact tuple at a time; answers with what became of each, in the plan's order. */
  'connections.drop': call(
    z.object({ planId: z.string(), confirmation: z.string() }),
    z.discriminatedUnion('accepted', [
      z.object({ accepted: z.literal(true), results: z.array(DropResult) }),
      z.object({ accepted: z.literal(false), reason: z.string() }),
    ]),
  ),
  /** What this operator chose: saved filters, columns. `value` is text that only the console understands. */
  'preferences.read': call(z.object({ key: z.string() }), z.object({ value: z.optional(z.string()) })),
  'preferences.write': call(
    z.object({ key: z.string(), value: z.string().check(z.maxLength(100_000)) }),
    Answer,
  ),
  /**
   * Compares each slave with the master's table, connection by connection; answers when that has ended, well or not.
   * Meanwhile `coverage.report` says how far it is. `retryAt` (ms): when it would no longer be too soon.
   */
  'coverage.compare': call(z.object({ cluster: z.string() }), ComparedAnswer),
  /** Ends the comparison under way; the last report stays. */
  'coverage.cancel': call(z.object({ cluster: z.string() }), Answer),
  'coverage.report': call(CoverageQuery, CoverageView),
  /** The same of any two tables of a cluster's nodes, one comparison of a cluster at a time. */
  'difference.compare': call(TwoTables, ComparedAnswer),
  'difference.cancel': call(z.object({ cluster: z.string() }), Answer),
  'difference.report': call(DifferenceQuery, DifferenceView),
  /**
   * Measures a slave's lag with one marked, short-lived entry in the master's table; answers when the entry is deleted
   * again. `removed` false: it could not be, and ends by itself within ten seconds.
   */
  'lag.canary': call(
    nodeAddress,
    z.discriminatedUnion('accepted', [
      z.object({
        accepted: z.literal(true),
        estimate: LagEstimate,
        entry: z.string(),
        reads: z.number(),
        removed: z.boolean(),
      }),
      z.object({ accepted: z.literal(false), reason: z.string() }),
    ]),
  ),
  'failover.plan': call(
    z.object({ cluster: z.string(), to: z.string() }),
    z.discriminatedUnion('accepted', [
      z.object({ accepted: z.literal(true), plan: FailoverPlan }),
      z.object({ accepted: z.literal(false), reason: z.string() }),
    ]),
  ),
  'failover.execute': call(
    z.object({ planId: z.string(), confirmation: z.string(), accept: z.array(z.string()) }),
    Answer,
  ),
  'failover.abort': call(z.object({ cluster: z.string() }), Answer),
  /** Tells the others that a raised alert is seen to; it stays until its condition ends. `alert`: its id. */
  'alerts.acknowledge': call(
    z.object({ cluster: z.string(), alert: z.string(), note: z.string().check(z.maxLength(500)) }),
    Answer,
  ),
  /** Reads rules, kernel settings, helpers and routes of a slave and of its master now, and compares them. */
  'readiness.diff': call(
    nodeAddress,
    z.discriminatedUnion('accepted', [
      z.object({ accepted: z.literal(true), diff: ReadinessDiff }),
      z.object({ accepted: z.literal(false), reason: z.string() }),
    ]),
  ),
  /**
   * The last `seconds` in at most `points` points; of those only what begins at `from` (ms since the epoch) or later,
   * if that is given; the time between `from` and `to`, if both are.
   */
  'history.series': call(
    z.object({
      cluster: z.string(),
      seconds: z.number(),
      points: z.number(),
      from: z.optional(z.number()),
      to: z.optional(z.number()),
    }),
    ClusterSeries,
  ),
  'timeline.read': call(TimelineQuery, TimelinePage),
  /** The row, newest first, at which what happened by `at` begins. */
  'timeline.row': call(TimelineRowQuery, z.object({ row: z.number() })),
  /** All that the filter lets through, oldest first, as the text of a file. */
  'timeline.export': call(
    z.object({ cluster: z.string(), filter: TimelineFilter, format: TimelineFormat }),
    z.object({ rows: z.number(), text: z.string() }),
  ),
} as const;

/** What travels on a stream; what a subscriber is given is its {@link StreamValue}. */
export const streams = {
  fleet: FleetChange,
  /** What a tray or a notification tells; a new value only where one of them would change. */
  summary: FleetSummary,
} as const;

/** The two ends of one subscription: every new one begins with everything. */
export const senders: { [N in StreamName]: () => (value: StreamValue<N>) => StreamChange<N> } = {
  fleet: fleetSender,
  summary: () => (whole) => whole,
};
export const receivers: { [N in StreamName]: () => (change: StreamChange<N>) => StreamValue<N> | undefined } =
  { fleet: fleetReceiver, summary: () => (whole) => whole };

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.infer<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.infer<(typeof calls)[N]['output']>;
export type StreamName = keyof typeof streams;
export type StreamChange<N extends StreamName> = z.infer<(typeof streams)[N]>;
/** The newest value of a stream, whole. */
export type StreamValue<N extends StreamName> = { fleet: FleetSnapshot; summary: FleetSummary }[N];

/** What the engine offers to a host; one handler a call. Inputs are validated before a handler sees them. */
export type CallHandlers = { [N in CallName]: (input: CallInput<N>) => Promise<CallOutput<N>> };

export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);
export const isStreamName = (name: string): name is StreamName => Object.hasOwn(streams, name);
