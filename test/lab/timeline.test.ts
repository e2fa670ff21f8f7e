/** That the timeline of a real failover tells it in the order in which it went, in the words of the programs themselves. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, up } from './lab.ts';
import { until } from './shell.ts';

/** A clock that moves by less is followed without a word (`domain/node-clock.ts`). */
const clockStepMs = 250;
const command = new URL('../../main/cli/main.ts', import.meta.url).pathname;
const state = mkdtempSync(join(tmpdir(), 'handover-timeline-'));

interface Line {
  time: string;
  latest?: string;
  node?: string;
  source: string;
  words: string;
  more?: string[];
  trust?: string;
  clockOffsetMs?: number;
}
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const handover = (...words: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { env: { ...process.env, XDG_STATE_HOME: state }, maxBuffer: 1 << 26 };
    execFile(process.execPath, [command, ...words], options, (failed, stdout, stderr) =>
      resolve({ code: Number(failed?.code ?? 0), stdout, stderr }),
    );
  });
const linesOf = ({ stdout }: Ended): Line[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

let lab: Lab;
beforeAll(async () => {
  lab = await up();
  await lab.traffic.start();
  await lab.untilInStep();
}, 700_000);
afterAll(async () => {
  await lab?.down();
  rmSync(state, { recursive: true, force: true });
});

const events = (inventory: string, ...more: string[]) =>
  handover('events', '--cluster', 'lab', '--json', '--inventory', inventory, ...more);

describe('after a failover', () => {
  test('the timeline holds what we did, what keepalived decided and what conntrackd did upon it, in that order', async () => {
    const begunAt = new Date().toISOString();
    // What watches while it happens is what knows the instants best: the timeline goes on in a process of its own.
    let watched = '';
    const follower = execFile(
      process.execPath,
      [command, ...['events', '--cluster', 'lab', '--json', '--follow', '--inventory', lab.inventory.ops]],
      { env: { ...process.env, XDG_STATE_HOME: state }, maxBuffer: 1 << 26 },
      () => undefined,
    );
    follower.stdout?.on('data', (text: string) => {
      watched += text;
    });
    await expect.poll(() => watched, { timeout: 20_000 }).toContain('initialization completed');
    const args = [
      '--cluster',
      'lab',
      '--to',
      'fw2',
      '--confirm',
      'lab',
      '--json',
      '--inventory',
      lab.inventory.ops,
    ];
    // A machine that is busy enough makes a guard refuse for readings that are late; then nothing was sent.
    const run = await until(
      'the failover to be let through',
      async () => {
        const ended = await handover('failover', ...args);
        if (ended.code !== 3) return ended;
        console.warn(`refused: ${ended.stderr}${ended.stdout}`);
        return undefined;
      },
      120_000,
    );
    expect(run.code, run.stderr).toBe(0);
    await expect.poll(() => watched, { timeout: 20_000 }).toContain('The failover ended');
    await expect.poll(() => watched, { timeout: 20_000 }).toContain('fw2 is master (');
    const gone = new Promise((resolve) => follower.once('close', resolve));
    follower.kill(); // it writes down what it saw, as upon Ctrl-C
    await gone;

    const told = await events(lab.inventory.ops, '--since', begunAt);
    expect(told.code, told.stderr).toBe(0);
    const lines = linesOf(told);
    const place = (words: string, node: string, source: string) =>
      lines.findIndex((line) => line.words.includes(words) && line.node === node && line.source === source);
    const order = [
      place('About to run', 'fw1', 'audit'),
      place('Changing effective priority', 'fw1', 'keepalived'),
      place('Entering MASTER STATE', 'fw2', 'keepalived'),
      place('committing', 'fw2', 'conntrackd'),
      place('Committed', 'fw2', 'conntrackd'),
      place('commit has taken', 'fw2', 'conntrackd'),
      place('fw2 is master', 'fw2', 'reading'),
    ];
    const shown = lines.map(
      ({ time, latest = '', node, source, words }) => `${time} ${latest} ${node} ${source}: ${words}`,
    );
    console.warn(shown.join('\n'));
    expect(order, shown.join('\n')).not.toContain(-1);
    // Two logs tell their seconds, narrowed by our looks at them: what lies within the same moment has no order to tell.
    for (const [index, later] of order.entries()) {
      const [earlier, one] = [lines[order[index - 1] ?? later], lines[later]];
      const until = one?.latest ?? one?.time ?? '';
      expect(
        until >= (earlier?.time ?? ''),
        `${earlier?.words} before ${one?.words}\n${shown.join('\n')}`,
      ).toBe(true);
    }
    // within one log the order is the log's own
    const committed = order.slice(3, 6);
    expect(committed, shown.join('\n')).toEqual(committed.toSorted((a, b) => a - b));
    for (const line of lines) {
      const { source, time, latest = time, clockOffsetMs } = line;
      if (source === 'audit' || source === 'reading') continue;
      // a log tells its second; where looks at the clock differ by less than a step, either may have been in force
      const width = Date.parse(latest) - Date.parse(time);
      expect(width, JSON.stringify(line)).toBeLessThan(1_000 + clockStepMs);
      expect(Math.abs(clockOffsetMs ?? 1e9), JSON.stringify(line)).toBeLessThan(1_000);
    }
  }, 240_000);

  test('a login that may not read the logs is shown what was read before, each line once, and told what helps', async () => {
    const viewer = await events(lab.inventory.viewer);
    expect(viewer.code).toBe(3);
    expect(viewer.stderr).toMatch(
      /fw1: the log of conntrackd cannot be read: .*\/var\/log\/conntrackd\.log.*sudo/,
    );
    const lines = linesOf(viewer).filter(({ node, source }) => node === 'fw2' && source === 'keepalived');
    expect(lines.filter(({ words }) => words === '(LAN) Entering MASTER STATE')).toHaveLength(1);
    expect(lines.filter(({ words }) => words.startsWith('Starting Keepalived'))).toHaveLength(1);
    expect(lines.filter(({ words }) => words.includes('on signal'))).toEqual([]);
  }, 60_000);
});
