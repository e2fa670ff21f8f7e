import type { Clock } from '../../shared/lib/clock.ts';
import type { Failure } from '../../shared/lib/reading.ts';
import { ok, type Result } from '../../shared/lib/result.ts';
import type { TableAgent } from '../agents/agent.ts';
import type { NodeRunner } from '../probe/node-runner.ts';
import type { TableContent } from './connection-table.ts';
import { type EntryDump, readEntries } from './read-entries.ts';

export const kernelDump = ({ commands, parseLine, classify }: TableAgent): EntryDump => ({
  command: commands.dump(),
  parseLine,
  classify,
});

/** Dumps a node's kernel table. */
export async function readTable(
  runner: NodeRunner,
  table: TableAgent,
  clock: Clock,
): Promise<Result<TableContent, Failure>> {
  const observedAt = clock();
  const read = await readEntries(runner, kernelDump(table), clock);
  if (!read.ok) return read;
  const { rows, unreadable } = read.value;
  return ok({ rows, observedAt, unreadable });
}
