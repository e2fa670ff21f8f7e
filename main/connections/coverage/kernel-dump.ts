import type { Clock } from '../../../shared/lib/clock.ts';
import type { TableAgent, TableDump } from '../../agents/agent.ts';
import type { NodeRunner } from '../../probe/node-runner.ts';
import { type ReaderMemory, readerMemory } from '../reading/reader-memory.ts';
import type { EntryDump } from './read-dump.ts';

/**
 * The quickest dump of the kernel's table that a node offers to its login. `timestamps`: with the age of each entry, where
 * the kernel keeps it, which its own messages tell in any case.
 */
export type KernelDump = (
  runner: NodeRunner,
  table: TableAgent,
  options?: TableDump,
) => () => Promise<EntryDump>;

/** What a node offers is remembered as long as its session's runner is. */
export function kernelDumps(clock: Clock): KernelDump {
  const memories = new WeakMap<NodeRunner, ReaderMemory>();
  return (runner, { reading, commands, classify }, options) => {
    const memory = memories.get(runner) ?? readerMemory(runner, reading, clock);
    memories.set(runner, memory);
    const dump = async (): Promise<EntryDump> => {
      const { way } = await memory.choose();
      return {
        command: way.kind === 'netlink' ? way.command({}) : commands.dump(options),
        classify,
        format: way.kind,
        instead: async ({ message }) => {
          memory.failed(way, message);
          const next = await memory.choose();
          return next.way === way ? undefined : dump();
        },
      };
    };
    return dump;
  };
}
