import { setTimeout as delay } from 'node:timers/promises';
import type { CoverageProgress } from '../../shared/domain/coverage.ts';
import { type ConnectionIndex, indexConnections } from '../../shared/domain/coverage-compare.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Failure } from '../../shared/lib/reading.ts';
import { ok, type Result } from '../../shared/lib/result.ts';
import type { NodeRunner } from '../probe/node-runner.ts';
import type { DumpTurns } from './dump-turns.ts';
import { type Entries, type EntryDump, readEntries } from './read-entries.ts';

/** One node of a comparison and what is dumped of it. `isSnapshot`: the dump shows the table as it was when it began. */
export interface DumpedNode {
  readonly key: string;
  readonly name: string;
  readonly runner: NodeRunner;
  readonly dump: EntryDump;
  readonly isSnapshot: boolean;
}

export interface SlaveTable {
  readonly held: ConnectionIndex;
  readonly unreadable: number;
  /** From the beginning of the master's first dump to the slave's, in seconds. */
  readonly seconds: number;
  /** How far the slave's dump and the master's second one lie apart, with how long they took. */
  readonly skewMs: number;
}

export interface Tables {
  readonly earlier: ConnectionIndex;
  readonly master: ConnectionIndex;
  readonly unreadable: number;
  /** When the master's second dump was read. */
  readonly observedAt: number;
  readonly slaves: ReadonlyMap<string, Result<SlaveTable, Failure>>;
}

export type OnStep = (step: CoverageProgress['step'], entries: number) => void;

/**
 * Reads the master, waits for as long as replication may take, reads every slave once and, as soon as their dumps have
 * begun, the master again. Whatever is in both of the master's tables was there, and old enough, when the slaves were read:
 * so what is missing needs no second dump of a cache to be sure.
 */
export async function readTables(
  master: DumpedNode,
  slaves: readonly DumpedNode[],
  settleMs: number,
  { turns, clock, onStep }: { turns: DumpTurns; clock: Clock; onStep: OnStep },
): Promise<Result<Tables, Failure>> {
  const read = ({ key, runner, dump }: DumpedNode, listener: Parameters<typeof readEntries>[3]) =>
    turns.take(key, () => readEntries(runner, dump, clock, listener));

  onStep('reading-master', 0);
  const first = await read(master, { onRows: (rows) => onStep('reading-master', rows) });
  if (!first.ok) return first;
  const earlier = indexConnections(first.value.rows);
  onStep('waiting', 0);
  await delay(settleMs);

  onStep('reading-both', 0);
  const reading = slaves.map((slave) => {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const ended = read(slave, slave.isSnapshot ? { onBegin: resolve } : {}).finally(resolve);
    return { name: slave.name, begun, ended };
  });
  await Promise.all(reading.map(({ begun }) => begun));
  const [second, ...held] = await Promise.all([
    read(master, { onRows: (rows) => onStep('reading-both', rows) }),
    ...reading.map(({ ended }) => ended),
  ]);
  if (!second.ok) return second;
  const tableOf = (entries: Entries): SlaveTable => ({
    held: indexConnections(entries.rows),
    unreadable: entries.unreadable,
    seconds: (entries.beganAt - first.value.beganAt) / 1000,
    skewMs: skewOf(second.value, entries),
  });
  return ok({
    earlier,
    master: indexConnections(second.value.rows),
    unreadable: second.value.unreadable,
    observedAt: middle(second.value),
    slaves: new Map(
      held.map((each, index) => [reading[index]?.name ?? '', each.ok ? ok(tableOf(each.value)) : each]),
    ),
  });
}

const middle = ({ beganAt, endedAt }: Entries): number => (beganAt + endedAt) / 2;

const skewOf = (one: Entries, other: Entries): number =>
  Math.round(
    Math.abs(middle(one) - middle(other)) +
      Math.max(one.endedAt - one.beganAt, other.endedAt - other.beganAt),
  );
