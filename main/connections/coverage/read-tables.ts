import { setTimeout as delay } from 'node:timers/promises';
import type { CoverageProgress } from '../../../shared/domain/coverage.ts';
import type { Clock } from '../../../shared/lib/clock.ts';
import type { Failure } from '../../../shared/lib/reading.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { NodeRunner } from '../../probe/node-runner.ts';
import type { DumpTurns } from '../dump-turns.ts';
import type { KeyKind } from '../store/row-key.ts';
import type { Comparison } from './comparison.ts';
import type { Preparing } from './messages.ts';
import { type DumpListener, type EntryDump, type HeldDump, readDump } from './read-dump.ts';

/** One node of a comparison and what is dumped of it, as is known when it begins. `isSnapshot`: the dump shows the table as it was when it began. */
export interface DumpedNode {
  readonly cluster: string;
  readonly name: string;
  readonly runner: NodeRunner;
  readonly dump: () => Promise<EntryDump>;
  readonly isSnapshot: boolean;
}

export interface SlaveTable extends HeldDump {
  /** From the beginning of the master's first dump to the slave's, in seconds. */
  readonly seconds: number;
  /** How far the slave's dump and the master's second one lie apart, with how long they took. */
  readonly skewMs: number;
}

/** `earlier` and `master` are the master's two dumps, or the one, where it may be read only once. */
export interface Tables {
  readonly earlier: number;
  readonly master: number;
  /** Lines of the second that could not be read. */
  readonly unreadable: number;
  /** When the master's second dump was read. */
  readonly observedAt: number;
  readonly slaves: ReadonlyMap<string, Result<SlaveTable, Failure>>;
}

export type OnStep = (step: CoverageProgress['step'], entries: number) => void;

export interface ReadTools {
  readonly comparison: Comparison;
  readonly turns: DumpTurns;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onStep: OnStep;
  /** About how many connections the master has. */
  readonly expected: number;
  /** How connections of both are told to be the same. */
  readonly kind: KeyKind;
  /** How long (ms) a connection may take to be replicated. */
  readonly settleMs: number;
}

/**
 * Reads the master, waits for as long as replication may take, reads every slave once and, as soon as their dumps have
 * begun, the master again. Whatever is in both of the master's tables was there, and old enough, when the slaves were read:
 * so what is missing needs no second dump of a cache to be sure, which would cost the slave another fork of its daemon.
 */
export async function readTables(
  master: DumpedNode,
  slaves: readonly DumpedNode[],
  tools: ReadTools,
): Promise<Result<Tables, Failure>> {
  const { signal, onStep, settleMs } = tools;
  const read = reader(tools);
  onStep('reading-master', 0);
  const first = await read(master, 'sought', { onRows: (rows) => onStep('reading-master', rows) });
  if (!first.ok) return first;
  onStep('waiting', 0);
  await delay(settleMs, undefined, { signal });

  onStep('reading-both', 0);
  const reading = slaves.map((slave) => {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const listener = slave.isSnapshot ? { onBegin: resolve } : {};
    const ended = read(slave, 'met', listener).finally(resolve);
    // it is waited for only when all have begun
    ended.catch(() => undefined);
    return { name: slave.name, begun, ended };
  });
  await Promise.all(reading.map(({ begun }) => begun));
  const [second, ...held] = await Promise.all([
    read(master, 'base', { onRows: (rows) => onStep('reading-both', rows) }),
    ...reading.map(({ ended }) => ended),
  ]);
  if (!second.ok) return second;
  const tableOf = (dump: HeldDump): SlaveTable => ({
    ...dump,
    seconds: (dump.beganAt - first.value.beganAt) / 1000,
    skewMs: skewOf(second.value, dump),
  });
  return ok({
    earlier: first.value.dump,
    master: second.value.dump,
    unreadable: second.value.unreadable,
    observedAt: middle(second.value),
    slaves: new Map(
      held.map((each, index) => [reading[index]?.name ?? '', each.ok ? ok(tableOf(each.value)) : each]),
    ),
  });
}

/** Reads two tables at once, each only once, since neither may be read again so soon. */
export async function readOnce(
  base: DumpedNode,
  other: DumpedNode,
  tools: ReadTools,
): Promise<Result<Tables, Failure>> {
  const { onStep } = tools;
  const read = reader(tools);
  onStep('reading-both', 0);
  const [first, held] = await Promise.all([
    read(base, 'base', { onRows: (rows) => onStep('reading-both', rows) }),
    read(other, 'met', {}),
  ]);
  if (!first.ok) return first;
  const { dump, unreadable } = first.value;
  const table: Result<SlaveTable, Failure> = held.ok
    ? ok({
        ...held.value,
        seconds: Math.abs(held.value.beganAt - first.value.beganAt) / 1000,
        skewMs: skewOf(first.value, held.value),
      })
    : held;
  const slaves = new Map([[other.name, table]]);
  return ok({ earlier: dump, master: dump, unreadable, observedAt: middle(first.value), slaves });
}

/** Reads tables one after the other of each node, and numbers their dumps. */
function reader({ comparison, turns, clock, signal, expected, kind }: ReadTools) {
  let dumps = 0;
  return ({ cluster, name, runner, dump }: DumpedNode, use: Preparing['use'], listener: DumpListener) => {
    dumps += 1;
    const number = dumps;
    const options = { clock, expected, prepare: { kind, use }, signal, ...listener };
    return turns.take({ cluster, node: name }, async () =>
      readDump(comparison, number, runner, await dump(), options),
    );
  };
}

const middle = ({ beganAt, endedAt }: HeldDump): number => (beganAt + endedAt) / 2;

const skewOf = (one: HeldDump, other: HeldDump): number =>
  Math.round(
    Math.abs(middle(one) - middle(other)) +
      Math.max(one.endedAt - one.beganAt, other.endedAt - other.beganAt),
  );
