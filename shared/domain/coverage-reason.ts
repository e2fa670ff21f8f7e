import { readingValue } from '../lib/reading.ts';
import type { NodeSnapshot } from './cluster-snapshot.ts';
import type { Connection } from './connection.ts';
import type { MissingReason } from './coverage-class.ts';
import { compileFilter, type ReplicationFilter } from './replication-filter.ts';

/** What of an agent's configuration can keep a connection from a slave. */
export interface ReplicationLimits {
  /** The configuration's path, for whoever looks the line up. */
  readonly file: string;
  readonly filter?: ReplicationFilter | undefined;
  /** Whose expectations are replicated: of all helpers, of these, or of none. */
  readonly expectationSync: boolean | readonly string[];
  /** Entries that each of its caches takes at most. */
  readonly cacheLimit?: number | undefined;
}

/** One of the two nodes, as it was read when the tables were. */
export interface ComparedNode {
  readonly snapshot: NodeSnapshot;
  readonly limits: ReplicationLimits | undefined;
}

export interface Explanation {
  readonly reason: MissingReason;
  readonly evidence: string;
}

/** Why slaves do not have what a helper expects; undefined: the agent replicates it. */
export function notSynced(
  expected: Connection,
  { file, expectationSync }: ReplicationLimits,
): Explanation | undefined {
  const { helper = 'an unnamed helper' } = expected.extra;
  const isNamed =
    typeof expectationSync === 'boolean'
      ? expectationSync
      : expectationSync.some((each) => each.toLowerCase() === String(helper).toLowerCase());
  if (isNamed) return undefined;
  const evidence =
    expectationSync === false
      ? `${helper} expects it, and ${file} has no ExpectationSync`
      : `${helper} expects it, and ExpectationSync in ${file} does not name ${helper}`;
  return { reason: 'expectation-not-synced', evidence };
}

/** Tells of each missing connection its reason: the first that holds, what is certain before what is likely. */
export function explainer(
  master: ComparedNode,
  slave: ComparedNode,
): (connection: Connection) => Explanation {
  const filter = master.limits?.filter;
  const keptBack = filter && compileFilter(filter);
  const common = forAll(master, slave);
  return (connection) => {
    const kept = keptBack?.(connection);
    if (kept) return { reason: 'filtered', evidence: `${master.limits?.file}:${kept.line} ${kept.text}` };
    if (connection.flags.some((flag) => flag.endsWith('OFFLOAD')))
      return { reason: 'offloaded', evidence: 'it is offloaded: the kernel tells nothing of it' };
    return older(connection, master.snapshot, slave.snapshot) ?? common;
  };
}

/**
 * What explains the lack of whatever else does not explain, and the same for each connection: a cache that is full, then a
 * certain loss, then a cache that was full, then what the slave is said to be behind by.
 */
function forAll(master: ComparedNode, slave: ComparedNode): Explanation {
  const refusedBy = (now: boolean) => fullCache(slave, 'external', now) ?? fullCache(master, 'internal', now);
  const causes = [
    ['cache-full', () => refusedBy(true)],
    ['event-lost', () => loss(master.snapshot, slave.snapshot)],
    ['cache-full', () => refusedBy(false)],
    ['event-lost', () => behind(slave.snapshot)],
  ] as const;
  for (const [reason, find] of causes) {
    const evidence = find();
    if (evidence !== undefined) return { reason, evidence };
  }
  return { reason: 'unknown', evidence: 'nothing that was read explains it' };
}

/** From this share of its limit on a cache counts as full: connections end all the time, and make room for a moment. */
const full = 0.95;

/** Whether a cache refused connections; `now`: and is full. */
function fullCache(
  { snapshot, limits }: ComparedNode,
  which: 'internal' | 'external',
  now: boolean,
): string | undefined {
  const cache = readingValue(snapshot.readings.agent)?.[which];
  const { failed = 0, active } = cache?.counters ?? {};
  if (failed === 0) return undefined;
  const { name } = snapshot;
  if (cache?.kind === 'inject') {
    const [held, most] = [
      readingValue(snapshot.readings.connections),
      readingValue(snapshot.readings.connectionsMax),
    ];
    const isFull = held !== undefined && most !== undefined && held >= most;
    return now && !isFull ? undefined : `the kernel of ${name} refused ${failed} times to take a connection`;
  }
  const limit = limits?.cacheLimit;
  const held = cache?.counters?.total ?? active;
  if (now && (limit === undefined || held === undefined || held < limit * full)) return undefined;
  const most = limit === undefined ? '' : ` of at most ${limit} (HashLimit in ${limits?.file})`;
  return `the ${which} cache of ${name} holds ${active}${most} and refused ${failed} times to take more`;
}

/** The daemons hear nothing of what began before them: of the kernel with events=2, of the peer without a full sync. */
function older(connection: Connection, master: NodeSnapshot, slave: NodeSnapshot): Explanation | undefined {
  const age = Number(connection.extra['delta-time'] ?? Number.NaN);
  const outlives = (node: NodeSnapshot): boolean => {
    const minutes = readingValue(node.readings.agent)?.uptimeMinutes;
    // whole minutes, cut
    return minutes !== undefined && age >= 60 * (minutes + 1);
  };
  const reason = 'older-than-agent' as const;
  const events = readingValue(master.readings.settings)?.['net.netfilter.nf_conntrack_events'];
  if (events === '2' && outlives(master)) {
    return {
      reason,
      evidence: `it is ${age} s old, older than the daemon of ${master.name}, and nf_conntrack_events is 2`,
    };
  }
  const log = readingValue(slave.readings.syncLog);
  return log?.bulkSinceStart === false && outlives(slave)
    ? {
        reason,
        evidence: `it is ${age} s old, older than the daemon of ${slave.name}, which got no full sync since`,
      }
    : undefined;
}

/** The first sign that messages or events were lost on their way. */
function loss(master: NodeSnapshot, slave: NodeSnapshot): string | undefined {
  const [sends, takes] = [readingValue(master.readings.agent), readingValue(slave.readings.agent)];
  const { phase, evidence } = slave.replication ?? {};
  if (phase === 'silent') return `${slave.name}: ${evidence}`;
  const overruns = sends?.netlinkOverruns ?? 0;
  if (overruns > 0)
    return `the kernel of ${master.name} dropped events ${overruns} times: its buffer was full`;
  const overflowed = sends?.backlog?.overflowed ?? 0;
  if (overflowed > 0) return `${overflowed} messages did not fit into the resend queue of ${master.name}`;
  if (takes?.mode === 'notrack' && takes.lost > 0)
    return `${slave.name} counts ${takes.lost} lost messages, and in NOTRACK none is sent again`;
  return takes && takes.malformed > 0
    ? `${slave.name} could not read ${takes.malformed} messages`
    : undefined;
}

/** What the counts say of a slave that lacks much, which names no cause. */
const behind = ({ name, replication }: NodeSnapshot): string | undefined =>
  replication?.phase === 'behind' || replication?.phase === 'never'
    ? `${name}: ${replication.evidence}`
    : undefined;
