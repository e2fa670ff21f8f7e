import type { ClusterSnapshot, Eligibility, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { formatCount, formatCoverage, formatShare, formatSpan } from '../../../shared/domain/format.ts';
import type { Tone } from '../../components/faces.ts';

/** A figure with what explains it beside it. */
export interface Told {
  readonly value: string;
  readonly note?: string;
  readonly tone?: Tone;
}

export interface SlaveRow {
  readonly node: string;
  /** Of the slave's statistics; absent where they were never read. */
  readonly observedAt: number | undefined;
  readonly replicated: Told;
  readonly coverage: Told;
  readonly atRisk: Told;
  readonly excess: Told;
}

const unknown: Told = { value: 'unknown', tone: 'unknown' };

/** What is known of each slave by count. */
export const slaveRows = ({ nodes, master }: ClusterSnapshot): SlaveRow[] =>
  nodes.filter((node) => node.name !== master).map(slaveRow);

function slaveRow({ name, reachable, replication, readings }: NodeSnapshot): SlaveRow {
  const observedAt = readings.agent?.observedAt;
  if (!reachable || !replication)
    return {
      node: name,
      observedAt,
      replicated: unknown,
      coverage: unknown,
      atRisk: unknown,
      excess: unknown,
    };
  const { replicated, replicatedAtMost, coverage, atRisk, excess } = replication;
  return {
    node: name,
    observedAt,
    replicated: replicatedTold(replicated, replicatedAtMost),
    coverage: coverageTold(coverage, atRisk, excess),
    atRisk: atRisk === undefined ? unknown : { value: formatCount(atRisk) },
    excess:
      excess === undefined
        ? unknown
        : {
            value: formatCount(excess),
            ...(excess > (coverage.bound ?? 0) && {
              note: 'stale ones, which can hide missing ones',
              tone: 'warning',
            }),
          },
  };
}

function replicatedTold(replicated: number | undefined, atMost: number | undefined): Told {
  if (replicated !== undefined) return { value: formatCount(replicated) };
  return atMost === undefined
    ? unknown
    : { value: `≤ ${formatCount(atMost)}`, note: 'injected; exact not observable' };
}

type Counted = Pick<NonNullable<NodeSnapshot['replication']>, 'coverage' | 'atRisk' | 'excess'>;

/** The master has none that could be replicated, and the slave holds none: no share of nothing, and no riddle either. */
export const hasNothingToReplicate = (counted: Counted | undefined): boolean =>
  counted?.coverage !== undefined &&
  formatCoverage(counted.coverage) === undefined &&
  counted.atRisk === 0 &&
  counted.excess === 0;

/** Below the bound of the definition a share would pretend to know what the counts cannot tell. */
function coverageTold(
  coverage: NonNullable<NodeSnapshot['replication']>['coverage'],
  atRisk: number | undefined,
  excess: number | undefined,
): Told {
  const share = formatCoverage(coverage);
  if (hasNothingToReplicate({ coverage, atRisk, excess }))
    return { value: '–', note: 'nothing to replicate' };
  if (share === undefined) return unknown;
  if (coverage.distinguishable) return { value: share, tone: atRisk ? 'warning' : 'neutral' };
  const bound = coverage.bound === undefined ? '' : `, bound ${formatCount(coverage.bound)}`;
  return { value: 'not distinguishable', note: `${share} by count${bound}` };
}

/** The worst slave decides; a slave that cannot be counted leaves it open. */
export function protectionTold({ protection }: ClusterSnapshot): Told {
  if (!protection) return { ...unknown, note: 'there is not one master' };
  const { coverage, worst = '', atRisk = 0, distinguishable, unknown: blind } = protection;
  if (blind.length > 0) return { ...unknown, note: `${blind.join(', ')} cannot be counted` };
  if (coverage === undefined) return { value: '–', note: 'nothing to replicate' };
  const risk = `${formatCount(atRisk)} at risk now`;
  return distinguishable && atRisk > 0
    ? { value: formatShare(coverage), note: `worst slave ${worst}, ${risk}`, tone: 'warning' }
    : { value: 'not distinguishable from all', note: `worst slave ${worst}, ${risk}` };
}

/** Means something against its own past alone. */
export function eligibilityTold(eligibility: Eligibility | undefined): Told {
  if (!eligibility) return unknown;
  const { value, baseline, baselineSeconds = 0, dropped } = eligibility;
  const past =
    baseline === undefined
      ? 'no baseline yet'
      : `${formatShare(baseline)} over the last ${formatSpan(Math.max(60, baselineSeconds - (baselineSeconds % 60)))}`;
  return dropped
    ? { value: formatShare(value), note: `${past}: connections are no longer seen`, tone: 'warning' }
    : { value: formatShare(value), note: past };
}
