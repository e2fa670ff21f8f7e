import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import {
  type CommandRequest,
  type NodeSession,
  openSession,
  type SessionOptions,
  type SessionState,
  type SshTarget,
} from '../../../main/transport/session.ts';
import type { Failure } from '../../../shared/lib/reading.ts';
import type { Result } from '../../../shared/lib/result.ts';

/** A request with room to spare; a test that is about a limit sets its own. */
export const ask = (argv: CommandRequest['argv'], limits: Partial<CommandRequest> = {}): CommandRequest => ({
  argv,
  deadlineMs: 10_000,
  maxBytes: 1 << 16,
  ...limits,
});
export const sh = (script: string, limits?: Partial<CommandRequest>): CommandRequest =>
  ask(['sh', '-c', script], limits);

export function resultOf<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(`${result.error.kind}: ${result.error.message}`);
  return result.value;
}

export function failureOf<T>(result: Result<T, Failure>): Failure {
  expect(result).toMatchObject({ ok: false });
  if (result.ok) throw new Error('it worked');
  return result.error;
}

/** Resolves with the first state, the present one included, that is of this kind. */
export function stateOf<K extends SessionState['kind']>(
  session: NodeSession,
  kind: K,
): Promise<Extract<SessionState, { kind: K }>> {
  const isWanted = (state: SessionState): state is Extract<SessionState, { kind: K }> => state.kind === kind;
  return new Promise((resolve) => {
    if (isWanted(session.state)) return resolve(session.state);
    const off = session.onState((state) => {
      if (!isWanted(state)) return;
      off();
      resolve(state);
    });
  });
}

/** Runs with a session that is closed afterwards. */
export async function withSession<T>(
  target: SshTarget,
  options: SessionOptions,
  run: (session: NodeSession) => Promise<T>,
): Promise<T> {
  const session = openSession(target, options);
  try {
    return await run(session);
  } finally {
    session.close();
  }
}

/** Until a condition that has no event of its own holds, looked at often; fails after five seconds. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const running = (pid: number): boolean => existsSync(`/proc/${pid}`);
