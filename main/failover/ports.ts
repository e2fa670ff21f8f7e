import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { FailoverRun } from '../../shared/domain/failover-run.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Failure } from '../../shared/lib/reading.ts';
import type { Result } from '../../shared/lib/result.ts';
import type { SyncAgent, TakeoverEngine } from '../agents/agent.ts';
import type { Command, CommandOutput } from '../agents/command.ts';

/** What a failover needs to see of clusters, and the one way in which it acts on their nodes. */
export interface FailoverPorts {
  readonly clock: Clock;
  readonly definition: (cluster: string) => ClusterDefinition | undefined;
  readonly snapshot: (cluster: string) => ClusterSnapshot | undefined;
  /** Reads every node again now: the takeover engine with its track files, addresses, sync agent, handover file. */
  readonly refresh: (cluster: string, deadlineMs: number) => Promise<ClusterSnapshot>;
  /** Runs an agent's command, through `sudo -n` where it is privileged and the login is not root. */
  readonly runOn: (
    cluster: string,
    node: string,
    command: Command,
  ) => Promise<Result<CommandOutput, Failure>>;
  readonly onSnapshot: (cluster: string, listener: (snapshot: ClusterSnapshot) => void) => () => void;
  /** Puts the run on the snapshot stream. */
  readonly publishRun: (cluster: string, run: FailoverRun) => void;
  readonly takeover: (definition: ClusterDefinition) => TakeoverEngine;
  readonly sync: (definition: ClusterDefinition) => SyncAgent;
}
