import type { SyncCommands } from '../agents/agent.ts';
import type { Command } from '../agents/command.ts';
import {
  memoryCommand,
  parseAvailableMemory,
  parseLargestProcess,
  parsePids,
  parseProcessors,
  processesCommand,
  processorsCommand,
} from '../agents/host/load.ts';
import type { NodeRunner } from '../probe/node-runner.ts';

const mebi = 2 ** 20;

/**
 * Why a node's cache must not be dumped now; undefined where it may. The dump's child runs at the daemon's real-time
 * priority, so one processor would stand still for it, and touches every object, so the daemon's memory is needed again.
 */
export async function cacheDumpDanger(
  runner: NodeRunner,
  { alive }: Pick<SyncCommands, 'alive'>,
): Promise<string | undefined> {
  const ask = async <T>(command: Command, parse: (stdout: string) => T): Promise<T | undefined> => {
    const answer = await runner.poll(command);
    // a child that ended meanwhile makes `cat` fail for its file alone
    return answer.ok ? parse(answer.value.stdout) : undefined;
  };
  const [processors, available, pids = []] = await Promise.all([
    ask(processorsCommand, parseProcessors),
    ask(memoryCommand, parseAvailableMemory),
    ask(alive, parsePids),
  ]);
  const size = pids.length === 0 ? undefined : await ask(processesCommand(pids), parseLargestProcess);
  if (processors === 1) return 'it has one processor, which a dump of the cache would take for itself';
  if (processors === undefined) return 'how many processors it has cannot be read';
  if (available === undefined || size === undefined)
    return 'whether it has memory enough for a dump of the cache cannot be read';
  const [free, need] = [Math.floor(available / mebi), Math.ceil((2 * size) / mebi)];
  return available < 2 * size
    ? `it has ${free} MiB of memory left, and a dump of the cache needs twice the daemon's, ${need} MiB`
    : undefined;
}
