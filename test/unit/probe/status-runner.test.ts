import { beforeEach, describe, expect, test } from 'vitest';
import { type Command, command } from '../../../main/agents/command.ts';
import { installedStatusReader } from '../../../main/agents/status-reader.ts';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import type { Answer, PlainRunner } from '../../../main/probe/node-runner.ts';
import { type StatusRunner, statusRunner } from '../../../main/probe/status-runner.ts';
import type { Failure } from '../../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';

const [statistics] = conntrackd.commands(conntrackd.defaultConfig).state;
if (!statistics) throw new Error('no statistics');
const other = command(['/usr/sbin/ip', '-j', 'address']);
const said = (stdout: string, exitCode = 0): Result<Answer, Failure> =>
  ok({ stdout, stderr: '', exitCode, sentAt: 0, endedAt: 1 });
const failed = (kind: Failure['kind']): Result<Answer, Failure> => err({ kind, message: kind });

let asked: string[];
let allowed: Result<Answer, Failure>;
let byReader: Result<Answer, Failure>;
let sudo: boolean;
let status: StatusRunner;
beforeEach(() => {
  asked = [];
  allowed = said('');
  byReader = said('by the reader');
  sudo = true;
  const name = ({ argv }: Command) => argv.join(' ');
  const plain: PlainRunner = {
    node: 'fw1',
    privileged: true,
    get sudo() {
      return sudo;
    },
    line: name,
    poll: async (each) => {
      asked.push(name(each));
      return name(each).endsWith(installedStatusReader) ? allowed : said('by sudo');
    },
    exec: async () => failed('unreachable'),
    stream: async () => err({ kind: 'unreachable', message: 'not streamed here' }),
    lane: () => ({ poll: async () => said('by a lane'), close: () => undefined }),
    readerLane: (reader) => {
      asked.push(`opened ${name(reader)}`);
      return { poll: async () => byReader, close: () => void asked.push('closed') };
    },
  };
  status = statusRunner(plain);
});
const answer = async (to: Command) => {
  const result = await status.runner.poll(to);
  return result.ok ? result.value.stdout : result.error.kind;
};

describe('what is asked each second, of a login with sudo', () => {
  test('is told to the status reader where it is there and allowed, and what it does not know goes the other way', async () => {
    expect(await answer(statistics)).toBe('by sudo');
    await status.open();
    expect(asked.at(-2)).toBe(`/usr/bin/sudo -n -l ${installedStatusReader}`);
    expect(await answer(statistics)).toBe('by the reader');
    expect(await answer(other)).toBe('by sudo');
  });

  test.each([
    ['it is not there, or not allowed', said('', 1)],
    ['nobody can say', failed('timed-out')],
  ])('goes by sudo where %s', async (_, would) => {
    allowed = would;
    await status.open();
    expect(await answer(statistics)).toBe('by sudo');
    expect(asked.join()).not.toContain('opened');
  });

  test.each([
    ['refuses it', said('', 126)],
    ['does not start', failed('no-permission')],
    ['ends in the middle', failed('unreadable')],
  ])('goes by sudo from then on where the reader %s', async (_, instead) => {
    await status.open();
    byReader = instead;
    expect(await answer(statistics)).toBe('by sudo');
    expect(asked).toContain('closed');
    byReader = said('by the reader');
    expect(await answer(statistics)).toBe('by sudo');
    await status.open();
    expect(await answer(statistics)).toBe('by the reader');
  });

  test('is not asked twice where a daemon does not answer in time, or says that it failed', async () => {
    await status.open();
    byReader = failed('timed-out');
    expect(await answer(statistics)).toBe('timed-out');
    byReader = said('cannot connect', 1);
    expect(await answer(statistics)).toBe('cannot connect');
    expect(asked).not.toContain('closed');
  });

  test('goes by sudo once the session is over, however late it is known that the reader could be used', async () => {
    const opening = status.open();
    status.close();
    await opening;
    expect(await answer(statistics)).toBe('by sudo');
    expect(asked.join()).not.toContain('opened');
  });

  test('has a channel of its own through the reader only for what the reader knows', async () => {
    const through = async (...commands: Command[]) => {
      const result = await status.runner.lane(...commands)?.poll(statistics);
      return result?.ok && result.value.stdout;
    };
    expect(await through(statistics)).toBe('by a lane');
    await status.open();
    expect(await through(statistics)).toBe('by the reader');
    expect(await through(statistics, other)).toBe('by a lane');
    expect(await through()).toBe('by a lane');
  });
});

test('a login as root needs no reader, and none is looked for', async () => {
  sudo = false;
  await status.open();
  expect(asked).toEqual([]);
});
