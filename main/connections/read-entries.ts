import type { Connection } from '../../shared/domain/connection.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Failure } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { Classify, TableAgent } from '../agents/agent.ts';
import type { Command } from '../agents/command.ts';
import type { NodeRunner } from '../probe/node-runner.ts';

/** Rows are objects until the columnar store comes: past this many they would not fit into memory. */
const maxRows = 500_000;

/** A dump of connections, and how its lines are read. */
export interface EntryDump {
  readonly command: Command;
  readonly parseLine: TableAgent['parseLine'];
  readonly classify: Classify;
}

export interface EntryListener {
  /** The dump has begun to answer. */
  readonly onBegin?: () => void;
  /** How many entries were read so far; once a piece of output. */
  readonly onRows?: (rows: number) => void;
}

/** What a dump held, and between which instants (ms, our clock) it was read. */
export interface Entries {
  readonly rows: readonly Connection[];
  /** Lines that could not be read. */
  readonly unreadable: number;
  readonly beganAt: number;
  readonly endedAt: number;
}

/** Runs a dump on a channel of its own and reads it line by line as it arrives. */
export async function readEntries(
  runner: NodeRunner,
  { command, parseLine, classify }: EntryDump,
  clock: Clock,
  { onBegin, onRows }: EntryListener = {},
): Promise<Result<Entries, Failure>> {
  const rows: Connection[] = [];
  const decoder = new TextDecoder();
  const stop = new AbortController();
  let rest = '';
  let unreadable = 0;
  let beganAt: number | undefined;
  const take = (line: string) => {
    const parsed = parseLine(line);
    if (!parsed.ok) unreadable += 1;
    else if (parsed.value) rows.push(parsed.value);
  };
  const begin = () => {
    if (beganAt !== undefined) return;
    beganAt = clock();
    onBegin?.();
  };
  const result = await runner.stream(
    command,
    (chunk) => {
      begin();
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
      onRows?.(rows.length);
      if (rows.length > maxRows) stop.abort();
    },
    stop.signal,
  );
  begin();
  if (rows.length > maxRows) {
    const message = `the table holds more than ${maxRows.toLocaleString('en')} connections, which is more than can be shown`;
    return err({ kind: 'unreadable', message });
  }
  if (!result.ok) return result;
  const failure = classify(command, { stdout: '', ...result.value }, runner.privileged);
  if (failure) return err(failure);
  if (rest !== '') take(rest);
  const endedAt = clock();
  return ok({ rows, unreadable, beganAt: beganAt ?? endedAt, endedAt });
}
