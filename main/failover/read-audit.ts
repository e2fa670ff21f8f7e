import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { AuditEntry } from './audit-log.ts';

/** A line of the audit log as it is read back. `at`: ms since the epoch; `by`: user@host; `number`: where it begins in the file. */
export interface AuditLine extends Omit<AuditEntry, 'kind'> {
  readonly kind: string;
  readonly at: number;
  readonly by: string;
  readonly number: number;
}

/** So much of the end of the file is read at first, and at most at a time. */
const mostBytes = 4 << 20;

/** Reads what has been added to the audit log of `stateDir` since the last call; a file that began anew is read from its start. */
export function auditReader(stateDir: string): () => Promise<Result<AuditLine[], string>> {
  const file = join(stateDir, 'audit.log');
  let inode = 0;
  let position = 0;
  return async () => {
    try {
      const handle = await open(file, 'r');
      try {
        const { size, ino } = await handle.stat();
        if (ino !== inode || size < position) position = Math.max(0, size - mostBytes);
        const isCut = position > 0 && ino !== inode;
        inode = ino;
        const { buffer, bytesRead } = await handle.read({
          buffer: Buffer.alloc(Math.min(mostBytes, size - position)),
          position,
        });
        const bytes = buffer.subarray(0, bytesRead);
        const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
        let start = position;
        position += whole.length;
        const lines = whole.toString('utf8').split('\n').slice(0, -1);
        return ok(
          lines.flatMap((text, index) => {
            const number = start;
            start += Buffer.byteLength(text) + 1;
            return isCut && index === 0 ? [] : lineOf(text, number);
          }),
        );
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ok([]);
      return err(error instanceof Error ? error.message : String(error));
    }
  };
}

/** A line that cannot be read, as the end of one whose writer was killed, is left out. */
function lineOf(text: string, number: number): AuditLine[] {
  const line = jsonOf(text);
  if (typeof line !== 'object' || line === null) return [];
  const { at, who, kind, cluster, planId, ...rest } = line as Record<string, unknown>;
  const time = Date.parse(String(at));
  if (Number.isNaN(time) || typeof kind !== 'string' || typeof cluster !== 'string') return [];
  const { user = '', host = '' } = (who ?? {}) as { user?: unknown; host?: unknown };
  const { command } = rest;
  return [
    {
      ...{ kind, cluster, at: time, number, planId: String(planId ?? '') },
      by: user === '' ? '' : `${user}@${host}`,
      ...Object.fromEntries(
        ['runId', 'node', 'stdin', 'outcome', 'detail'].flatMap((name) =>
          typeof rest[name] === 'string' ? [[name, rest[name]]] : [],
        ),
      ),
      ...(Array.isArray(command) && { command: command.map(String) }),
    },
  ];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
