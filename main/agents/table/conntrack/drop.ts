import type { Connection } from '../../../../shared/domain/connection.ts';
import { deleteWords } from '../../../../shared/domain/connection-delete.ts';
import { ok, type Result } from '../../../../shared/lib/result.ts';
import type { Command, CommandOutput } from '../../command.ts';
import { command } from '../../command.ts';

const conntrack = '/usr/sbin/conntrack';

/** Deletes one entry and nothing else, by its exact tuple and zone; or why there is no such command. */
export function dropCommand(connection: Connection): Result<Command, string> {
  const words = deleteWords(connection);
  if (!words.ok) return words;
  return ok(command([conntrack, ...words.value], { privileged: true, deadlineMs: 10_000 }));
}

/** What became of the entry; `conntrack -D` ends with 1 where there was none. */
export function readDropped({ exitCode, stderr }: CommandOutput): 'dropped' | 'already-gone' | 'failed' {
  const [, count] = /: (\d+) flow entries have been deleted/.exec(stderr) ?? [];
  if (count === '0') return 'already-gone';
  return exitCode === 0 && count !== undefined ? 'dropped' : 'failed';
}
