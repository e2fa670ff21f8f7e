import type { Failure } from '../../../shared/lib/reading.ts';
import type { TableAgent } from '../../agents/agent.ts';
import type { Command } from '../../agents/command.ts';
import type { NodeRunner } from '../../probe/node-runner.ts';
import type { Intake } from '../store/table-store.ts';

/** Where a dump ends although the node has more to tell, or nothing. */
export interface DumpLimits {
  /** Entries. */
  readonly cap: number;
  /** Without a byte for so long (ms) it is taken for dead. */
  readonly stallMs: number;
  /** So many bytes without one entry are no table. */
  readonly blindBytes: number;
}

export const dumpLimits: DumpLimits = { cap: 3_000_000, stallMs: 20_000, blindBytes: 16 * 2 ** 20 };

/** How a dump ended. Only a `whole` one replaces the table. */
export type DumpOutcome =
  | { readonly kind: 'whole'; readonly entries: number; readonly bytes: number; readonly ms: number }
  | { readonly kind: 'capped'; readonly at: number }
  | { readonly kind: 'cancelled' }
  /** `anotherWay`: the node answers, but not this way; another one may work. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly anotherWay: boolean };

type Stop = 'cap' | 'stall' | 'cancel' | 'blind';

/**
 * Runs a dump and has it taken in. It ends with the command, at the cap, when it stands still, when what comes is no
 * table, when `signal` says so, or with the session. The time is from the call to the last byte.
 */
export async function runDump(
  runner: NodeRunner,
  command: Command,
  agent: Pick<TableAgent, 'classify' | 'parseShown'>,
  intake: Intake,
  onProgress: (entries: number, bytes: number) => void,
  signal: AbortSignal,
  limits: DumpLimits = dumpLimits,
): Promise<DumpOutcome> {
  const control = new AbortController();
  const startedAt = performance.now();
  let stopped: Stop | undefined;
  let bytes = 0;
  const stop = (why: Stop) => {
    stopped ??= why;
    control.abort();
  };
  const cancel = () => stop('cancel');
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  const listen = () => setTimeout(stop, limits.stallMs, 'stall');
  let silence = listen();

  const take = (chunk: Uint8Array): void | Promise<void> => {
    silence.refresh();
    bytes += chunk.length;
    const busy = intake.write(chunk);
    const entries = intake.entries();
    onProgress(entries, bytes);
    if (entries >= limits.cap) stop('cap');
    else if (entries === 0 && bytes > limits.blindBytes) stop('blind');
    if (!busy) return;
    // while we are the slow ones the node cannot be heard
    clearTimeout(silence);
    return busy.then(() => {
      silence = listen();
    });
  };
  const lost = (failure: Failure, anotherWay: boolean): DumpOutcome => {
    intake.abort(false);
    return { kind: 'failed', failure, anotherWay };
  };

  try {
    const result = await runner.stream(command, take, control.signal);
    const ms = performance.now() - startedAt;
    if (stopped !== undefined) return endOfStopped(stopped, runner.node, intake, bytes, limits);
    if (!result.ok) return lost(result.error, false);
    const refusal = agent.classify(command, { stdout: '', ...result.value }, runner.privileged);
    if (refusal) return lost(refusal, true);
    const end = await intake.end();
    const short = missing(agent.parseShown(result.value.stderr), end.entries + end.unreadable);
    const problem = end.problem ?? short;
    if (problem !== undefined)
      return { kind: 'failed', failure: unreadable(runner.node, problem), anotherWay: true };
    return { kind: 'whole', entries: end.entries, bytes, ms };
  } catch (error) {
    return lost(unreadable(runner.node, error instanceof Error ? error.message : String(error)), true);
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', cancel);
  }
}

function endOfStopped(
  why: Stop,
  node: string,
  intake: Intake,
  bytes: number,
  { stallMs, cap }: DumpLimits,
): DumpOutcome {
  const entries = intake.entries();
  intake.abort(why === 'cap');
  switch (why) {
    case 'cancel':
      return { kind: 'cancelled' };
    case 'cap':
      return { kind: 'capped', at: cap };
    case 'stall':
      return {
        kind: 'failed',
        anotherWay: false,
        failure: {
          kind: 'timed-out',
          message: `The dump of ${node} stood still for ${stallMs / 1000} s after ${entries.toLocaleString('en')} connections.`,
        },
      };
    case 'blind':
      return {
        kind: 'failed',
        anotherWay: true,
        failure: unreadable(node, `${bytes.toLocaleString('en')} bytes came and not one connection in them`),
      };
  }
}

const inSentence = (problem: string): string =>
  `${problem.charAt(0).toLowerCase()}${problem.slice(1).replace(/\.$/, '')}`;

const unreadable = (node: string, problem: string): Failure => ({
  kind: 'unreadable',
  message: `The dump of ${node} is not a whole table: ${inSentence(problem)}.`,
});

/** conntrack says at the end how many entries it showed: a line less has been lost on the way. */
const missing = (shown: number | undefined, came: number): string | undefined =>
  shown !== undefined && came < shown
    ? `conntrack showed ${shown.toLocaleString('en')} connections, ${came.toLocaleString('en')} came`
    : undefined;
