import type { SyncAgentState } from '../../shared/domain/replication.ts';
import { type Clock, elapsed } from '../../shared/lib/clock.ts';
import type { Failure, Reading } from '../../shared/lib/reading.ts';
import type { Result } from '../../shared/lib/result.ts';
import type { SyncAgent, SyncAgentConfig, SyncCommands } from '../agents/agent.ts';
import type { Command } from '../agents/command.ts';
import { type Answer, instantOf, type NodeRunner, readingFrom, unreadable } from './node-runner.ts';

/** How often (ms) the slow part of the statistics, and the configuration, are read. */
const detailsMs = 5_000;
const configMs = 60_000;
/** A configuration that could not be read is read again sooner: a busy node may have been late, once. */
const configAgainMs = 5_000;

export interface AgentReader {
  readonly read: () => Promise<Reading<SyncAgentState>>;
  /** The configuration, a minute old at most where it can be read. */
  readonly config: () => Promise<SyncAgentConfig | undefined>;
}

/** Reads the sync agent's own account of itself; keeps the slow part and the configured mode between readings. */
export function agentReader(
  runner: NodeRunner,
  agent: SyncAgent,
  commands: SyncCommands,
  clock: Clock,
): AgentReader {
  let details: { at: number; answers: string[] } = { at: Number.NEGATIVE_INFINITY, answers: [] };
  let config: { at: number; value: SyncAgentConfig | undefined } = {
    at: Number.NEGATIVE_INFINITY,
    value: undefined,
  };

  // a daemon that hangs holds up whatever is asked behind it: until it answers again it has a channel of its own
  let by = runner.poll;

  const ask = async (questions: readonly Command[]): Promise<string[]> => {
    const results = await Promise.all(questions.map((question) => by(question)));
    return results.flatMap((result) =>
      result.ok && result.value.exitCode === 0 ? [result.value.stdout] : [],
    );
  };
  const configured = async (): Promise<SyncAgentConfig | undefined> => {
    if (elapsed(config.at, clock()) >= configMs) {
      const result = await runner.poll(commands.config);
      const value =
        result.ok && result.value.exitCode === 0 ? agent.parseConfig(result.value.stdout) : undefined;
      const at = value ? clock() : clock() - configMs + configAgainMs;
      config = { at, value: value ?? config.value };
    }
    return config.value;
  };

  return {
    config: configured,
    read: async () => {
      const [first, ...rest] = commands.state;
      if (!first) throw new Error('a sync agent needs a command that reads its state');
      const pending: [Promise<Result<Answer, Failure>>, Promise<string[]>] = [by(first), ask(rest)];
      const [answer, others] = await Promise.all(pending);
      by = !answer.ok && answer.error.kind === 'timed-out' ? runner.exec : runner.poll;
      const reading = readingFrom(
        runner,
        first,
        answer,
        agent.classify,
        () => ({ ok: true, value: undefined }),
        clock(),
      );
      if (!reading.ok) {
        details = { at: Number.NEGATIVE_INFINITY, answers: [] };
        return absentOrForbidden(reading, runner, commands);
      }
      if (elapsed(details.at, clock()) >= detailsMs)
        details = { at: clock(), answers: await ask(commands.details) };
      const known = await configured();
      return readingFrom(
        runner,
        first,
        answer,
        agent.classify,
        (stdout) =>
          unreadable(agent.parseState([stdout, ...others], known, details.answers), 'the statistics'),
        answer.ok ? instantOf(answer.value) : clock(),
      );
    },
  };
}

/** Where the statistics are forbidden, whether the daemon runs at all can still be seen without privilege. */
async function absentOrForbidden(
  reading: Reading<undefined> & { ok: false },
  runner: NodeRunner,
  commands: SyncCommands,
): Promise<Reading<SyncAgentState>> {
  if (reading.failure.kind !== 'no-permission') return reading;
  const alive = await runner.poll(commands.alive);
  if (!alive.ok || alive.value.exitCode !== 1) return reading;
  const failure: Failure = { kind: 'not-running', message: 'the sync agent is not running' };
  return { ok: false, failure, observedAt: instantOf(alive.value), source: runner.line(commands.alive) };
}
