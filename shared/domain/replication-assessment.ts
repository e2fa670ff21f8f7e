import type { CountCoverage, ReplicationSnapshot } from './cluster-snapshot.ts';
import type { SyncPhase } from './replication.ts';
import type { SyncLag } from './sync-lag.ts';
import { ackWindow, countBound, distinguishable, skewMs, syncPhase } from './sync-phase.ts';
import {
  type AgentSamples,
  compareSamples,
  ownCount,
  replicatedCount,
  type SyncComparison,
  syncRates,
} from './sync-samples.ts';

/**
 * Judges a slave's replication by count, lag and phase: coverage = min(R, I) / I with R the slave's external and I the
 * master's internal cache; FTFW lag = unacknowledged messages / message rate. `slaves`: how many there are, up or
 * not, since FTFW acknowledges for two nodes only. `kernel`: entries of the slave's own kernel table, which is all that
 * can be seen of what is injected into it.
 */
export function assessReplication(
  master: AgentSamples,
  slave: AgentSamples,
  slaves: number,
  kernel?: number,
): ReplicationSnapshot {
  const [masterNow, slaveNow] = [master.at(-1)?.state, slave.at(-1)?.state];
  const held = slaveNow && replicatedCount(slaveNow);
  const known = masterNow && ownCount(masterNow);
  const waiting = backlog(master);
  const compared = compareSamples(master, slave);
  const { phase, evidence } =
    masterNow && slaveNow
      ? syncPhase(compared, slaves)
      : ({
          phase: 'unknown',
          evidence: `there is no reading of the sync agent of ${masterNow ? 'this node' : 'the master'} yet`,
        } as const);
  return {
    ...(held !== undefined && { replicated: held }),
    ...(slaveNow?.external.kind === 'inject' && kernel !== undefined && { replicatedAtMost: kernel }),
    ...(held !== undefined &&
      known !== undefined && { excess: Math.max(0, held - known), atRisk: Math.max(0, known - held) }),
    coverage: countCoverage(compared),
    lag: syncLag(master, phase, waiting, slaves),
    ...(waiting !== undefined && slaves === 1 && { backlog: waiting }),
    phase,
    evidence,
  };
}

/** Messages that the master sent or will send and that are not acknowledged; only FTFW knows. */
function backlog(master: AgentSamples): number | undefined {
  const now = master.at(-1)?.state;
  return now?.mode === 'ftfw' && now.backlog ? (now.backlog.resend ?? 0) + now.backlog.transmit : undefined;
}

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

function syncLag(
  master: AgentSamples,
  phase: SyncPhase,
  waiting: number | undefined,
  slaves: number,
): SyncLag {
  const now = master.at(-1)?.state;
  if (now?.mode === 'notrack' || now?.mode === 'alarm') return { kind: 'not-measurable' };
  if (waiting === undefined || slaves > 1 || phase === 'unknown' || phase === 'never') {
    return { kind: 'unknown' };
  }
  if (now && waiting <= ackWindow(now) && phase !== 'silent') return { kind: 'below', seconds: 1 };
  const rate = syncRates(master)?.changes ?? 0;
  return rate > 0 && waiting > 0 ? { kind: 'measured', seconds: waiting / rate } : { kind: 'unknown' };
}
