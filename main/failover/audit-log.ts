import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../shared/lib/clock.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';

/**
 * One line of the audit log. `intent` stands before an effect, `outcome` after it; `command` and `stdin` are exactly
 * what is sent. Nothing here is ever secret.
 */
export interface AuditEntry {
  readonly kind: 'plan' | 'execute' | 'intent' | 'outcome' | 'abort' | 'end';
  readonly cluster: string;
  readonly planId: string;
  readonly runId?: string;
  readonly node?: string;
  readonly command?: readonly string[];
  readonly stdin?: string;
  readonly outcome?: string;
  readonly detail?: string;
}

/** Appends one line and answers when it is on the disk; an error says why it is not. */
export type Audit = (entry: AuditEntry) => Promise<Result<void, string>>;

/**
 * The audit log in `stateDir`: JSON lines `{at, who:{user,uid,host}, …entry}`, only ever appended to, readable by its
 * owner alone. Opened anew for each line, so that rotation and removal are met with a new file and not with silence.
 * Behind half a line, which a full disk or a killed writer left, the next one begins on a line of its own.
 */
export function openAuditLog(stateDir: string, clock: Clock): Audit {
  const file = join(stateDir, 'audit.log');
  const { username: user, uid } = userInfo();
  const who = { user, uid, host: hostname() };
  return async (entry) => {
    const line = `${JSON.stringify({ at: new Date(clock()).toISOString(), who, ...entry })}\n`;
    try {
      await mkdir(stateDir, { recursive: true, mode: 0o700 });
      const handle = await open(file, 'a+', 0o600);
      try {
        await handle.chmod(0o600);
        await handle.appendFile(`${(await endsInLine(handle)) ? '' : '\n'}${line}`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      return ok(undefined);
    } catch (error) {
      return err(error instanceof Error ? error.message : String(error));
    }
  };
}

async function endsInLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const { buffer } = await handle.read({ buffer: Buffer.alloc(1), position: size - 1 });
  return buffer.toString() === '\n';
}
