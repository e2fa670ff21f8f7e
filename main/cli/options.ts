import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { err, ok, type Result } from '../../shared/lib/result.ts';

/** Reads a command's options strictly; the error is Node's own sentence, which names the option. */
export function readOptions<const T extends ParseArgsOptionsConfig>(argv: readonly string[], options: T) {
  try {
    return ok(parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return err(message) satisfies Result<never, string>;
  }
}
