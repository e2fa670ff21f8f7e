import type { NodeSnapshot } from './cluster-snapshot.ts';
import { type Reason, type Verdict, worstVerdict } from './health.ts';
import { gateReason, openGates, standbyByGates } from './readiness-verdict.ts';

/** What a verdict is reached from: the nodes as judged, and what is confirmed about the cluster as a whole. */
export interface HealthEvidence {
  readonly nodes: readonly NodeSnapshot[];
  readonly master: string | null;
  readonly activeActive: boolean;
  /** Instances with more than one master, seen twice. */
  readonly splitBrain: readonly string[];
  /** Instances that nobody is master of although every node could be read, seen twice. */
  readonly masterless: readonly string[];
}

export interface Health {
  readonly verdict: Verdict;
  readonly reasons: Reason[];
}

/** ready: could take over now. undecided: cannot be told. not-ready: could not. */
type Standby = 'ready' | 'undecided' | 'not-ready';

/**
 * The verdict on a cluster and every reason for it. A fault that leaves no ready slave is critical, with another slave
 * ready it is a warning; a cluster of which nothing can be read is unknown, whatever else seems to be wrong.
 */
export function assessHealth(evidence: HealthEvidence): Health {
  const { nodes } = evidence;
  const standing = protection(evidence);
  const protectedBy = standing === 'ready';
  const readable = nodes.some((node) => node.reachable);
  const severity = !readable ? 'unknown' : protectedBy ? 'warning' : 'critical';
  const doomed = standing === 'not-ready' && readable;
  const reasons: Reason[] = [
    ...clusterReasons(evidence),
    ...(doomed && evidence.splitBrain.length === 0 ? [unprotected(evidence)] : []),
    ...nodes.flatMap((node) => nodeReasons(node, evidence, severity)),
  ];
  // a slave that is still being read is told as such only where nothing graver is
  const told = reasons.some((reason) => reason.severity !== 'warning');
  reasons.push(...gateReasons(evidence, severity).filter((reason) => !told || reason.severity !== 'unknown'));
  if (!protectedBy && reasons.length === 0) reasons.push(undecided);
  const order = { critical: 0, unknown: 1, warning: 2 };
  reasons.sort((a, b) => order[a.severity] - order[b.severity]);
  if (!readable) return { verdict: 'unknown', reasons };
  return { verdict: worstVerdict(reasons.map((reason) => reason.severity)), reasons };
}

type Line = Pick<HealthEvidence, 'nodes' | 'master' | 'activeActive'>;

/** What stands behind the master: the best of its standbys. */
export function protection(line: Line): Standby {
  const standbys = line.nodes.filter((node) => !isMaster(node, line)).map((node) => standby(node, line));
  return (['ready', 'undecided'] as const).find((each) => standbys.includes(each)) ?? 'not-ready';
}

/** Nothing is known to be wrong, and nobody is known to be ready: never green. */
const undecided: Reason = {
  code: 'role-unknown',
  severity: 'unknown',
  message: 'Who is master is not certain at this moment; the nodes are being read again.',
};

const isMaster = (node: NodeSnapshot, { master, activeActive }: Line): boolean =>
  !activeActive && node.name === master;

function standby(node: NodeSnapshot, { nodes, master, activeActive }: Line): Standby {
  if (!node.reachable) return 'undecided';
  const { agent, takeover } = node.readings;
  const stopped = (reading: typeof agent | typeof takeover) =>
    reading && !reading.ok && ['not-running', 'not-installed'].includes(reading.failure.kind);
  const source = nodes.find((each) => each.name === master);
  if (stopped(agent) || stopped(takeover) || stopped(source?.readings.agent)) return 'not-ready';
  if (['fault', 'init', 'stopped', 'conflict'].includes(node.role)) return 'not-ready';
  if (node.role === 'unknown' || (master === null && !activeActive)) return 'undecided';
  if (!takeover || (source?.reachable && !source.readings.takeover)) return 'undecided';
  const phase = node.replication?.phase ?? 'unknown';
  if (phase === 'unknown') return 'undecided';
  if (phase === 'never' || phase === 'silent') return 'not-ready';
  return standbyByGates(openGates(node));
}

/** A slave that cannot take over for certain is no riddle, whatever else of it is not known. */
const gateReasons = (evidence: HealthEvidence, severity: Reason['severity']): Reason[] =>
  evidence.nodes
    .filter((node) => node.reachable && !isMaster(node, evidence))
    .flatMap((node) => {
      const open = gateReason(node, openGates(node), severity);
      const certain = standby(node, evidence) === 'not-ready';
      return certain ? open.filter((reason) => reason.severity !== 'unknown') : open;
    });

function clusterReasons({ splitBrain, masterless, nodes }: HealthEvidence): Reason[] {
  const reasons: Reason[] = [];
  if (splitBrain.length > 0) {
    const masters = nodes.filter((node) => node.instances.some((each) => each.role === 'master'));
    reasons.push({
      code: 'split-brain',
      severity: 'critical',
      message: `Split brain: ${list(masters.map((node) => node.name))} are both master of ${list(splitBrain)}.`,
      remedy:
        'Restore the path of the VRRP adverts between the nodes. Connections that moved meanwhile may need ' +
        'the external cache committed on the surviving master.',
    });
  }
  if (masterless.length > 0) {
    reasons.push({
      code: 'no-master',
      severity: 'critical',
      message: `No master: nobody holds ${list(masterless)}.`,
      remedy:
        'Look at what keeps every node from becoming MASTER: FAULT, a track file, a stopped takeover engine.',
    });
  }
  return reasons;
}

function nodeReasons(
  node: NodeSnapshot,
  evidence: HealthEvidence,
  severity: 'critical' | 'warning' | 'unknown',
): Reason[] {
  const about = { node: node.name };
  if (!node.reachable) {
    const failure = node.failure;
    if (!failure) {
      return [
        { ...about, code: 'not-readable', severity: 'unknown', message: `Connecting to ${node.name}.` },
      ];
    }
    return [
      {
        ...about,
        code: 'node-unreachable',
        severity,
        message: sentence(`${node.name} cannot be read: ${failure.message}`),
        ...(failure.remedy !== undefined && { remedy: failure.remedy }),
      },
    ];
  }
  const reasons: Reason[] = [];
  for (const [reading, code] of [
    [node.readings.agent, 'agent-not-running'],
    [node.readings.takeover, 'takeover-not-running'],
  ] as const) {
    if (!reading || reading.ok) continue;
    const { kind, message, remedy } = reading.failure;
    const stopped = kind === 'not-running' || kind === 'not-installed';
    reasons.push({
      ...about,
      code: stopped ? code : 'not-readable',
      severity: stopped ? severity : 'unknown',
      message: sentence(`${node.name}: ${message}`),
      ...(remedy !== undefined && { remedy }),
    });
  }
  // its addresses tell who is master a moment before its own takeover engine does
  if (!node.readings.takeover && node.role !== 'unknown')
    reasons.push({
      ...about,
      code: 'not-readable',
      severity: 'unknown',
      message: `${node.name}: its takeover engine is being read.`,
    });
  return [...reasons, ...roleReasons(node, severity), ...syncReasons(node, evidence, severity)];
}

function roleReasons(node: NodeSnapshot, severity: 'critical' | 'warning' | 'unknown'): Reason[] {
  const about = { node: node.name };
  if (node.role === 'conflict') {
    const said = node.instances.flatMap((each) => (each.role === 'conflict' ? each.witnesses : []));
    return [
      {
        ...about,
        code: 'role-conflict',
        severity: 'critical',
        message: `${node.name}: the witnesses of its role disagree: ${said.map((each) => each.evidence).join('; ')}.`,
        remedy: 'Look at the takeover engine and the service addresses on this node.',
      },
    ];
  }
  if (node.role === 'fault') {
    return [
      {
        ...about,
        code: 'node-fault',
        severity,
        message: `${node.name} is in FAULT and cannot take over.`,
        remedy: 'Look at its interfaces, track scripts and track files.',
      },
    ];
  }
  const takeover = node.readings.takeover;
  if (node.role !== 'unknown' || (takeover && !takeover.ok)) return [];
  return [
    {
      ...about,
      code: 'role-unknown',
      severity: 'unknown',
      message: `The role of ${node.name} is not known.`,
    },
  ];
}

function syncReasons(
  node: NodeSnapshot,
  { nodes }: HealthEvidence,
  severity: 'critical' | 'warning' | 'unknown',
): Reason[] {
  const replication = node.replication;
  if (!replication) return [];
  const about = { node: node.name };
  const { direction, remedy } = replication;
  const fits = remedy && { remedy: remedy.what };
  if (direction?.stalled !== undefined) {
    return [
      {
        ...about,
        code: 'sync-stalled',
        severity,
        message: `conntrackd on ${direction.stalled} has stalled: ${direction.evidence}.`,
        ...fits,
      },
    ];
  }
  const agentsRead = nodes.every((each) => !each.reachable || each.readings.agent?.ok);
  if (!agentsRead) return [];
  const oneWay = direction?.toMaster === 'lost' && replication.phase !== 'silent';
  if (oneWay) {
    return [
      {
        ...about,
        code: 'sync-one-way',
        severity: 'warning',
        message: `Replication goes one way: ${direction.evidence}.`,
        ...fits,
      },
    ];
  }
  switch (replication.phase) {
    case 'silent':
      return [
        {
          ...about,
          code: 'sync-silent',
          severity,
          message: `${node.name} receives nothing from the master: ${replication.evidence}.`,
          remedy: remedy?.what ?? 'Look at the sync link and at the sync agent on the other node.',
        },
      ];
    case 'never':
    case 'behind':
      return [
        {
          ...about,
          code: 'sync-behind',
          severity: 'warning',
          message: `${node.name} is behind: ${replication.evidence}.`,
          remedy: remedy?.what ?? 'A slave that was restarted needs a full sync from the master.',
        },
      ];
    case 'unknown':
      return [
        {
          ...about,
          code: 'sync-unknown',
          severity: 'unknown',
          message: `Whether ${node.name} is in step is not known: ${replication.evidence}.`,
        },
      ];
    default:
      return [];
  }
}

function unprotected({ nodes, master }: HealthEvidence): Reason {
  const alone = nodes.length === 1;
  return {
    code: 'unprotected',
    severity: 'critical',
    message: alone
      ? 'Unprotected: there is only one node, and nobody to take over.'
      : `Unprotected: if ${master ?? 'the master'} failed now, no slave could carry its connections on.`,
    ...(alone && { remedy: 'Add the other nodes of the cluster to the inventory.' }),
  };
}

export const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

export const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
