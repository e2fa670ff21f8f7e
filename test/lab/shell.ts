import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly input?: string;
  /** Milliseconds until the command is killed; 30,000 unless told. */
  readonly timeout?: number;
  /** This process's own unless told. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program without a shell. A program that cannot be started or is killed is an error; a non-zero exit is not. */
export function run(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('no program given');
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      timeout: options.timeout ?? 30_000,
      killSignal: 'SIGKILL',
      ...(options.env && { env: options.env }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => {}); // a program that does not read its input is no failure
    child.stdin.end(options.input ?? '');
    child.on('error', reject);
    // `exit` and not `close` would lose output; a daemon that keeps the pipes open would hold `close` back,
    // so the services of a node are started with their output closed.
    child.on('close', (code, signal) => {
      if (code === null) reject(new Error(`${argv.join(' ')} was ended by ${signal}`));
      else
        resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}

/** As `run`, but a non-zero exit is an error that carries what the program said. */
export async function must(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await run(argv, options);
  if (result.code !== 0) {
    throw new Error(
      `${argv.join(' ')} ended with ${result.code}: ${(result.stderr || result.stdout).trim()}`,
    );
  }
  return result.stdout;
}

/**
 * Asks until the answer is not undefined; past the deadline it throws what it was waiting for. Mostly a program is started
 * for each question: what asks more often is what the others wait for.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  timeout = 20_000,
  pause = 200,
): Promise<T> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline)
      throw new Error(`gave up after ${timeout / 1000} s waiting for ${what}`);
    await delay(pause);
  }
}
