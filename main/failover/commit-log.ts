import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import { formatCount, formatDuration } from '../../shared/domain/format.ts';
import type { SyncLogRecord } from '../../shared/domain/replication.ts';
import { runChecked } from './facts.ts';
import type { FailoverPorts } from './ports.ts';
import type { StepOutcome } from './run-machine.ts';

export interface Outcome {
  readonly outcome: StepOutcome;
  readonly detail: string;
}

/** The target's log as it was before the role moved, or why the commit cannot be seen there. */
export type CommitWitness =
  | { readonly kind: 'log'; readonly file: string; readonly before: readonly SyncLogRecord[] }
  | { readonly kind: 'none'; readonly because: Outcome };

const unseen = (detail: string, outcome: StepOutcome = 'differs'): CommitWitness => ({
  kind: 'none',
  because: { outcome, detail },
});

/** Finds the sync agent's log on the target and remembers what it says now. Reads only. */
export async function witnessCommit(
  ports: FailoverPorts,
  definition: ClusterDefinition,
  node: string,
): Promise<CommitWitness> {
  const agent = ports.sync(definition);
  const commands = agent.commands(definition.agent.config);
  const alive = await ports.runOn(definition.name, node, commands.alive);
  if (alive.ok && alive.value.exitCode === 1) {
    return unseen(`conntrackd does not run on ${node}: no connection was committed.`);
  }
  const text = await runChecked(ports, definition, node, commands.config, agent.classify);
  if (!text.ok) return unseen(`Whether the commit ended is not known: ${text.error.message}`);
  const config = agent.parseConfig(text.value.stdout);
  if (config.disableExternalCache) {
    return unseen(
      `Nothing to commit: on ${node} replicated connections go straight into the kernel.`,
      'skipped',
    );
  }
  if (config.logFile === undefined) {
    return unseen(`Whether the commit ended is not known: conntrackd on ${node} logs to syslog alone.`);
  }
  const log = await runChecked(ports, definition, node, commands.log(config.logFile), agent.classify);
  return log.ok
    ? { kind: 'log', file: config.logFile, before: agent.parseLog(log.value.stdout) }
    : unseen(`Whether the commit ended is not known: ${log.error.message}`);
}

const pollMs = 300;

/** Reads the log until it says that every commit that began since has ended. */
export async function awaitCommit(
  ports: FailoverPorts,
  definition: ClusterDefinition,
  node: string,
  witness: CommitWitness,
  deadlineMs: number,
): Promise<Outcome> {
  if (witness.kind === 'none') return witness.because;
  const agent = ports.sync(definition);
  const command = agent.commands(definition.agent.config).log(witness.file);
  const deadline = ports.clock() + deadlineMs;
  for (;;) {
    const log = await runChecked(ports, definition, node, command, agent.classify);
    const records = log.ok ? newRecords(witness.before, agent.parseLog(log.value.stdout)) : [];
    const judged = judgeCommit(records);
    if (judged) return judged;
    if (ports.clock() >= deadline) {
      const why = log.ok ? `${witness.file} on ${node} does not say that a commit ended` : log.error.message;
      return {
        outcome: 'differs',
        detail: `The commit was not seen to end within ${formatDuration(deadlineMs)}: ${why}.`,
      };
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** What `after` has beyond `before`: a tail of a log slides, and two of its lines may be the same word for word. */
export function newRecords(
  before: readonly SyncLogRecord[],
  after: readonly SyncLogRecord[],
): SyncLogRecord[] {
  const key = (record: SyncLogRecord) => `${record.at} ${record.pid} ${record.text}`;
  const known = new Map<string, number>();
  for (const record of before) known.set(key(record), (known.get(key(record)) ?? 0) + 1);
  return after.filter((record) => {
    const left = known.get(key(record)) ?? 0;
    if (left > 0) known.set(key(record), left - 1);
    return left === 0;
  });
}

/** How the commits in these lines ended; undefined while one is under way or none has been seen. */
export function judgeCommit(records: readonly SyncLogRecord[]): Outcome | undefined {
  const of = (kind: SyncLogRecord['kind']) => records.filter((record) => record.kind === kind);
  const sum = (kind: SyncLogRecord['kind'], figure: 'entries' | 'seconds') =>
    of(kind).reduce((total, record) => total + (record[figure] ?? 0), 0);
  const finished = of('commit-finished').length;
  if (finished === 0 || finished < of('commit-started').length) return undefined;
  const committed = `Committed ${formatCount(sum('committed', 'entries'))} connections in ${formatDuration(sum('commit-finished', 'seconds') * 1000)}.`;
  const failed = sum('commit-failed-entries', 'entries');
  return failed > 0
    ? { outcome: 'differs', detail: `${committed} ${formatCount(failed)} could not be committed.` }
    : { outcome: 'done', detail: committed };
}
