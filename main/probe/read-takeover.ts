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
/** Dumps took 37–79 ms, once 324: before the first a look is wasted, past the last the daemon does not answer. */
const firstLookMs = 40;
const latestFirstLookMs = 100;
const dumpDeadlineMs = 1_500;
/** How much sooner (ms) the next first look is after one that was not in vain. */
const soonerMs = 2;
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
  readonly state: TakeoverState;
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
  /** How long (ms) after the request a dump is there as a rule. */
  let usualMs = firstLookMs;

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
    const [, { stdout }] = await together(must(commands.alive), must(commands.pid));
    const pid = demand(engine.parsePid(stdout), commands.pid);
    if (daemon?.pid === pid) return daemon;
    data = undefined;
    const program = await run(commands.runningProgram(pid));
    const genuine = program.exitCode === 0 && engine.isInstalledProgram(program.stdout);
    const number = (form: DumpForm, answer: Answer) =>
      demand(engine.parseSignalNumber(answer.stdout), commands.signalNumber(form));
    const [full, json] = await together(
      must(commands.signalNumber('DATA')),
      genuine ? run(commands.signalNumber('JSON')) : Promise.resolve(undefined),
    );
    daemon = {
      pid,
      signals: {
        DATA: number('DATA', full),
        ...(json?.exitCode === 0 && { JSON: number('JSON', json) }),
      },
    };
    return daemon;
  };

  const stamp = async (form: DumpForm) => {
    const parsed = engine.parseDumpStamp((await run(commands.dumpStamp(form))).stdout);
    return parsed.ok ? `${parsed.value.modified} ${parsed.value.bytes}` : '';
  };
  const dump = async (
    form: DumpForm,
    signal: number,
    parse: (text: string) => Result<TakeoverState, unknown>,
  ): Promise<Dump> => {
    const [before] = await together(stamp(form), must(commands.requestDump(signal)));
    const read = commands.readDump(form);
    /** Whole where the file has changed since the request and stood still while it was read. */
    const look = async (stampBefore: Promise<string>): Promise<{ stamp: string; whole?: Dump }> => {
      const [from, [answer, to]] = await together(stampBefore, together(must(read), stamp(form)));
      const state = from === to && to !== before ? parse(answer.stdout) : undefined;
      if (!state?.ok) return { stamp: to };
      return { stamp: to, whole: { text: answer.stdout, state: state.value, at: instantOf(answer) } };
    };
    const asked = clock();
    await delay(usualMs);
    // One packet where the dump is as quick as usual: to send a command costs the console more than what is in it.
    let seen = await look(stamp(form));
    const isInVain = !seen.whole;
    while (!seen.whole && elapsed(asked, clock()) < dumpDeadlineMs) {
      await delay(lookMs);
      seen = seen.stamp === before ? { stamp: await stamp(form) } : await look(Promise.resolve(seen.stamp));
    }
    usualMs = isInVain
      ? Math.min(latestFirstLookMs, elapsed(asked, clock()))
      : Math.max(firstLookMs, usualMs - soonerMs);
    if (seen.whole) return seen.whole;
    const message = `the takeover engine wrote no new ${form} dump within ${dumpDeadlineMs / 1000} s`;
    throw new ReadFailure({ kind: 'timed-out', message }, runner.line(read));
  };

  const readState = async (whole: boolean): Promise<Reading<TakeoverState>> => {
    const { signals } = await findDaemon();
    const json =
      signals.JSON === undefined
        ? undefined
        : await dump('JSON', signals.JSON, (json) => engine.parseState({ json }));
    const states = json ? signature(json.state) : '';
    const due = !data || whole || !json || states !== data.states || elapsed(data.at, clock()) > dataMs;
    if (due && signals.DATA !== undefined) {
      const fresh = await dump('DATA', signals.DATA, (text) => engine.parseState({ data: text }));
      data = { ...fresh, states };
    }
    const newest = json ?? data;
    if (!newest) throw new ReadFailure({ kind: 'unreadable', message: 'no dump could be had' }, '');
    const form: DumpForm = json ? 'JSON' : 'DATA';
    const command = commands.readDump(form);
    const value = demand(engine.parseState({ json: json?.text, data: data?.state }), command);
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

/** In one packet and in order. Both have ended when one of them fails: nothing is left behind that nobody waits for. */
async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
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
const signature = ({ instances }: TakeoverState): string =>
  instances.map((each) => `${each.name}=${each.state}`).join(' ');
