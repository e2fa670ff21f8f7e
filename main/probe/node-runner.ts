import type { NodeDefinition } from '../../shared/domain/cluster.ts';
import type { Failure, Reading } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { Classify } from '../agents/agent.ts';
import type { Command, CommandOutput } from '../agents/command.ts';
import type { CommandRequest, CommandResult, NodeSession } from '../transport/session.ts';

/** A command's output with the instants, on this machine's clock in ms, between which it ran. */
export interface Answer extends CommandOutput {
  readonly sentAt: number;
  readonly endedAt: number;
}

/** Runs agents' commands on one node: adds `sudo -n` where it is needed, and tells when and as whom they ran. */
export interface NodeRunner {
  readonly node: string;
  /** Do privileged commands run as root? */
  readonly privileged: boolean;
  /** Do they so through sudo, which allows some? */
  readonly sudo?: boolean;
  /** On the poll channel, in order: for short readings. */
  readonly poll: (command: Command) => Promise<Result<Answer, Failure>>;
  /** A channel like the poll's that delays no poll, for a short while and these commands; undefined while the session is down. */
  readonly lane: (...commands: readonly Command[]) => RunnerLane | undefined;
  /** On a channel of its own: for what takes long, or takes input. */
  readonly exec: (command: Command, signal?: AbortSignal) => Promise<Result<Answer, Failure>>;
  /** On a channel of its own, output handed on as it comes, the node slowed to the pace of `onChunk`: for dumps. Resolves with what is on stderr, and the end. */
  readonly stream: (
    command: Command,
    onChunk: (chunk: Uint8Array) => void | Promise<void>,
    signal?: AbortSignal,
    onErrors?: (text: string) => void,
  ) => Promise<Result<Pick<CommandOutput, 'stderr' | 'exitCode'>, Failure>>;
  /** What a command looks like on the node: the source of a reading, and what an operator can type to repeat it. */
  readonly line: (command: Command) => string;
}

/** A runner of its session alone. */
export interface PlainRunner extends NodeRunner {
  /** A lane whose commands are told to a program on the node, which runs them as itself. */
  readonly readerLane: (reader: Command) => RunnerLane | undefined;
}

/** What was refused is asked again so rarely (ms), where nothing hangs on it: sudo may write to root about each refusal. */
export const refusedMs = 5 * 60_000;

export interface RunnerLane {
  readonly poll: (command: Command) => Promise<Result<Answer, Failure>>;
  readonly close: () => void;
}

export function nodeRunner(definition: NodeDefinition, session: NodeSession): PlainRunner {
  const argvOf = (command: Command): [string, ...string[]] =>
    command.privileged && definition.sudo ? ['/usr/bin/sudo', '-n', ...command.argv] : [...command.argv];
  const request = (command: Command, signal?: AbortSignal): CommandRequest => ({
    argv: argvOf(command),
    ...(command.stdin !== undefined && { stdin: command.stdin }),
    deadlineMs: command.deadlineMs,
    maxBytes: command.maxBytes,
    ...(signal && { signal }),
  });
  return {
    node: definition.name,
    privileged: definition.sudo || definition.user === 'root',
    sudo: definition.sudo,
    poll: (command): Promise<Result<CommandResult, Failure>> => session.poll(request(command)),
    lane: () => {
      const lane = session.lane();
      return lane && { poll: (command) => lane.poll(request(command)), close: lane.close };
    },
    readerLane: (reader) => {
      const lane = session.lane(argvOf(reader));
      return (
        lane && {
          poll: (command) => lane.poll({ ...request(command), argv: command.argv }),
          close: lane.close,
        }
      );
    },
    exec: (command, signal) => session.exec(request(command, signal)),
    stream: (command, onChunk, signal, onErrors) =>
      session.stream(request(command, signal), onChunk, onErrors),
    line: (command) =>
      command.typed === undefined
        ? argvOf(command).join(' ')
        : [...argvOf(command).slice(0, -command.argv.length), command.typed].join(' '),
  };
}

/** The instant that stands for an answer: half way between question and answer. */
export const instantOf = (answer: Answer): number => (answer.sentAt + answer.endedAt) / 2;

/** Makes a reading out of an answer: the transport's failure, the agent's classification, or the parsed value. */
export function readingFrom<T>(
  runner: NodeRunner,
  command: Command,
  result: Result<Answer, Failure>,
  classify: Classify,
  parse: (stdout: string) => Result<T, Failure>,
  now: number,
): Reading<T> {
  const source = runner.line(command);
  if (!result.ok) return { ok: false, failure: result.error, observedAt: now, source };
  const observedAt = instantOf(result.value);
  const failure = classify(command, result.value, runner.privileged);
  const parsed: Result<T, Failure> = failure ? err(failure) : parse(result.value.stdout);
  return parsed.ok
    ? { ok: true, value: parsed.value, observedAt, source }
    : { ok: false, failure: parsed.error, observedAt, source };
}

/** Wraps a parser's error as the failure that an operator sees. */
export const unreadable = <T>(result: Result<T, { expected: string }>, what: string): Result<T, Failure> =>
  result.ok
    ? ok(result.value)
    : err({ kind: 'unreadable', message: `cannot read ${what}: expected ${result.error.expected}` });
