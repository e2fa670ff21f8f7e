import { type ChildProcess, spawn } from 'node:child_process';

/** `argv`: the program and its arguments, as they are; no shell ever sees them. */
export interface HookCommand {
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
}

export interface HookRun {
  /** Why the command failed, as the end of a sentence; undefined when it ended with status 0. Never rejects. */
  readonly ended: Promise<string | undefined>;
  readonly kill: () => void;
}

/**
 * Runs the command once with `input` and a line end on its standard input. Its output is dropped; its errors go where
 * this program's own go, because they may hold what must not be shown to everybody.
 */
export function startHook({ argv: [program, ...words], timeoutMs }: HookCommand, input: string): HookRun {
  const { promise: ended, resolve } = Promise.withResolvers<string | undefined>();
  let child: ChildProcess;
  try {
    // A group of its own, so that what it started ends with it.
    child = spawn(program, words, {
      stdio: ['pipe', 'ignore', 'inherit'],
      shell: false,
      detached: process.platform !== 'win32',
    });
  } catch (cause) {
    return { ended: Promise.resolve(`it cannot be started: ${textOf(cause)}`), kill: () => undefined };
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(child);
  }, timeoutMs);
  const finish = (failure: string | undefined) => {
    clearTimeout(timer);
    resolve(failure);
  };
  child.on('error', (cause) => finish(`it cannot be started: ${cause.message}`));
  child.on('exit', (status, signal) => {
    if (late) finish(`it did not end within ${timeoutMs / 1000} s and was killed`);
    else if (signal) finish(`it was ended by ${signal}`);
    else finish(status === 0 ? undefined : `it ended with status ${status}`);
  });
  // A command need not read what it is told.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(`${input}\n`);
  return { ended, kill: () => killGroup(child) };
}

function killGroup(child: ChildProcess): void {
  try {
    if (process.platform === 'win32' || child.pid === undefined) child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself at this moment.
  }
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
