import type { TableAgent } from '../../agents/agent.ts';
import type { NodeRunner } from '../../probe/node-runner.ts';

export interface FollowListener {
  /** So many lines of events came; no more than twice a second. */
  readonly onEvents: (count: number) => void;
  /** The kernel told more than could be taken: some events are lost. */
  readonly onOverrun: () => void;
  /** Nothing will be heard any more, and why. Not called after the stop. */
  readonly onEnd: (reason: string) => void;
}

/** Begins to listen; answers with the stop. */
export type Follow = (listener: FollowListener) => () => void;

const newline = 10;
const tellMs = 500;

/** Listens to what happens to the entries of a node's table, until it is stopped. */
export const followEvents =
  (runner: NodeRunner, { commands, isOverrun, classify }: TableAgent): Follow =>
  ({ onEvents, onOverrun, onEnd }) => {
    const control = new AbortController();
    let waiting = 0;
    let timer: NodeJS.Timeout | undefined;
    const tell = () => {
      timer = undefined;
      const count = waiting;
      waiting = 0;
      onEvents(count);
    };
    const count = (chunk: Uint8Array) => {
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) waiting += 1;
      if (waiting > 0) timer ??= setTimeout(tell, tellMs);
    };
    const hear = (text: string) => {
      if (isOverrun(text)) onOverrun();
    };
    const listening = runner.stream(commands.events, count, control.signal, hear);
    void listening.then((result) => {
      if (control.signal.aborted) return;
      clearTimeout(timer);
      const failure = result.ok
        ? classify(commands.events, { stdout: '', ...result.value }, runner.privileged)
        : result.error;
      onEnd(
        failure ? [failure.message, failure.remedy].filter(Boolean).join(': ') : 'conntrack ended by itself',
      );
    });
    return () => {
      control.abort();
      clearTimeout(timer);
    };
  };
