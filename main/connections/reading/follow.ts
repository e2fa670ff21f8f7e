import type { Clock } from '../../../shared/lib/clock.ts';
import type { TableAgent } from '../../agents/agent.ts';
import type { NodeRunner } from '../../probe/node-runner.ts';
import type { StoredTable } from '../store/table-store.ts';
import { wholeLines } from './whole-lines.ts';

export interface FollowListener {
  /** The node was heard for the first time: what happens from now on is told. */
  readonly onHeard: () => void;
  /** So many events are in the table now that were not. */
  readonly onEvents: (count: number) => void;
  /** Some events are lost: the kernel told more than could be taken, or we could not take what it told. */
  readonly onOverrun: () => void;
  /** Nothing will be heard any more, and why. Not called after the stop. */
  readonly onEnd: (reason: string) => void;
}

/** Begins to listen; answers with the stop. */
export type Follow = (listener: FollowListener) => () => void;

/** A table changes no more often (ms): who looks at one of its revisions may end. */
const leastMs = 1_000;
/** It is no more behind (ms), however many events there are. */
const mostMs = 5_000;
/** Of the tables' own thread so much may be spent on putting events into one, where that is not too late. */
const share = 0.05;
/** So many bytes may wait while the thread is busy. */
const mostWaiting = 16 * 2 ** 20;

/** Listens to what happens to the entries of a node's table and puts it into the stored one, until it is stopped. */
export const followEvents =
  (
    runner: NodeRunner,
    { commands, isOverrun, classify }: TableAgent,
    stored: Pick<StoredTable, 'follow'>,
    clock: Clock,
  ): Follow =>
  ({ onHeard, onEvents, onOverrun, onEnd }) => {
    const control = new AbortController();
    const waiting = wholeLines(mostWaiting);
    let isHeard = false;
    let isBusy = false;
    let everyMs = leastMs;
    let timer: NodeJS.Timeout | undefined;

    const put = async (): Promise<void> => {
      timer = undefined;
      const lines = waiting.take();
      if (lines.length === 0) return;
      isBusy = true;
      const startedAt = performance.now();
      const answer = await stored.follow({ lines, at: clock() }).catch(() => undefined);
      isBusy = false;
      everyMs = Math.min(mostMs, Math.max(leastMs, (performance.now() - startedAt) / share));
      if (control.signal.aborted) return;
      // a thread that ended lost its tables with it
      if (!answer?.isWhole) onOverrun();
      if (answer && answer.events > 0) onEvents(answer.events);
      plan();
    };
    const plan = () => {
      if (waiting.size() > 0 && !isBusy) timer ??= setTimeout(() => void put(), everyMs);
    };
    const take = (chunk: Uint8Array) => {
      if (!isHeard) onHeard();
      isHeard = true;
      if (!waiting.add(chunk)) onOverrun();
      plan();
    };
    const hear = (text: string) => {
      if (isOverrun(text)) onOverrun();
    };
    const listening = runner.stream(commands.events, take, control.signal, hear);
    void listening.then((result) => {
      if (control.signal.aborted) return;
      control.abort();
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
