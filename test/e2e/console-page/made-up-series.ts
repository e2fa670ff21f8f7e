import type { CallInput } from '../../../shared/contract/contract.ts';
import type { ClusterSnapshot, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { ClusterSeries } from '../../../shared/domain/history.ts';
import { minutes } from './made-up.ts';
import type { Scene } from './scenes.ts';

type Wanted = Omit<CallInput<'history.series'>, 'cluster'>;

const tableLimit = 262_144;
/** What happened before the page was opened stays where it is. */
const opened = Date.now();

/** A history as the engine would answer: slow waves, a failover, a slave that falls behind, and gaps. */
export function seriesOf(scene: Scene, wanted: Wanted): ClusterSeries {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const view = viewOf(Date.now(), wanted);
  const cluster = scene.clusters(now)[0];
  const since =
    scene.history === 'empty' ? Number.POSITIVE_INFINITY : now - (scene.history ?? Number.POSITIVE_INFINITY);
  const times: number[] = [];
  for (let at = Math.ceil(view.from / view.span) * view.span; at < view.to; at += view.span) {
    if (at >= since) times.push(at);
  }
  return {
    times,
    nodes: (cluster?.nodes ?? []).map((node, index) => nodeSeries(node, index, times, view.span, now)),
    marks: (cluster ? marksOf(cluster, now) : []).filter(({ at }) => at >= view.from && at < view.to),
    view,
  };
}

function viewOf(now: number, { seconds, points, from, to }: Wanted) {
  if (from !== undefined && to !== undefined) {
    return { from, to, span: Math.max(1, Math.ceil((to - from) / 1000 / points)) * 1000 };
  }
  const span = Math.max(1000, Math.round((seconds * 1000) / points));
  return { from: Math.max(from ?? 0, now - seconds * 1000), to: now + 1, span };
}

function nodeSeries(
  node: NodeSnapshot,
  index: number,
  times: readonly number[],
  span: number,
  now: number,
): ClusterSeries['nodes'][number] {
  const slave = node.role !== 'master';
  const dark = (at: number) => !node.reachable && at > now - minutes(1.5);
  /** Handover was closed for a while, and one slave could not be read. */
  const gap = (at: number) => {
    const before = mod(opened - at, minutes(60));
    return dark(at) || (slave && index === 1 && before > minutes(3.3) && before < minutes(3.6));
  };
  const known = <T>(value: (at: number) => T | null) => times.map((at) => (gap(at) ? null : value(at)));
  const only = (is: boolean, value: (at: number) => number) => known((at) => (is ? value(at) : null));
  const behind = (at: number) => mod(at, minutes(4)) > minutes(2.2) && mod(at, minutes(4)) < minutes(2.6);
  const kind = node.replication?.lag.kind === 'not-measurable' ? 'not-measurable' : undefined;
  const kinds = known((at) => (slave ? (kind ?? (behind(at) ? 'measured' : 'below')) : null));
  const connections = known((at) => wave(at) - (slave ? 240 : 0));
  const coarse = span > 5_000;
  return {
    name: node.name,
    connections,
    replicated: only(slave, (at) => wave(at) - noise(at, 60) - (behind(at) ? 700 : 0)),
    lag: known((at) => (!slave || kind ? null : behind(at) ? 1.2 + 3 * noise(at, 1) : 1)),
    lagKind: kinds,
    backlog: only(slave && !kind, (at) => Math.round(8 + noise(at, 50) + (behind(at) ? 600 : 0))),
    tableLimit: known(() => tableLimit),
    coverage: only(slave, (at) => 1 - (noise(at, 60) + (behind(at) ? 700 : 0)) / wave(at)),
    coverageError: only(slave, () => 0.0017),
    messagesSent: only(true, (at) => (slave ? 2.4 : 700 + noise(at, 240))),
    messagesReceived: only(true, (at) => (slave ? 690 + noise(at, 240) : 2.4)),
    bytesSent: only(true, (at) => (slave ? 310 : 118_200 + noise(at, 30_000))),
    bytesReceived: only(true, (at) => (slave ? 118_000 + noise(at, 30_000) : 310)),
    ...(coarse && {
      lowest: { connections: connections.map((value) => value && value - 300) },
      highest: { connections: connections.map((value) => value && value + 220) },
    }),
  };
}

const mod = (value: number, by: number) => ((value % by) + by) % by;
/** The same at each moment, however often it is asked for. */
const noise = (at: number, size: number) => {
  const seed = Math.sin(Math.floor(at / 1000) * 12.9898) * 43_758.5453;
  return Math.floor((seed - Math.floor(seed)) * size * 10) / 10;
};
const wave = (at: number) => Math.round(48_000 + 900 * Math.sin(at / 47_000) + noise(at, 120));

function marksOf({ nodes }: ClusterSnapshot, now: number): ClusterSeries['marks'] {
  const [first = 'fw1', second = 'fw2'] = nodes.map(({ name }) => name);
  return [
    {
      at: now - minutes(2.4),
      label: `${second} holds 700 connections fewer than ${first}`,
      severity: 'warning',
      kind: 'fault',
    },
    {
      at: now - minutes(2.35),
      label: `${second} asked for a full sync`,
      severity: 'info',
      kind: 'replication',
    },
    { at: now - minutes(2.3), label: `${first} sent a bulk update`, severity: 'info', kind: 'replication' },
    { at: now - minutes(1.5), label: `${second} does not answer`, severity: 'critical', kind: 'fault' },
    {
      at: now - minutes(0.4),
      label: `Failed over from ${second} to ${first} in 2.8 s, by root@console`,
      severity: 'info',
      kind: 'failover',
    },
    {
      at: now - minutes(0.38),
      label: `${first} is master (MASTER), was slave`,
      severity: 'info',
      kind: 'role',
    },
  ];
}
