import type { InterfaceAddress } from '../../shared/domain/takeover.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Failure, Reading } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { Classify, TableAgent, TakeoverCommands } from '../agents/agent.ts';
import { classifyFailure as classifyWith } from '../agents/classify.ts';
import type { Command } from '../agents/command.ts';
import { clockCommand, modifiedCommand, parseSeconds } from '../agents/host/commands.ts';
import { networkCommands, parseAddresses } from '../agents/network/index.ts';
import { instantOf, type NodeRunner, readingFrom, unreadable } from './node-runner.ts';

const network = networkCommands();
const classifyFailure: Classify = (command, output, asRoot) => classifyWith(command, output, asRoot, []);

/** The readings that need no daemon: addresses, the kernel's table, the clock, the handover file. */
export interface HostReader {
  readonly addresses: () => Promise<Reading<InterfaceAddress[]>>;
  readonly connections: () => Promise<Reading<number>>;
  readonly connectionsMax: () => Promise<Reading<number>>;
  readonly clockOffset: () => Promise<Reading<number>>;
  readonly handoverFile: (file: string) => Promise<Reading<{ value: number; since: number }>>;
}

export function hostReader(
  runner: NodeRunner,
  table: TableAgent,
  takeover: TakeoverCommands,
  clock: Clock,
): HostReader {
  const read = async <T>(
    command: Command,
    parse: (stdout: string) => Result<T, Failure>,
  ): Promise<Reading<T>> =>
    readingFrom(runner, command, await runner.poll(command), classifyFailure, parse, clock());

  const addresses = readOnce((text) => unreadable(parseAddresses(text), 'the addresses'));

  return {
    addresses: () => read(network.addresses, addresses),
    connections: () =>
      read(table.commands.count, (text) =>
        wholeLine(text, unreadable(table.parseCount(text), 'the number of connections')),
      ),
    connectionsMax: () =>
      read(table.commands.limit, (text) =>
        wholeLine(text, unreadable(table.parseCount(text), 'the size of the table')),
      ),
    clockOffset: async () => {
      const answer = await runner.poll(clockCommand);
      const ours = answer.ok ? instantOf(answer.value) : clock();
      return readingFrom(
        runner,
        clockCommand,
        answer,
        classifyFailure,
        (text) => {
          const theirs = parseSeconds(text);
          return wholeLine(text, theirs === undefined ? err(notSeconds('the clock')) : ok(theirs - ours));
        },
        clock(),
      );
    },
    handoverFile: async (file) => {
      const [value, since] = await Promise.all([
        read(takeover.readLever(file), integer),
        read(modifiedCommand(file), (text) => {
          const at = parseSeconds(text);
          return at === undefined ? err(notSeconds(`when ${file} was written`)) : ok(at);
        }),
      ]);
      if (!value.ok) return value;
      if (!since.ok) return since;
      return { ...value, value: { value: value.value, since: since.value } };
    },
  };
}

/** Of a text that is nearly always that of the reading before: what was read of that stands. */
function readOnce<T>(parse: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly read: T } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, read: parse(text) };
    return last.read;
  };
}

/** A number that lost its end is another number, and without the end of its line nothing tells. */
const wholeLine = <T>(text: string, parsed: Result<T, Failure>): Result<T, Failure> =>
  parsed.ok && !text.endsWith('\n')
    ? err({ kind: 'unreadable', message: `the answer ${text.trim()} broke off before the end of its line` })
    : parsed;

const notSeconds = (what: string): Failure => ({
  kind: 'unreadable',
  message: `cannot read ${what}: expected seconds since the epoch`,
});

function integer(text: string): Result<number, Failure> {
  const match = /^\s*(-?\d+)\s*$/.exec(text);
  return match
    ? ok(Number(match[1]))
    : err({ kind: 'unreadable', message: 'cannot read the track file: expected one integer' });
}
