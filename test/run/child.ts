import { type ChildProcess, spawn } from 'node:child_process';

/** How a command ended. `status` is null where a signal ended it or it could not be started at all. */
export interface Ended {
  readonly status: number | null;
  /** Set where it was ended from here, with why. */
  readonly stopped?: 'interrupted' | 'past its limit';
}

export interface Options {
  readonly env: NodeJS.ProcessEnv;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** How long a suite may take to put things back after it was told to end. */
const GRACE_MS = 15_000;

/**
 * Runs a command in a process group of its own, its output going where this process's goes. When the signal aborts or
 * the limit passes, the whole group is told to end, and is killed when it does not.
 */
export function run(command: readonly string[], { env, limitMs, signal }: Options): Promise<Ended> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ status: null, stopped: 'interrupted' });
    const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
    let stopped: Ended['stopped'];
    let killing: NodeJS.Timeout | undefined;
    const stop = (why: NonNullable<Ended['stopped']>) => {
      if (stopped) return;
      stopped = why;
      endGroup(child, 'SIGTERM');
      killing = setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS);
    };
    const interrupt = () => stop('interrupted');
    const limit = setTimeout(() => stop('past its limit'), limitMs);
    const done = (status: number | null) => {
      clearTimeout(limit);
      clearTimeout(killing);
      signal.removeEventListener('abort', interrupt);
      // What it left running in its group (a crashed runner's workers, say) ends with it.
      endGroup(child, 'SIGKILL');
      resolve(stopped ? { status, stopped } : { status });
    };
    signal.addEventListener('abort', interrupt);
    child.on('exit', done);
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`);
      done(null);
    });
  });
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is empty: nothing of it is left to end.
  }
}
