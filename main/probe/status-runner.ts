import { allowedCommand } from '../agents/host/commands.ts';
import { isForStatusReader, refusedStatus, statusReader } from '../agents/status-reader.ts';
import type { NodeRunner, PlainRunner, RunnerLane } from './node-runner.ts';

/** A runner that has the node's daemons asked by the status reader where an operator installed it. */
export interface StatusRunner {
  readonly runner: NodeRunner;
  /** A session has begun: is the reader there, and may the login run it? Until that is known, and if not, sudo is used. */
  readonly open: () => Promise<void>;
  readonly close: () => void;
}

/**
 * Starting a program by sudo costs a node several times what the program itself does, and a line in its log. The status
 * reader is started so once, and runs from then on what is asked each second or two.
 */
export function statusRunner(plain: PlainRunner): StatusRunner {
  let lane: RunnerLane | undefined;
  let session = 0;

  const close = () => {
    session += 1;
    lane?.close();
    lane = undefined;
  };
  const poll: NodeRunner['poll'] = async (command) => {
    const by = lane;
    if (!by || !isForStatusReader(command)) return plain.poll(command);
    const answer = await by.poll(command);
    if (isItsOwn(answer)) return answer;
    // It is not there any more, or not the one that we know: what belongs together is asked by one and the same.
    if (lane === by) close();
    return plain.poll(command);
  };

  return {
    open: async () => {
      close();
      if (!plain.sudo) return;
      const mine = session;
      const would = await plain.poll(allowedCommand(statusReader));
      if (mine !== session || !would.ok || would.value.exitCode !== 0) return;
      lane = plain.readerLane(statusReader);
    },
    close,
    runner: {
      ...plain,
      poll,
      lane: (...commands) =>
        lane && commands.length > 0 && commands.every(isForStatusReader)
          ? plain.readerLane(statusReader)
          : plain.lane(...commands),
    },
  };
}

/** The command's own answer, or that it came too late; and not what becomes of a reader that cannot do it. */
const isItsOwn = (answer: Awaited<ReturnType<NodeRunner['poll']>>): boolean =>
  answer.ok ? answer.value.exitCode !== refusedStatus : answer.error.kind === 'timed-out';
