import type { Client } from 'ssh2';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Failure } from '../../shared/lib/reading.ts';
import { err, type Result } from '../../shared/lib/result.ts';
import type { Argv } from './poll-protocol.ts';

export interface CommandRequest {
  readonly argv: Argv;
  readonly stdin?: string;
  /** From the call to the result, waiting for the session and in the queue included. */
  readonly deadlineMs: number;
  /** Of output and errors together. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/** Text is decoded as UTF-8 with replacement. Times are milliseconds since the epoch, by our clock. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 + the signal's number where a signal ended the command, as a shell says it. */
  readonly exitCode: number;
  /** The earliest moment at which the node can have begun: sent, and the command before it on the channel done. */
  readonly sentAt: number;
  readonly endedAt: number;
}

/** One login that stands, until it is lost. */
export interface Link {
  readonly client: Client;
  readonly node: string;
  readonly clock: Clock;
  /** Called once when the link is lost; a listener takes itself out when it no longer cares. */
  readonly onLost: Set<(failure: Failure) => void>;
}

/** What may end a command before its answer does, and its promise's resolver. */
export interface Pending<T> {
  readonly promise: Promise<Result<T, Failure>>;
  /** The first call counts. */
  readonly settle: (result: Result<T, Failure>) => void;
}

/**
 * A promise that settles by itself at the deadline, on abort, and where `lost` says so. `onEarly` hears of the first two,
 * after the promise has settled, to stop what still runs.
 */
export function pending<T>(
  request: Pick<CommandRequest, 'argv' | 'signal'> & { readonly deadlineMs?: number },
  node: string,
  onEarly: (why: 'deadline' | 'abort') => void,
): Pending<T> {
  const { promise, resolve } = Promise.withResolvers<Result<T, Failure>>();
  const { argv, deadlineMs, signal } = request;
  let settled = false;
  const settle = (result: Result<T, Failure>) => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    resolve(result);
  };
  const early = (why: 'deadline' | 'abort', failure: Failure) => {
    if (settled) return;
    settle(err(failure));
    onEarly(why);
  };
  const abort = () => early('abort', calledOff(argv, node));
  const timer =
    deadlineMs === undefined
      ? undefined
      : setTimeout(() => early('deadline', missedDeadline(argv, node, deadlineMs)), deadlineMs);
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) queueMicrotask(abort);
  return { promise, settle };
}

const commandName = (argv: Argv): string => argv.join(' ').slice(0, 200);

export const missedDeadline = (argv: Argv, node: string, deadlineMs: number): Failure => ({
  kind: 'timed-out',
  message: `${commandName(argv)} on ${node} did not answer within ${deadlineMs / 1000} s.`,
});

export const heldUp = (argv: Argv, node: string): Failure => ({
  kind: 'timed-out',
  message: `${commandName(argv)} on ${node} stood behind a command that missed its deadline.`,
});

export const calledOff = (argv: Argv, node: string): Failure => ({
  kind: 'timed-out',
  message: `${commandName(argv)} on ${node} was called off before it answered.`,
});

export const tooLong = (argv: Argv, node: string, maxBytes: number): Failure => ({
  kind: 'unreadable',
  message: `${commandName(argv)} on ${node} printed more than ${maxBytes} bytes.`,
});

export const cutShort = (argv: Argv, node: string): Failure => ({
  kind: 'unreadable',
  message: `${commandName(argv)} on ${node} ended without an exit status.`,
});

export const noChannel = (node: string, why: string): Failure => ({
  kind: 'no-permission',
  message: `${node} let us in but would not run a command: ${why}.`,
  remedy:
    'The login needs a shell (getent passwd), no ForceCommand, and sshd a MaxSessions of 10 or more (sshd -T).',
});

/** No argv can hold a NUL, so no node can be sent one. */
export const cannotBeSent = (argv: Argv, node: string): Failure => ({
  kind: 'unreadable',
  message: `${commandName(argv).replaceAll('\0', '\\0')} cannot be sent to ${node}: a word of it holds a NUL.`,
});
