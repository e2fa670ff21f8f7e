import type { Reading } from '../lib/reading.ts';
import { readingValue } from '../lib/reading.ts';
import { protection } from './cluster-health.ts';
import type { ClusterSnapshot, NodeSnapshot } from './cluster-snapshot.ts';
import { type Cadence, currentReading, everyTenSeconds, everyTwoSeconds } from './freshness.ts';
import type { ReasonCode } from './health.ts';
import type { InstanceSnapshot } from './role.ts';

/** Whether a condition is true at this moment. Unknown is neither: what cannot be read proves nothing. */
export type Finding =
  | { readonly kind: 'true'; readonly message: string; readonly remedy?: string | undefined }
  | { readonly kind: 'false' }
  | { readonly kind: 'unknown' };

export const wrong = (message: string, remedy?: string): Finding => ({ kind: 'true', message, remedy });
export const fine: Finding = { kind: 'false' };
export const unknown: Finding = { kind: 'unknown' };

/** Below this share of the master's connections a slave would lose too many. */
const leastCoverage = 0.99;
/** Above this share of its limit a table is about to refuse connections. */
const fullest = 0.9;

/** False only where every node's role is known and no instance has two masters. */
export function splitBrain(cluster: ClusterSnapshot): Finding {
  const known = cluster.nodes.every((node) => node.reachable && !['unknown', 'conflict'].includes(node.role));
  const single = instances(cluster).every(({ masters }) => masters.length < 2);
  return told(cluster, 'split-brain') ?? (known && single && cluster.nodes.length > 0 ? fine : unknown);
}

/** False once every instance is seen to have a master, whatever else cannot be read. */
export function noMaster(cluster: ClusterSnapshot): Finding {
  const all = instances(cluster);
  const held = all.length > 0 && all.every(({ masters }) => masters.length > 0);
  return told(cluster, 'no-master') ?? (held ? fine : unknown);
}

export function unprotected(cluster: ClusterSnapshot): Finding {
  const found = told(cluster, 'unprotected');
  return found ?? (protection(cluster) === 'ready' ? fine : unknown);
}

export function silent(cluster: ClusterSnapshot, node: NodeSnapshot, now: number): Finding {
  const replication = replicationNow(cluster, node, now);
  if (replication === 'is-master') return fine;
  if (!replication || replication.phase === 'unknown') return unknown;
  return replication.phase === 'silent'
    ? wrong(
        `${node.name} receives nothing from the master: ${replication.evidence}.`,
        'Look at the sync link and at the sync agent on the other node.',
      )
    : fine;
}

/** During a full sync, and while nothing arrives, nobody can say that the slave has caught up. */
export function behind(cluster: ClusterSnapshot, node: NodeSnapshot, now: number): Finding {
  const replication = replicationNow(cluster, node, now);
  if (replication === 'is-master' || replication?.phase === 'in-step') return fine;
  return replication?.phase === 'behind' || replication?.phase === 'never'
    ? wrong(
        `${node.name} is behind: ${replication.evidence}.`,
        'A slave that was restarted needs a full sync from the master.',
      )
    : unknown;
}

/** A difference within the error of counting proves nothing; where the slave is otherwise in step it clears. */
export function coverageLow(cluster: ClusterSnapshot, node: NodeSnapshot, now: number): Finding {
  const replication = replicationNow(cluster, node, now);
  if (replication === 'is-master') return fine;
  const { value, errorBar = 0, distinguishable = false } = replication?.coverage ?? {};
  if (value === undefined) return unknown;
  if (value >= leastCoverage) return fine;
  if (!distinguishable) return replication?.phase === 'in-step' ? fine : unknown;
  return value + errorBar < leastCoverage
    ? wrong(`${node.name} holds ${percent(value)} of the master's connections.`)
    : unknown;
}

export function tableFull(_: ClusterSnapshot, node: NodeSnapshot, now: number): Finding {
  const many = readingValue(fresh(node, node.readings.connections, now));
  const limit = readingValue(fresh(node, node.readings.connectionsMax, now, everyTenSeconds));
  if (many === undefined || limit === undefined || limit <= 0) return unknown;
  return many / limit > fullest
    ? wrong(
        `The table of ${node.name} is ${percent(many / limit)} full: ${many} of ${limit} connections.`,
        'A full table drops new connections: raise nf_conntrack_max, or find who opens so many.',
      )
    : fine;
}

/** Whatever the reason: from here nobody knows what such a node does. */
export function nodeGone(_: ClusterSnapshot, node: NodeSnapshot): Finding {
  if (node.reachable) return fine;
  const { failure } = node;
  return failure ? wrong(`${node.name} cannot be read: ${ended(failure.message)}`, failure.remedy) : unknown;
}

export const agentGone = (_: ClusterSnapshot, node: NodeSnapshot, now: number): Finding =>
  daemonGone(node, fresh(node, node.readings.agent, now));

export const takeoverGone = (_: ClusterSnapshot, node: NodeSnapshot, now: number): Finding =>
  daemonGone(node, fresh(node, node.readings.takeover, now, everyTwoSeconds));

/** The instances that any node knows of, each with the nodes that are seen to be its master. */
export function instances({ nodes }: ClusterSnapshot): { name: string; masters: string[] }[] {
  const isMaster = (instance: InstanceSnapshot) => instance.role === 'master';
  const known = nodes.filter((node) => node.reachable);
  const names = new Set(known.flatMap((node) => node.instances.map((instance) => instance.name)));
  return [...names].map((name) => ({
    name,
    masters: known
      .filter((node) => node.instances.some((each) => each.name === name && isMaster(each)))
      .map((node) => node.name),
  }));
}

function told({ reasons }: ClusterSnapshot, code: ReasonCode): Finding | undefined {
  const reason = reasons.find((each) => each.code === code);
  return reason && wrong(reason.message, reason.remedy);
}

function daemonGone(node: NodeSnapshot, reading: Reading<unknown> | undefined): Finding {
  if (!reading) return unknown;
  if (reading.ok) return fine;
  const { kind, message, remedy } = reading.failure;
  return kind === 'not-running' || kind === 'not-installed'
    ? wrong(`${node.name}: ${ended(message)}`, remedy)
    : unknown;
}

/** What is judged of a slave, if both ends were read just now. A master replicates from nobody. */
export function replicationNow(
  { nodes, master, activeActive }: ClusterSnapshot,
  node: NodeSnapshot,
  now: number,
): NodeSnapshot['replication'] | 'is-master' {
  const readNow = (each: NodeSnapshot) => fresh(each, each.readings.agent, now)?.ok === true;
  if (!activeActive && node.name === master && node.reachable) return 'is-master';
  const sources = nodes.filter((each) => (activeActive ? each !== node : each.name === master));
  return sources.length > 0 && [node, ...sources].every(readNow) ? node.replication : undefined;
}

const fresh = <T>(node: NodeSnapshot, reading: Reading<T> | undefined, now: number, cadence?: Cadence) =>
  node.reachable ? currentReading(reading, now, cadence) : undefined;

/** Rounded down: 98.97 % must not read as 99 %. */
const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
const ended = (text: string): string => (text.endsWith('.') ? text : `${text}.`);
