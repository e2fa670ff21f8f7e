import type { ConnectionPage, ReadProgress, TableReader } from '../../../shared/domain/connection-query.ts';
import type { Clock } from '../../../shared/lib/clock.ts';
import type { Failure } from '../../../shared/lib/reading.ts';
import type { TableAgent } from '../../agents/agent.ts';
import type { NodeRunner } from '../../probe/node-runner.ts';
import type { IdleTimeouts } from '../store/idle.ts';
import type { StoredTable } from '../store/table-store.ts';
import { type DumpLimits, type DumpOutcome, dumpLimits, runDump } from './dump-run.ts';
import { type ReaderMemory, readerMemory } from './reader-memory.ts';

/** What is read, with what. */
export interface ConnectionSource {
  readonly runner: NodeRunner;
  readonly table: TableAgent;
  /** How long the node keeps idle entries, as it was last read. */
  readonly timeouts?: () => IdleTimeouts | undefined;
  /** How many entries it has, as it was read a moment ago; undefined: the node is asked. */
  readonly count?: () => number | undefined;
}

/** What a page says of how its table came to be. */
export type ReadingState = Pick<ConnectionPage, 'reading' | 'failure' | 'progress' | 'reader' | 'cappedAt'>;

/** Reads one node's table into the store, a dump at a time. */
export interface NodeReader {
  /** Starts a dump, or joins the one under way; resolves with how it ended. */
  readonly read: () => Promise<DumpOutcome>;
  /** Somebody looks at a table that was never read: what the node offers is found out before they ask for it. */
  readonly prepare: () => void;
  /** Whether there was a dump to end. */
  readonly cancel: () => boolean;
  readonly state: () => ReadingState;
  /** What is known about reading this node, for questions to it. */
  readonly memory: ReaderMemory;
}

/** `turn`: waits until no other dump of this node is under way. */
export function nodeReader(
  { runner, table, timeouts, count }: ConnectionSource,
  stored: StoredTable,
  turn: <T>(dump: () => Promise<T>) => Promise<T>,
  clock: Clock,
  limits: DumpLimits = dumpLimits,
): NodeReader {
  const memory = readerMemory(runner, table.reading, clock);
  let running: { readonly outcome: Promise<DumpOutcome>; readonly control: AbortController } | undefined;
  let progress: ReadProgress | undefined;
  let reader: TableReader | undefined;
  let isPrepared = false;
  let failure: Failure | undefined;
  let cappedAt: number | undefined;

  const expected = async (): Promise<number | undefined> => {
    const known = count?.();
    if (known !== undefined) return known;
    const asked = await runner.poll(table.commands.count);
    if (!asked.ok || asked.value.exitCode !== 0) return undefined;
    const parsed = table.parseCount(asked.value.stdout);
    return parsed.ok ? parsed.value : undefined;
  };

  const dump = async (signal: AbortSignal): Promise<DumpOutcome> => {
    const [{ way, why, gzip }, about] = await Promise.all([memory.choose(), expected()]);
    const command = way.command({ gzip });
    const startedAt = clock();
    const line = runner.line(command);
    reader = {
      kind: way.kind,
      through: way.through,
      compressed: gzip,
      line,
      ...(why !== undefined && { why }),
    };
    const estimate = about === undefined ? undefined : memory.estimate(way, gzip, about);
    const before = {
      startedAt,
      ...(about !== undefined && { expected: about }),
      ...(estimate && { estimateMs: estimate.ms, ...(estimate.guess && { guess: true }) }),
    };
    progress = { ...before, entries: 0, bytes: 0 };
    const intake = stored.begin({
      format: way.kind,
      observedAt: startedAt,
      ...(about !== undefined && { expected: about }),
      ...(gzip && { gzip }),
      timeouts: timeouts?.(),
    });
    const onProgress = (entries: number, bytes: number) => {
      progress = { ...before, entries, bytes };
    };
    const outcome = await runDump(runner, command, table, intake, onProgress, signal, limits);
    if (outcome.kind === 'whole') memory.measured({ ...outcome, way, gzip });
    if (outcome.kind !== 'failed' || !outcome.anotherWay) return outcome;
    memory.failed(way, outcome.failure.message);
    const next = await memory.choose();
    return next.way === way || signal.aborted ? outcome : dump(signal);
  };

  const settle = (outcome: DumpOutcome) => {
    progress = undefined;
    running = undefined;
    if (outcome.kind === 'cancelled') return;
    failure = outcome.kind === 'failed' ? outcome.failure : undefined;
    if (outcome.kind !== 'failed') cappedAt = outcome.kind === 'capped' ? outcome.at : undefined;
  };

  return {
    read: () => {
      if (running) return running.outcome;
      const control = new AbortController();
      const outcome = turn(
        async (): Promise<DumpOutcome> =>
          control.signal.aborted ? { kind: 'cancelled' } : dump(control.signal),
      ).then((ended) => {
        settle(ended);
        return ended;
      });
      running = { outcome, control };
      return outcome;
    },
    prepare: () => {
      if (reader !== undefined || isPrepared) return;
      isPrepared = true;
      void memory.choose();
    },
    cancel: () => {
      running?.control.abort();
      return running !== undefined;
    },
    state: () => ({
      reading: running !== undefined,
      ...(failure && { failure }),
      ...(progress && { progress }),
      ...(reader && { reader }),
      ...(cappedAt !== undefined && { cappedAt }),
    }),
    memory,
  };
}
