import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conntrack } from '../../../main/agents/table/conntrack/index.ts';
import { type FollowListener, followEvents } from '../../../main/connections/reading/follow.ts';
import { wholeLines } from '../../../main/connections/reading/whole-lines.ts';
import type { Followed } from '../../../main/connections/store/followed.ts';
import type { TableNews } from '../../../main/connections/store/table-store.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import { ok } from '../../../shared/lib/result.ts';

const bytes = (text: string) => Buffer.from(text);

describe('lines that come in pieces', () => {
  it('are given whole, and the beginning of the next one is kept', () => {
    const lines = wholeLines(100);
    lines.add(bytes('one\ntw'));
    expect(`${Buffer.from(lines.take())}`).toBe('one\n');
    expect(lines.take()).toHaveLength(0);
    lines.add(bytes('o\nthree'));
    expect(`${Buffer.from(lines.take())}`).toBe('two\n');
  });

  it('are let go of where they are too many, and those that follow are whole again', () => {
    const lines = wholeLines(10);
    expect(lines.add(bytes('one\ntwo\nth'))).toBe(true);
    expect(lines.add(bytes('ree'))).toBe(false);
    expect(lines.add(bytes('\nfour'))).toBe(true);
    expect(lines.add(bytes('\nfive\n'))).toBe(true);
    expect(`${Buffer.from(lines.take())}`).toBe('four\nfive\n');
  });
});

describe('the events of a node', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A node that is told by hand what to print, and a store that answers when it is let. */
  function followed() {
    const heard: string[] = [];
    const told: string[] = [];
    const answers: ((answer: Followed | Error) => Promise<void>)[] = [];
    let print: (text: string) => void = () => {};
    let complain: (text: string) => void = () => {};
    let end: (exitCode: number, stderr: string) => void = () => {};
    let signal: AbortSignal | undefined;
    const runner: Pick<NodeRunner, 'stream' | 'privileged'> = {
      privileged: true,
      stream: (_command, onChunk, given, onErrors) => {
        print = (text) => void onChunk(bytes(text));
        complain = (text) => onErrors?.(text);
        signal = given;
        return new Promise((resolve) => {
          end = (exitCode, stderr) => resolve(ok({ exitCode, stderr }));
        });
      },
    };
    const stored = {
      follow: ({ lines }: TableNews) =>
        new Promise<Followed>((resolve, reject) => {
          heard.push(`${Buffer.from(lines)}`);
          answers.push(async (answer) => {
            if (answer instanceof Error) reject(answer);
            else resolve(answer);
            await vi.advanceTimersByTimeAsync(0);
          });
        }),
    };
    const listener: FollowListener = {
      onHeard: () => told.push('heard'),
      onEvents: (count) => told.push(`${count} events`),
      onOverrun: () => told.push('overrun'),
      onEnd: (reason) => told.push(reason),
    };
    const stop = followEvents(runner as NodeRunner, conntrack, stored, Date.now)(listener);
    return {
      heard,
      told,
      stop,
      print: (text: string) => print(text),
      complain: (text: string) => complain(text),
      end: async (exitCode: number, stderr: string) => {
        end(exitCode, stderr);
        await vi.advanceTimersByTimeAsync(0);
      },
      answer: (answer: Followed | Error) => answers.shift()?.(answer),
      signal: () => signal,
    };
  }
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const whole = (events: number): Followed => ({ events, unreadable: 0, isWhole: true });

  it('are put into the table together, no more often than once a second, and never while it is busy', async () => {
    const node = followed();
    node.print('one\n');
    node.print('two\nth');
    await pass(999);
    expect(node.heard).toEqual([]);
    await pass(1);
    expect(node.heard).toEqual(['one\ntwo\n']);
    node.print('ree\n');
    await pass(10_000);
    expect(node.heard).toHaveLength(1);
    await node.answer(whole(2));
    // it took so long that the next one waits as long as any may
    await pass(4_999);
    expect(node.heard).toHaveLength(1);
    await pass(1);
    expect(node.heard).toEqual(['one\ntwo\n', 'three\n']);
    expect(node.told).toEqual(['heard', '2 events']);
    await pass(100);
    await node.answer(whole(1));
    // a twentieth of the time
    node.print('four\n');
    await pass(1_999);
    expect(node.heard).toHaveLength(2);
    await pass(1);
    expect(node.heard).toHaveLength(3);
  });

  it('that are lost are told: by the node, by us where they are too many, and by a table that lost them', async () => {
    const node = followed();
    node.complain('WARNING: We have hit ENOBUFS! We are losing events.');
    expect(node.told).toEqual(['overrun']);
    node.print('x'.repeat(17 * 2 ** 20));
    expect(node.told).toEqual(['overrun', 'heard', 'overrun']);
    node.print('\none\n');
    expect(node.told).toHaveLength(3);
    node.told.length = 0;
    await pass(1_000);
    await node.answer({ ...whole(1), isWhole: false });
    node.print('two\n');
    await pass(1_000);
    await node.answer(new Error('their thread ended'));
    expect(node.told).toEqual(['overrun', '1 events', 'overrun']);
  });

  it('that are told no more are missed with the reason, and those that were stopped are not', async () => {
    const node = followed();
    await node.end(1, 'conntrack v1.4.7 (conntrack-tools): Operation failed: Operation not permitted');
    expect(node.told).toHaveLength(1);
    expect(node.told[0]).not.toBe('');
    const stopped = followed();
    stopped.print('one\n');
    stopped.stop();
    expect(stopped.signal()?.aborted).toBe(true);
    await stopped.end(1, '');
    await pass(10_000);
    expect(stopped.told).toEqual(['heard']);
    expect(stopped.heard).toEqual([]);
  });
});
