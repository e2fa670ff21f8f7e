import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import type { ClientChannel } from 'ssh2';
import type { Failure } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import {
  type CommandRequest,
  type CommandResult,
  cutShort,
  type Link,
  noChannel,
  pending,
  tooLong,
} from './link.ts';
import { AnswerReader } from './poll-answers.ts';
import { type Argv, encodeExec } from './poll-protocol.ts';

/** Bytes that a login may say before a channel begins. */
export const noiseAllowed = 1 << 20;

export interface StreamResult {
  readonly stderr: string;
  readonly exitCode: number;
  readonly bytes: number;
}

/** Runs a command on a channel of its own and keeps its output. */
export async function execOn(link: Link, request: CommandRequest): Promise<Result<CommandResult, Failure>> {
  const chunks: Uint8Array[] = [];
  const sentAt = link.clock();
  const result = await streamOn(link, request, (chunk) => {
    chunks.push(chunk);
  });
  if (!result.ok) return result;
  const { stderr, exitCode } = result.value;
  return ok({ stdout: textOf(chunks), stderr, exitCode, sentAt, endedAt: link.clock() });
}

/**
 * Runs a command on a channel of its own and hands on its output as it comes. While `onChunk`'s promise is open nothing
 * more is handed on, and beyond two windows of 2 MB the node waits. What `onChunk` throws is thrown to the caller.
 * `onErrors` hears what comes on stderr as it comes, for a command that warns and goes on.
 */
export async function streamOn(
  link: Link,
  request: CommandRequest,
  onChunk: (chunk: Uint8Array) => void | Promise<void>,
  onErrors?: (text: string) => void,
): Promise<Result<StreamResult, Failure>> {
  const { argv, maxBytes } = request;
  const errors: Uint8Array[] = [];
  let bytes = 0;
  let heard = 0;
  let thrown: { readonly error: unknown } | undefined;
  const command = pending<StreamResult>(request, link.node, () => running.stop());
  const giveUp = (result: Result<StreamResult, Failure>) => {
    command.settle(result);
    running.stop();
  };
  const withinCap = (chunk: Uint8Array): boolean => {
    heard += chunk.length;
    if (heard > maxBytes) giveUp(err(tooLong(argv, link.node, maxBytes)));
    return heard <= maxBytes;
  };
  const nonce = randomBytes(16).toString('hex');
  const login = new AnswerReader(nonce);
  let greeted = false;
  /** What is behind the login's own words, which may be in several chunks. */
  const output = (chunk: Uint8Array): Uint8Array => {
    if (greeted) return chunk;
    greeted = login.push(chunk).length > 0;
    if (!greeted && login.held.length > noiseAllowed) giveUp(err(tooLong(argv, link.node, noiseAllowed)));
    return greeted ? login.held : nothing;
  };
  let handing: Promise<void> = Promise.resolve();
  const running = runOn(link, encodeExec(argv, nonce), {
    stdin: request.stdin,
    onStdout: (heard) => {
      const chunk = output(heard);
      if (chunk.length === 0 || !withinCap(chunk)) return;
      bytes += chunk.length;
      try {
        const busy = onChunk(chunk);
        if (!busy) return;
        running.pause();
        handing = busy.then(running.resume, failHanding);
      } catch (error) {
        failHanding(error);
      }
    },
    onStderr: (chunk) => {
      if (!withinCap(chunk)) return;
      errors.push(chunk);
      onErrors?.(textOf([chunk]));
    },
    onEnd: (end) => {
      void handing.then(() => {
        if (!end.ok) command.settle(end);
        else if (!greeted)
          command.settle(err(noChannel(link.node, lastWords(textOf(errors), textOf([login.held])))));
        else if (end.value === undefined) command.settle(err(cutShort(argv, link.node)));
        else command.settle(ok({ stderr: textOf(errors), exitCode: end.value, bytes }));
      });
    },
  });
  const failHanding = (error: unknown) => {
    thrown ??= { error };
    giveUp(err(cutShort(argv, link.node)));
  };
  const result = await command.promise;
  if (thrown) throw thrown.error;
  return result;
}

interface RunEvents {
  /** Sent and ended. Without it stdin stays open, for `write`, and because sshd takes signals only while it is. */
  readonly stdin?: string | undefined;
  readonly onStdout: (chunk: Uint8Array) => void;
  readonly onStderr: (chunk: Uint8Array) => void;
  /** Once, unless stopped: the exit status (undefined if the node gave none), or why the command could not run. */
  readonly onEnd: (end: Result<number | undefined, Failure>) => void;
}

export interface Running {
  readonly pause: () => void;
  readonly resume: () => void;
  /** Ends the command on the node too, as far as the login may signal it. Nothing is heard of it any more. */
  readonly stop: () => void;
  /** Text for the command's stdin, which stays open. */
  readonly write: (text: string) => void;
}

/** A command on a channel of its own: the lowest step, without deadline or cap. */
export function runOn(link: Link, command: Argv | string, events: RunEvents): Running {
  let channel: ClientChannel | undefined;
  let over = false;
  let written = '';
  let status: number | undefined;

  const end = (result: Result<number | undefined, Failure>) => {
    if (over) return;
    over = true;
    link.onLost.delete(lost);
    events.onEnd(result);
  };
  const lost = (failure: Failure) => end(err(failure));
  const stop = () => {
    over = true;
    link.onLost.delete(lost);
    if (channel) abandon(channel);
  };
  link.onLost.add(lost);

  const onOpen = (error: Error | undefined, opened: ClientChannel) => {
    if (error) return end(err(noChannel(link.node, error.message)));
    if (over) return abandon(opened);
    channel = opened;
    opened.on('data', (chunk: Buffer) => over || events.onStdout(chunk));
    opened.stderr.on('data', (chunk: Buffer) => over || events.onStderr(chunk));
    opened.on('exit', (code: number | null, signal?: string) => {
      status = code ?? 128 + (Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0);
    });
    opened.on('error', () => end(ok(undefined)));
    opened.on('close', () => end(ok(status)));
    if (events.stdin !== undefined) opened.end(events.stdin);
    else if (written) opened.write(written);
  };
  try {
    link.client.exec(typeof command === 'string' ? command : encodeExec(command), onOpen);
  } catch {
    // The socket is going down: `onLost` is about to say why.
  }

  return {
    pause: () => channel?.pause(),
    resume: () => over || channel?.resume(),
    stop,
    write: (text) => {
      if (channel) channel.write(text);
      else written += text;
    },
  };
}

/** OpenSSH leaves a command running when its channel closes: it is signalled first, and its output drained. */
function abandon(channel: ClientChannel): void {
  channel.on('error', () => {});
  channel.resume();
  channel.stderr.resume();
  channel.signal('TERM');
  channel.close();
}

const nothing = new Uint8Array();

/** What a login that has no shell says before it closes the door. */
export const lastWords = (...streams: readonly string[]): string =>
  streams.map((text) => text.trim().split('\n').at(-1)).find((line) => line) ?? 'its shell ended at once';

const textOf = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString('utf8');
