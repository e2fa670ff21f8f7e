import type { Connection } from '../../shared/domain/connection.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Failure } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { TableAgent } from '../agents/agent.ts';
import type { NodeRunner } from '../probe/node-runner.ts';
import type { TableContent } from './connection-table.ts';

/** Rows are objects until the columnar store comes: past this many they would not fit into memory. */
const maxRows = 500_000;

/** Dumps a node's table on a channel of its own and reads it line by line as it arrives. */
export async function readTable(
  runner: NodeRunner,
  table: TableAgent,
  clock: Clock,
): Promise<Result<TableContent, Failure>> {
  const rows: Connection[] = [];
  const decoder = new TextDecoder();
  const stop = new AbortController();
  let rest = '';
  let unreadable = 0;
  const take = (line: string) => {
    const parsed = table.parseLine(line);
    if (!parsed.ok) unreadable += 1;
    else if (parsed.value) rows.push(parsed.value);
  };
  const observedAt = clock();
  const command = table.commands.dump();
  const result = await runner.stream(
    command,
    (chunk) => {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
      if (rows.length > maxRows) stop.abort();
    },
    stop.signal,
  );
  if (rows.length > maxRows) {
    const message = `the table holds more than ${maxRows.toLocaleString('en')} connections, which is more than can be shown`;
    return err({ kind: 'unreadable', message });
  }
  if (!result.ok) return result;
  const failure = table.classify(command, { stdout: '', ...result.value }, runner.privileged);
  if (failure) return err(failure);
  if (rest !== '') take(rest);
  return ok({ rows, observedAt, unreadable });
}
