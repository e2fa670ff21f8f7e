import type { ClusterSnapshot, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import {
  formatCount,
  formatCoverage,
  formatLag,
  formatRate,
  formatShare,
} from '../../../shared/domain/format.ts';
import { type Cadence, everyMinute } from '../../../shared/domain/freshness.ts';
import type { Reason, ReasonCode } from '../../../shared/domain/health.ts';
import { type Reading, readingValue } from '../../../shared/lib/reading.ts';

import { methodNames } from './lag-model.ts';
import { hasNothingToReplicate } from './protection-model.ts';

/** One figure of a tile. `observedAt` absent: nothing was read. `note`: what bounds or explains it. */
export interface TileFigure {
  readonly node: string;
  readonly value: string;
  readonly unit?: string;
  readonly note?: string;
  readonly observedAt?: number;
  /** How often it is read; once a second where absent. */
  readonly cadence?: Cadence;
  readonly known: boolean;
}

export interface Tile {
  readonly title: string;
  readonly figures: readonly TileFigure[];
}

const unknown = (node: string, note?: string): TileFigure => ({
  node,
  value: 'unknown',
  known: false,
  ...(note ? { note } : {}),
});

/** The figures of a cluster at a glance, each with the age of the reading it comes from. */
export function tilesOf(cluster: ClusterSnapshot): Tile[] {
  const masters = cluster.nodes.filter((node) => node.name === cluster.master);
  const carriers = masters.length > 0 ? masters : cluster.nodes;
  const slaves = cluster.nodes.filter((node) => node.name !== cluster.master);
  const ofSlaves = (title: string, figure: (node: NodeSnapshot) => TileFigure): Tile => ({
    title,
    figures:
      slaves.length === 0
        ? [{ node: '', value: '–', note: 'no slave', known: false }]
        : slaves.map((node) => (node.reachable ? figure(node) : unknown(node.name, 'not reachable'))),
  });
  return [
    {
      title: masters.length > 0 ? 'Connections on the master' : 'Connections',
      figures: carriers.map(connectionsFigure),
    },
    ofSlaves('Replicated', replicatedFigure),
    ofSlaves('Coverage', coverageFigure),
    ofSlaves('Lag', lagFigure),
    { title: 'Messages sent', figures: carriers.map(messagesFigure) },
    ofSlaves('Backlog', backlogFigure),
  ];
}

function connectionsFigure(node: NodeSnapshot): TileFigure {
  const reading = node.readings.connections;
  const value = readingValue(reading);
  if (reading === undefined || value === undefined) return unknown(node.name, failureNote(reading));
  const max = readingValue(node.readings.connectionsMax);
  const note = max === undefined ? {} : { note: `${formatShare(value / max)} of ${formatCount(max)}` };
  return { node: node.name, value: formatCount(value), observedAt: reading.observedAt, known: true, ...note };
}

const failureNote = (reading: Reading<unknown> | undefined): string | undefined =>
  reading === undefined || reading.ok ? undefined : reading.failure.message;

/** A figure that comes from the sync agent's statistics, and is only as good as they are. */
function agentFigure(
  node: NodeSnapshot,
  value: string | undefined,
  rest: Partial<TileFigure> = {},
): TileFigure {
  const reading = node.readings.agent;
  if (value === undefined || reading === undefined || !reading.ok)
    return unknown(node.name, failureNote(reading));
  return { node: node.name, value, observedAt: reading.observedAt, known: true, ...rest };
}

const replicatedFigure = (node: NodeSnapshot): TileFigure => {
  const replicated = node.replication?.replicated;
  const excess = node.replication?.excess ?? 0;
  const note = excess > 0 ? { note: `${formatCount(excess)} more than the master has` } : {};
  return agentFigure(node, replicated === undefined ? undefined : formatCount(replicated), note);
};

const coverageFigure = (node: NodeSnapshot): TileFigure => {
  const coverage = node.replication?.coverage;
  if (hasNothingToReplicate(node.replication))
    return agentFigure(node, '–', { note: 'nothing to replicate' });
  const note = coverage?.distinguishable === false ? { note: 'no difference to be seen by count' } : {};
  return agentFigure(node, formatCoverage(coverage), note);
};

function lagFigure(node: NodeSnapshot): TileFigure {
  const lag = node.replication?.lag;
  if (lag?.kind === 'not-measurable') {
    return agentFigure(node, 'not measurable', { note: 'in this mode', known: false });
  }
  const value = lag === undefined || lag.kind === 'unknown' ? undefined : formatLag(lag);
  const method = lag?.from && { note: `by ${methodNames[lag.from]}` };
  // what is sampled once a minute is as old as that, whatever else was read since
  const sampled = lag?.from !== 'backlog' && lag?.observedAt;
  return agentFigure(node, value, {
    ...method,
    ...(sampled && { observedAt: sampled, cadence: everyMinute }),
  });
}

const messagesFigure = (node: NodeSnapshot): TileFigure => {
  const rates = node.rates;
  if (!node.reachable || rates === undefined) return unknown(node.name);
  return agentFigure(node, formatRate(rates.messagesSent), {
    unit: '/s',
    note: `${formatRate(rates.messagesReceived)} /s received`,
  });
};

const backlogFigure = (node: NodeSnapshot): TileFigure => {
  const backlog = node.replication?.backlog;
  return agentFigure(node, backlog === undefined ? undefined : formatCount(backlog), {
    note: 'not acknowledged',
  });
};

/** One piece of evidence behind a reason: what was read, when, by which command. */
export interface Evidence {
  readonly node: string;
  readonly what: string;
  readonly observedAt: number;
  readonly source: string;
}

type EvidenceKind = 'witnesses' | 'agent' | 'takeover' | 'failure' | 'gates';

/** Which readings a reason rests on. */
const rests: Record<ReasonCode, readonly EvidenceKind[]> = {
  'split-brain': ['witnesses'],
  'no-master': ['witnesses'],
  'role-conflict': ['witnesses'],
  'role-unknown': ['witnesses', 'failure'],
  'takeover-not-running': ['takeover'],
  unprotected: ['agent', 'failure'],
  'agent-not-running': ['agent'],
  'sync-silent': ['agent'],
  'sync-behind': ['agent'],
  'sync-one-way': ['agent'],
  'sync-stalled': ['agent'],
  'sync-unknown': ['agent'],
  'node-fault': ['witnesses'],
  'node-unreachable': ['failure'],
  'not-readable': ['failure'],
  'slave-not-ready': ['gates'],
  'slave-degraded': ['gates'],
  'readiness-unknown': ['gates'],
};

export function evidenceOf(cluster: ClusterSnapshot, reason: Pick<Reason, 'code' | 'node'>): Evidence[] {
  const nodes = cluster.nodes.filter((node) => reason.node === undefined || node.name === reason.node);
  return nodes.flatMap((node) => rests[reason.code].flatMap((kind) => evidenceOfNode(node, kind)));
}

function evidenceOfNode(node: NodeSnapshot, kind: EvidenceKind): Evidence[] {
  const failed = (reading: Reading<unknown> | undefined): Evidence[] =>
    reading === undefined || reading.ok
      ? []
      : [
          {
            node: node.name,
            what: reading.failure.message,
            observedAt: reading.observedAt,
            source: reading.source,
          },
        ];
  switch (kind) {
    case 'witnesses':
      return node.instances.flatMap((instance) =>
        instance.witnesses.map(({ evidence, observedAt, source }) => ({
          node: node.name,
          what: `${instance.name}: ${evidence}`,
          observedAt,
          source,
        })),
      );
    case 'agent': {
      const reading = node.readings.agent;
      if (!reading?.ok) return failed(reading);
      if (node.replication === undefined) return [];
      const { observedAt, source } = reading;
      return [{ node: node.name, what: node.replication.evidence, observedAt, source }];
    }
    case 'gates':
      return (node.gates ?? []).flatMap(({ result, message, observedAt, source }) =>
        result === 'pass' || observedAt === undefined || source === undefined
          ? []
          : [{ node: node.name, what: message, observedAt, source }],
      );
    case 'takeover':
      return failed(node.readings.takeover);
    case 'failure':
      return node.failure === undefined
        ? []
        : [
            {
              node: node.name,
              what: node.failure.message,
              observedAt: node.observedAt,
              source: `ssh ${node.host}`,
            },
          ];
  }
}

/** Everything the verdict "OK" rests on: it, too, opens to its evidence. */
export const healthyEvidence = (cluster: ClusterSnapshot): Evidence[] =>
  cluster.nodes.flatMap((node) => [...evidenceOfNode(node, 'witnesses'), ...evidenceOfNode(node, 'agent')]);
