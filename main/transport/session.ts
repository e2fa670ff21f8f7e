import { systemClock } from '../../shared/lib/clock.ts';
import type { Failure } from '../../shared/lib/reading.ts';
import { err, type Result } from '../../shared/lib/result.ts';
import { execOn, type StreamResult, streamOn } from './channel.ts';
import { dial } from './dial.ts';
import { closedByUs } from './failures.ts';
import type { OpenedKeys } from './identity.ts';
import {
  type CommandRequest,
  type CommandResult,
  calledOff,
  cannotBeSent,
  type Link,
  missedDeadline,
} from './link.ts';
import { type PollChannel, pollChannel } from './poll-channel.ts';
import { initialSession, nextSession, type SessionEvent, type SessionState } from './session-state.ts';
import { nodeOf, type SessionOptions, type SshTarget } from './target.ts';
import { watchOn } from './watch.ts';

export type { CommandRequest, CommandResult } from './link.ts';
export type { SessionState } from './session-state.ts';
export type { SessionOptions, SshTarget } from './target.ts';

/**
 * One node's SSH session: it connects by itself and comes back by itself. No call throws or rejects for what a node or a
 * network does. While the session first connects, calls wait within their deadline; while it is down, they fail at once
 * with the reason.
 */
export interface NodeSession {
  readonly state: SessionState;
  /** Hears every change; answers with the unsubscriber. */
  onState(listener: (state: SessionState) => void): () => void;
  /** On the one long-lived poll channel, in order (with stdin: like exec). Only to read: it may be sent twice. */
  poll(request: CommandRequest): Promise<Result<CommandResult, Failure>>;
  /**
   * A further channel like the poll's, until it is closed: what runs there delays no poll. Undefined while down. With
   * `reader` what is asked there is not run by the shell but told to that program, which runs what it knows.
   */
  lane(reader?: CommandRequest['argv']): PollChannel | undefined;
  /** On a channel of its own, sent once. */
  exec(request: CommandRequest): Promise<Result<CommandResult, Failure>>;
  /** On a channel of its own, output handed on as it comes, the node slowed to the pace of `onChunk`. */
  stream(
    request: CommandRequest,
    onChunk: (chunk: Uint8Array) => void | Promise<void>,
    onErrors?: (text: string) => void,
  ): Promise<Result<StreamResult, Failure>>;
  /** Runs until stopped by what it answers with, or until `onEnd`, which is never called at once nor after the stop. */
  watch(
    request: Pick<CommandRequest, 'argv'>,
    onLine: (line: string) => void,
    onEnd: (failure: Failure | undefined) => void,
  ): () => void;
  /** An operator's "try again now", also out of `stopped`. */
  reconnect(): void;
  /** Settles all that is pending. */
  close(): void;
}

interface Connection {
  readonly link: Link;
  readonly polls: PollChannel;
}

export function openSession(target: SshTarget, options: SessionOptions = {}): NodeSession {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const node = nodeOf(target);
  const openedKeys: OpenedKeys = new Map();
  const listeners = new Set<(state: SessionState) => void>();
  const awaiting = new Set<() => void>();
  let machine = initialSession;
  let connection: Connection | undefined;
  let hangUp = () => {};
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  const apply = (event: SessionEvent) => {
    const before = machine.state;
    machine = nextSession(machine, event);
    const { state } = machine;
    if (state === before) return;
    clearTimeout(retryTimer);
    if (state.kind === 'connecting') start();
    if (state.kind === 'waiting')
      retryTimer = setTimeout(() => apply({ kind: 'retry' }), Math.max(0, state.retryAt - clock()));
    for (const wake of [...awaiting]) wake();
    for (const listener of [...listeners]) listener(state);
  };
  const drop = (failure: Failure) => {
    const lost = connection?.link.onLost ?? new Set();
    connection = undefined;
    for (const listener of [...lost]) listener(failure);
  };
  const start = () => {
    hangUp = dial(target, options, openedKeys, {
      onReady: (client) => {
        const link: Link = { client, node, clock, onLost: new Set() };
        connection = { link, polls: pollChannel(link) };
        apply({ kind: 'ready', at: clock() });
      },
      onLost: (failure) => {
        drop(failure);
        apply({ kind: 'lost', failure, at: clock(), random: random() });
      },
    });
  };

  /** Why there is nothing to wait for; undefined while the first attempt is under way. */
  const standing = (): Failure | undefined => {
    const { state } = machine;
    if (state.kind === 'closed') return closedByUs(target);
    return state.kind === 'connected' ? undefined : machine.lastFailure;
  };

  const run = async <T>(
    request: CommandRequest,
    act: (connection: Connection, request: CommandRequest) => Promise<Result<T, Failure>>,
  ): Promise<Result<T, Failure>> => {
    const { argv, deadlineMs, signal } = request;
    if (argv.some((word) => word.includes('\0'))) return err(cannotBeSent(argv, node));
    if (signal?.aborted) return err(calledOff(argv, node));
    if (connection) return act(connection, request);
    const calledAt = performance.now();
    if (!standing()) await firstAttempt(deadlineMs, signal);
    if (signal?.aborted) return err(calledOff(argv, node));
    if (!connection) return err(standing() ?? missedDeadline(argv, node, deadlineMs));
    return act(connection, { ...request, deadlineMs: deadlineMs - (performance.now() - calledAt) });
  };
  /** Until the state changes, the deadline passes or the caller calls it off. */
  const firstAttempt = (deadlineMs: number, signal: AbortSignal | undefined) =>
    new Promise<void>((resolve) => {
      const done = () => {
        awaiting.delete(done);
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, deadlineMs);
      awaiting.add(done);
      signal?.addEventListener('abort', done);
    });

  start();
  return {
    get state() {
      return machine.state;
    },
    onState: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    poll: (request) =>
      run(request, ({ link, polls }, within) =>
        within.stdin === undefined ? polls.poll(within) : execOn(link, within),
      ),
    lane: (reader) => connection && pollChannel(connection.link, reader),
    exec: (request) => run(request, ({ link }, within) => execOn(link, within)),
    stream: (request, onChunk, onErrors) =>
      run(request, ({ link }, within) => streamOn(link, within, onChunk, onErrors)),
    watch: ({ argv }, onLine, onEnd) => {
      if (connection) return watchOn(connection.link, argv, onLine, onEnd);
      const failure = standing() ?? notConnected(node);
      const timer = setImmediate(() => onEnd(failure));
      return () => clearImmediate(timer);
    },
    reconnect: () => apply({ kind: 'reconnect' }),
    close: () => {
      hangUp();
      drop(closedByUs(target));
      openedKeys.clear();
      apply({ kind: 'close' });
      listeners.clear();
    },
  };
}

const notConnected = (node: string): Failure => ({
  kind: 'unreachable',
  message: `There is no session to ${node} yet.`,
});
