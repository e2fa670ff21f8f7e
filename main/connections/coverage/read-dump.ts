import type { Clock } from '../../../shared/lib/clock.ts';
import type { Failure } from '../../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { Classify } from '../../agents/agent.ts';
import type { Command } from '../../agents/command.ts';
import type { NodeRunner } from '../../probe/node-runner.ts';
import { slabs } from '../slabs.ts';
import type { DumpForm } from '../store/table-store.ts';
import type { Comparison } from './comparison.ts';
import type { Preparing } from './messages.ts';

/** A dump of connections, and how a failed one is told. */
export interface EntryDump {
  readonly command: Command;
  readonly classify: Classify;
  readonly format: DumpForm['format'];
  /** Told that the node answers, but not this way: what to dump instead; undefined: there is nothing. */
  readonly instead?: (why: Failure) => Promise<EntryDump | undefined>;
}

export interface DumpListener {
  /** The dump has begun to answer. */
  readonly onBegin?: () => void;
  /** How many entries were read so far; once a piece of output. */
  readonly onRows?: (rows: number) => void;
}

/** A dump that the comparison holds, and between which instants (ms, our clock) it was read. */
export interface HeldDump {
  readonly dump: number;
  /** Lines that could not be read. */
  readonly unreadable: number;
  readonly beganAt: number;
  readonly endedAt: number;
}

/** So many slabs may be on their way to the comparison's thread before the node has to wait. */
const mostAhead = 16;

/** Runs a dump on a channel of its own and hands it, as it arrives, to the comparison under the number `dump`. */
export async function readDump(
  comparison: Comparison,
  dump: number,
  runner: NodeRunner,
  how: EntryDump,
  options: { clock: Clock; expected: number; prepare: Preparing; signal: AbortSignal } & DumpListener,
): Promise<Result<HeldDump, Failure>> {
  const { ask } = comparison;
  const { command, classify, format, instead } = how;
  const { clock, onBegin, onRows, expected, prepare, signal } = options;
  let beganAt: number | undefined;
  let slabsAhead = 0;
  let last: Promise<unknown> = ask('begin', { dump, format, expected, prepare, observedAt: clock() });
  const begin = () => {
    if (beganAt !== undefined) return;
    beganAt = clock();
    onBegin?.();
  };
  const { add, flush, workedOff, stop } = slabs((bytes) => {
    slabsAhead += 1;
    last = ask('chunk', { dump, bytes }).then((rows) => {
      workedOff();
      slabsAhead -= 1;
      onRows?.(rows);
    });
    // that the thread ended is told by the next question
    last.catch(() => undefined);
  });
  const take = (chunk: Uint8Array) => {
    begin();
    add(chunk);
    return slabsAhead > mostAhead ? last.then(() => undefined) : undefined;
  };
  const otherwise = async (why: Failure): Promise<Result<HeldDump, Failure>> => {
    const next = await instead?.(why);
    return next ? readDump(comparison, dump, runner, next, options) : err(why);
  };
  const result = await runner.stream(command, take, signal).finally(stop);
  begin();
  if (!result.ok) return result;
  const failure = classify(command, { stdout: '', ...result.value }, runner.privileged);
  if (failure) return otherwise(failure);
  flush();
  await last;
  const { unreadable, interrupted, problem } = await ask('end', { dump });
  if (problem !== undefined) return otherwise(broken(runner.node, problem));
  if (interrupted) return otherwise(broken(runner.node, 'the kernel rebuilt its table under it'));
  const endedAt = clock();
  return ok({ dump, unreadable, beganAt: beganAt ?? endedAt, endedAt });
}

const broken = (node: string, problem: string): Failure => ({
  kind: 'unreadable',
  message: `The dump of ${node} is not a whole table: ${problem}.`,
});
