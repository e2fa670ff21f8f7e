import { expect, test } from 'vitest';
import { command } from '../../../main/agents/command.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import { roundTimer } from '../../../main/probe/round-time.ts';
import { ok } from '../../../shared/lib/result.ts';

/** What is said after each round of three questions to a node that is `awayMs` away and needs `eachMs` for each. */
async function rounds(
  count: number,
  eachMs: number,
  awayMs = 10,
  { round, clock } = timerOf(),
): Promise<boolean[]> {
  const told: boolean[] = [];
  while (told.length < count) {
    clock.now += awayMs;
    for (let left = 3; left > 0; left -= 1) {
      clock.now += eachMs;
      await round.runner.poll(command(['date']));
    }
    told.push(round.isBusy());
  }
  return told;
}

function timerOf() {
  const clock = { now: 0 };
  const poll: NodeRunner['poll'] = async () =>
    ok({ stdout: '', stderr: '', exitCode: 0, sentAt: 0, endedAt: clock.now });
  const node = { node: 'fw1', privileged: true, poll } as unknown as NodeRunner;
  return { clock, round: roundTimer(node) };
}

test('a node that answers quickly is not busy, however far away it is', async () => {
  expect(await rounds(20, 30, 2_000)).not.toContain(true);
});

test('a node that needs a good part of a second is busy from the fifth round on, as the first ones are seen at full pace', async () => {
  expect(await rounds(7, 200)).toEqual([false, false, false, false, true, true, true]);
});

test('one long round among short ones changes nothing', async () => {
  const timer = timerOf();
  expect(await rounds(4, 20, 10, timer)).not.toContain(true);
  expect(await rounds(1, 900, 10, timer)).toEqual([false]);
  expect(await rounds(4, 20, 10, timer)).not.toContain(true);
});

test('a node that was busy must need half as long before it is asked as often again', async () => {
  const timer = timerOf();
  await rounds(6, 200, 10, timer);
  expect(await rounds(6, 90, 10, timer)).not.toContain(false);
  expect((await rounds(3, 40, 10, timer)).at(-1)).toBe(false);
});
