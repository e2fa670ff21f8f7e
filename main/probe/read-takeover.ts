import { setTimeout as delay } from 'node:timers/promises';
import type { TakeoverState } from '../../shared/domain/takeover.ts';
import { type Clock, elapsed } from '../../shared/lib/clock.ts';
import type { Failure, Reading } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { DumpForm, TakeoverCommands, TakeoverEngine } from '../agents/agent.ts';
import type { Command } from '../agents/command.ts';
import { type Answer, instantOf, type NodeRunner } from './node-runner.ts';

/** Between two looks at a dump that is being written; the remote file cannot tell us. */
const lookMs = 25;
/** Dumps took 37–79 ms, once 324: past this the daemon does not answer. */
const dumpDeadlineMs = 1_500;
/** How old (ms) the full form may be, which alone has track files, sync groups and the master's address. */
const dataMs = 15_000;

export interface TakeoverReader {
  /** `whole`: the full form too, now. */
  readonly read: (options?: { whole?: boolean }) => Promise<Reading<TakeoverState>>;
}

interface Daemon {
  readonly pid: number;
  /** The signals that this very daemon knows; one that it does not know would kill it. */
  readonly signals: Partial<Record<DumpForm, number>>;
}

interface Dump {
  readonly text: string;
  readonly at: number;
}

class ReadFailure extends Error {
  readonly failure: Failure;
  readonly source: string;
  constructor(failure: Failure, source: string) {
    super(failure.message);
    this.failure = failure;
    this.source = source;
  }
}

/** Reads the takeover engine by asking it for a dump and waiting until the file is written. */
export function takeoverReader(
  runner: NodeRunner,
  engine: TakeoverEngine,
  commands: TakeoverCommands,
  clock: Clock,
): TakeoverReader {
  let daemon: Daemon | undefined;
  let data: (Dump & { states: string }) | undefined;

  const run = async (command: Command): Promise<Answer> => {
    const result = await runner.poll(command);
    if (!result.ok) throw new ReadFailure(result.error, runner.line(command));
    return result.value;
  };
  const must = async (command: Command): Promise<Answer> => {
    const answer = await run(command);
    const failure = engine.classify(command, answer, runner.privileged);
    if (failure) throw new ReadFailure(failure, runner.line(command));
    return answer;
  };
  const demand = <T>(result: Result<T, { expected: string }>, command: Command): T => {
    if (result.ok) return result.value;
    const message = `cannot read the answer of ${command.argv[0]}: expected ${result.error.expected}`;
    throw new ReadFailure({ kind: 'unreadable', message }, runner.line(command));
  };

  const findDaemon = async (): Promise<Daemon> => {
    await must(commands.alive);
    const pid = demand(engine.parsePid((await must(commands.pid)).stdout), commands.pid);
    if (daemon?.pid === pid) return daemon;
    data = undefined;
    const program = await run(commands.runningProgram(pid));
    const genuine = program.exitCode === 0 && engine.isInstalledProgram(program.stdout);
    const signals: Daemon['signals'] = {};
    for (const form of ['DATA', 'JSON'] as const) {
      if (form === 'JSON' && !genuine) continue;
      const command = commands.signalNumber(form);
      const answer = form === 'DATA' ? await must(command) : await run(command);
      if (answer.exitCode === 0) signals[form] = demand(engine.parseSignalNumber(answer.stdout), command);
    }
    daemon = { pid, signals };
    return daemon;
  };

  const stamp = async (form: DumpForm) => {
    const parsed = engine.parseDumpStamp((await run(commands.dumpStamp(form))).stdout);
    return parsed.ok ? `${parsed.value.modified} ${parsed.value.bytes}` : '';
  };
  const dump = async (form: DumpForm, signal: number, complete: (text: string) => boolean): Promise<Dump> => {
    const before = await stamp(form);
    await must(commands.requestDump(signal));
    const read = commands.readDump(form);
    const asked = clock();
    for (let last = before; elapsed(asked, clock()) < dumpDeadlineMs; await delay(lookMs)) {
      const now = await stamp(form);
      const settled = now !== before && now === last;
      last = now;
      if (!settled) continue;
      const answer = await must(read);
      if (complete(answer.stdout)) return { text: answer.stdout, at: instantOf(answer) };
    }
    const message = `the takeover engine wrote no new ${form} dump within ${dumpDeadlineMs / 1000} s`;
    throw new ReadFailure({ kind: 'timed-out', message }, runner.line(read));
  };

  const readState = async (whole: boolean): Promise<Reading<TakeoverState>> => {
    const { signals } = await findDaemon();
    const json =
      signals.JSON === undefined
        ? undefined
        : await dump('JSON', signals.JSON, (text) => engine.parseState({ json: text }).ok);
    const states = json ? signature(engine.parseState({ json: json.text })) : '';
    const due = !data || whole || !json || states !== data.states || elapsed(data.at, clock()) > dataMs;
    if (due && signals.DATA !== undefined) {
      const fresh = await dump('DATA', signals.DATA, (text) => engine.parseState({ data: text }).ok);
      data = { ...fresh, states };
    }
    const newest = json ?? data;
    if (!newest) throw new ReadFailure({ kind: 'unreadable', message: 'no dump could be had' }, '');
    const form: DumpForm = json ? 'JSON' : 'DATA';
    const command = commands.readDump(form);
    const value = demand(engine.parseState({ json: json?.text, data: data?.text }), command);
    return { ok: true, value, observedAt: newest.at, source: runner.line(command) };
  };

  return {
    read: async ({ whole = false } = {}) => {
      const result = await settle(() => readState(whole));
      if (result.ok) return result.value;
      daemon = undefined;
      return { ok: false, failure: result.error.failure, observedAt: clock(), source: result.error.source };
    },
  };
}

async function settle<T>(work: () => Promise<T>): Promise<Result<T, ReadFailure>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof ReadFailure) return err(error);
    throw error;
  }
}

/** The states of all instances: when they change, what the full form said of the master is out of date. */
const signature = (state: Result<TakeoverState, unknown>): string =>
  state.ok ? state.value.instances.map((each) => `${each.name}=${each.state}`).join(' ') : '';
