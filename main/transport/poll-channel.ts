import { randomBytes } from 'node:crypto';
import type { Failure } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { lastWords, noiseAllowed, type Running, runOn } from './channel.ts';
import {
  type CommandRequest,
  type CommandResult,
  calledOff,
  cutShort,
  heldUp,
  type Link,
  noChannel,
  type Pending,
  pending,
  tooLong,
} from './link.ts';
import { type Answer, AnswerReader } from './poll-answers.ts';
import { type Argv, encodeExec, encodePollLine, encodeReaderLine, pollShell } from './poll-protocol.ts';

/** A long-lived channel of a link. Commands are pipelined and answered in order; they must only read. */
export interface PollChannel {
  readonly poll: (request: CommandRequest) => Promise<Result<CommandResult, Failure>>;
  /** Ends the shell on the node; what is still to be answered is called off. */
  readonly close: () => void;
}

type Stream = 'stdout' | 'stderr';

interface Slot {
  readonly request: CommandRequest;
  readonly command: Pending<CommandResult>;
  /** Its caller has a result already: what the node still answers is dropped. */
  settled: boolean;
  sequence: number;
  sentAt: number;
  stdout: Answer | undefined;
  stderr: Answer | undefined;
}

interface Shell {
  readonly running: Running;
  readonly nonce: string;
  greeted: boolean;
  /** The sequence number of the next line. */
  next: number;
  /** Lines that go out with the end of the current turn. */
  readonly outbox: string[];
}

/**
 * The shell is opened by the first command, and again by the first one after it was given up. `reader`: a program that
 * takes the shell's place, and runs what it knows alone.
 */
export function pollChannel(link: Link, reader?: Argv): PollChannel {
  const encode = reader ? encodeReaderLine : encodePollLine;
  /** In order of sending; the first one is running on the node. */
  let slots: Slot[] = [];
  let shell: Shell | undefined;

  const settle = (slot: Slot, result: Result<CommandResult, Failure>) => {
    slot.settled = true;
    slot.command.settle(result);
  };
  const overCap = ({ argv, maxBytes }: CommandRequest) => err(tooLong(argv, link.node, maxBytes));

  /** What is not settled has not begun, or only reads: it is sent again. */
  const giveUpShell = () => {
    shell?.running.stop();
    shell = undefined;
    slots = slots.filter((slot) => !slot.settled);
    if (slots.length > 0) openShell();
  };
  const onEarly = (slot: Slot, why: 'deadline' | 'abort') => {
    const [first] = slots;
    const runs = first === slot;
    const heldUpByDropped = first?.settled ?? false;
    slot.settled = true;
    if (why === 'deadline' && (runs || heldUpByDropped))
      for (const behind of slots) settle(behind, err(heldUp(behind.request.argv, link.node)));
    if (runs || (why === 'deadline' && heldUpByDropped)) giveUpShell();
  };
  const finishFirst = () => {
    const [slot, next] = slots;
    if (!slot?.stdout || !slot.stderr) return;
    slots.shift();
    const endedAt = link.clock();
    if (next) next.sentAt = Math.max(next.sentAt, endedAt);
    const { stdout, stderr, sentAt, request } = slot;
    if (stdout.bytes.length + stderr.bytes.length > request.maxBytes) return settle(slot, overCap(request));
    const text = { stdout: stdout.bytes.toString('utf8'), stderr: stderr.bytes.toString('utf8') };
    settle(slot, ok({ ...text, exitCode: stdout.status, sentAt, endedAt }));
  };
  const hear = (from: Shell, stream: Stream, answers: readonly Answer[], heldBytes: number) => {
    for (const answer of answers) {
      const slot = slots.find(({ sequence }) => sequence === Math.max(answer.sequence, 1));
      if (answer.sequence === 0) {
        from.greeted = true;
        if (slot) slot.sentAt = link.clock();
      } else if (slot) slot[stream] = answer;
      finishFirst();
    }
    const answering = slots.find((slot) => slot[stream] === undefined);
    if (!answering || heldBytes <= (from.greeted ? answering.request.maxBytes : noiseAllowed)) return;
    settle(answering, overCap(answering.request));
    giveUpShell();
  };
  const onShellEnd = (from: Shell, end: Result<unknown, Failure>, noise: string) => {
    if (!end.ok) for (const slot of slots) settle(slot, end);
    else if (!from.greeted) for (const slot of slots) settle(slot, err(noChannel(link.node, noise)));
    else if (slots[0]) settle(slots[0], err(cutShort(slots[0].request.argv, link.node)));
    giveUpShell();
  };
  const send = (to: Shell, slot: Slot) => {
    slot.sequence = to.next++;
    slot.sentAt = link.clock();
    slot.stdout = slot.stderr = undefined;
    const { argv } = slot.request;
    const line = encode({ kind: 'command', nonce: to.nonce, sequence: slot.sequence, argv });
    // What is asked in one turn travels in one packet: encrypting one costs more than what is in it.
    if (to.outbox.push(line) === 1) setImmediate(() => to.running.write(to.outbox.splice(0).join('')));
  };

  const openShell = () => {
    const nonce = randomBytes(16).toString('hex');
    const readers = { stdout: new AnswerReader(nonce), stderr: new AnswerReader(nonce) };
    const listen = (stream: Stream) => (chunk: Uint8Array) =>
      hear(opened, stream, readers[stream].push(chunk), readers[stream].held.length);
    const running = runOn(link, reader ? encodeExec(reader) : pollShell, {
      onStdout: listen('stdout'),
      onStderr: listen('stderr'),
      onEnd: (end) =>
        onShellEnd(
          opened,
          end,
          lastWords(readers.stderr.held.toString('utf8'), readers.stdout.held.toString('utf8')),
        ),
    });
    const opened: Shell = { running, nonce, greeted: false, next: 1, outbox: [] };
    shell = opened;
    running.write(encode({ kind: 'greeting', nonce, sequence: 0 }));
    for (const slot of slots) send(opened, slot);
  };

  return {
    poll: (request) => {
      const slot: Slot = {
        request,
        command: pending<CommandResult>(request, link.node, (why) => onEarly(slot, why)),
        settled: false,
        sequence: 0,
        sentAt: 0,
        stdout: undefined,
        stderr: undefined,
      };
      slots.push(slot);
      if (shell) send(shell, slot);
      else openShell();
      return slot.command.promise;
    },
    close: () => {
      for (const slot of slots) settle(slot, err(calledOff(slot.request.argv, link.node)));
      giveUpShell();
    },
  };
}
