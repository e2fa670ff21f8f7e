import type { CountCoverage, ReplicationSnapshot } from './cluster-snapshot.ts';
import { backlog, backlogLag } from './lag-backlog.ts';
import { joinLag } from './lag-join.ts';
import type { LagTrack } from './lag-track.ts';
import type { SyncDirections } from './replication.ts';
import { ackWindow, countBound, distinguishable, skewMs, syncPhase } from './sync-phase.ts';
import {
  type AgentSamples,
  compareSamples,
  ownCount,
  replicatedCount,
  type SyncComparison,
} from './sync-samples.ts';

/**
 * Judges a slave's replication by count, lag and phase: coverage = min(R, I) / I with R the slave's external and I the
 * master's internal cache. `slaves`: how many there are, up or not, since FTFW acknowledges for two nodes only.
 * `kernel`: entries of the slave's own kernel table, which is all that can be seen of what is injected into it. `lag`:
 * what was measured of the lag besides; its `source`: the command behind the master's queue. `direction`: a
 * slave that the messages do not reach is silent, whatever else is known.
 */
export function assessReplication(
  master: AgentSamples,
  slave: AgentSamples,
  slaves: number,
  kernel: number | undefined,
  lag: { readonly track?: LagTrack | undefined; readonly source: string; readonly now: number },
  direction?: SyncDirections,
): ReplicationSnapshot {
  const [masterNow, slaveNow] = [master.at(-1)?.state, slave.at(-1)?.state];
  const held = slaveNow && replicatedCount(slaveNow);
  const known = masterNow && ownCount(masterNow);
  const waiting = backlog(master);
  const compared = compareSamples(master, slave);
  const counted =
    masterNow && slaveNow
      ? syncPhase(compared, slaves)
      : ({
          phase: 'unknown',
          evidence: `there is no reading of the sync agent of ${masterNow ? 'this node' : 'the master'} yet`,
        } as const);
  const deaf = direction && isDeaf(direction) && counted.phase !== 'silent';
  const { phase, evidence } = deaf ? ({ phase: 'silent', evidence: direction.evidence } as const) : counted;
  const { track, now } = lag;
  const estimates = [
    backlogLag(master, phase, slaves, lag.source),
    ...(track?.delay ? [track.delay] : []),
    ...(track?.canary ? [track.canary] : []),
  ];
  return {
    ...(held !== undefined && { replicated: held }),
    ...(slaveNow?.external.kind === 'inject' && kernel !== undefined && { replicatedAtMost: kernel }),
    ...(held !== undefined &&
      known !== undefined && { excess: Math.max(0, held - known), atRisk: Math.max(0, known - held) }),
    coverage: countCoverage(compared),
    lag: joinLag(estimates, phase, now),
    lagEstimates: estimates,
    ...(waiting !== undefined && slaves === 1 && { backlog: waiting }),
    phase,
    evidence,
    ...(direction && { direction }),
  };
}

const isDeaf = ({ toSlave, toMaster }: SyncDirections): boolean =>
  toSlave === 'lost' || toSlave === 'stalled' || toMaster === 'stalled';

function countCoverage(compared: SyncComparison): CountCoverage {
  const pair = compared.pairs.at(-1);
  const now = compared.master.at(-1)?.state;
  if (!pair || !now || pair.known === 0) return { distinguishable: false };
  const skewSeconds = (pair.apart + skewMs) / 1000;
  return {
    value: Math.min(pair.held, pair.known) / pair.known,
    errorBar: Math.min(1, (compared.churn * skewSeconds + 1) / pair.known),
    bound: Math.ceil(countBound(compared, pair, ackWindow(now))),
    distinguishable: distinguishable(compared),
  };
}
