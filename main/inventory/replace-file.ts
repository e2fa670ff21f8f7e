import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../../shared/lib/result.ts';

/** `changed`: somebody else wrote the file since it was read, so nothing was written. */
export type ReplaceError =
  | { readonly kind: 'changed' }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Puts `after` in the place of `before` (undefined: there was no file), whole or not at all: a reader never sees half
 * a file. Mode, owner and a symbolic link to the file stay; a new file is its owner's alone.
 */
export function replaceFile(
  path: string,
  before: string | undefined,
  after: string,
): Result<void, ReplaceError> {
  let temporary: string | undefined;
  try {
    const target = before === undefined ? path : realpathSync(path);
    if (before === undefined) mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    const old = before === undefined ? undefined : statSync(target);
    temporary = join(dirname(target), `.handover-${process.pid}-${Date.now()}.tmp`);
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(file, after);
      if (old && (old.uid !== process.getuid?.() || old.gid !== process.getgid?.()))
        fchownSync(file, old.uid, old.gid);
      if (old) fchmodSync(file, old.mode & 0o7777);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (current(target) !== before) return err({ kind: 'changed' });
    renameSync(temporary, target);
    temporary = undefined;
    return ok(undefined);
  } catch (error) {
    return err({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  } finally {
    if (temporary !== undefined) rmSync(temporary, { force: true });
  }
}

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
