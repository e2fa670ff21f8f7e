import type { CountCoverage, ReplicationSnapshot } from './cluster-snapshot.ts';
import type { SyncPhase } from './replication.ts';
import type { SyncLag } from './sync-lag.ts';
import { ackWindow, distinguishable, skewMs, syncPhase } from './sync-phase.ts';
import {
  type AgentSamples,
  churn,
  countPairs,
  ownCount,
  replicatedCount,
  syncRates,
} from './sync-samples.ts';

/**
 * Judges a slave's replication by count, lag and phase: coverage = min(R, I) / I with R the slave's external and I the
 * master's internal cache; FTFW lag = unacknowledged messages / message rate. `slaves`: how many there are, up or
 * not, since FTFW acknowledges for two nodes only.
 */
export function assessReplication(
  master: AgentSamples,
  slave: AgentSamples,
  slaves: number,
): ReplicationSnapshot {
  const [masterNow, slaveNow] = [master.at(-1)?.state, slave.at(-1)?.state];
  const held = slaveNow && replicatedCount(slaveNow);
  const known = masterNow && ownCount(masterNow);
  const waiting = backlog(master);
  const { phase, evidence } =
    masterNow && slaveNow
      ? syncPhase(master, slave, slaves)
      : ({
          phase: 'unknown',
          evidence: `there is no reading of the sync agent of ${masterNow ? 'this node' : 'the master'} yet`,
        } as const);
  return {
    ...(held !== undefined && { replicated: held }),
    ...(held !== undefined && known !== undefined && { excess: Math.max(0, held - known) }),
    coverage: countCoverage(master, slave),
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

function countCoverage(master: AgentSamples, slave: AgentSamples): CountCoverage {
  const now = countPairs(master, slave).at(-1);
  if (!now || now.known === 0) return { distinguishable: false };
  const skewSeconds = (now.apart + skewMs) / 1000;
  return {
    value: Math.min(now.held, now.known) / now.known,
    errorBar: Math.min(1, (churn(master) * skewSeconds + 1) / now.known),
    distinguishable: distinguishable(master, slave),
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
