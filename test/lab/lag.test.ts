/** Lag as a time, on a real cluster. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, up } from './lab.ts';
import { setSyncDelay } from './network.ts';
import { run, until } from './shell.ts';
import { type LagWatch, watchLag } from './watch-lag.ts';
import { command } from './watch-status.ts';

let lab: Lab;
let lag: LagWatch;

beforeAll(async () => {
  // nobody acknowledges anything: the queue says nothing here
  lab = await up({ mode: 'notrack' });
  const [one, other] = lab.plan.nodes;
  if (!one || !other) throw new Error('two nodes are needed');
  await setSyncDelay([one, other], 500);
  lag = watchLag(lab.inventory.root, 3_000);
}, 700_000);

afterAll(async () => {
  lag?.close();
  await lab?.traffic.stop().catch(() => undefined);
  await lab?.down();
}, 60_000);

test('a sync link that takes half a second is seen as such, in a mode that acknowledges nothing', async () => {
  // the counters are compared while nothing changes
  await lag.until('a burst', () => lag.estimate('fw2', 'counter-delay') !== undefined, 30_000);
  await lab.traffic.start();
  await lag.until(
    'half a second',
    ({ nodes }) => {
      const { kind, seconds = 0, from } = nodes[1]?.replication?.lag ?? {};
      return from === 'counter-delay' && kind === 'measured' && seconds > 0.35 && seconds < 0.75;
    },
    40_000,
  );
}, 90_000);

test('a canary arrives as late, is audited, and leaves nothing behind', async () => {
  await lab.traffic.stop();
  const state = mkdtempSync(join(tmpdir(), 'handover-canary-'));
  const words = ['canary', '--cluster', 'lab', '--to', 'fw2', '--json', '--inventory', lab.inventory.ops];
  const { code, stdout, stderr } = await run([process.execPath, command, ...words], {
    env: { ...process.env, XDG_STATE_HOME: state },
    timeout: 50_000,
  });
  expect(stderr).toBe('');
  const answer = JSON.parse(stdout) as {
    removed: boolean;
    estimate: { seconds?: number; resolution?: number };
  };
  expect({ code, ...answer }).toMatchObject({ code: 0, removed: true });
  const { seconds = 0, resolution = 0 } = answer.estimate;
  expect(seconds + resolution).toBeGreaterThan(0.5);
  expect(seconds - resolution).toBeLessThan(1.5);

  const left = await lab.exec('fw1', ['conntrack', '-L', '-s', '198.51.100.1']);
  expect(left.stdout).toBe('');
  await until('the slave to forget it', async () =>
    (await lab.exec('fw2', ['conntrackd', '-e'])).stdout.includes('198.51.100.1') ? undefined : true,
  );
  const log = readFileSync(join(state, 'handover', 'audit.log'), 'utf8')
    .trim()
    .split('\n');
  const lines = log.map((line) => JSON.parse(line) as { kind: string; command: string[]; outcome?: string });
  expect(lines.map(({ kind, command, outcome }) => [kind, command[3], outcome])).toEqual([
    ['intent', '-I', undefined],
    ['outcome', '-I', 'done'],
    ['intent', '-D', undefined],
    ['outcome', '-D', 'done'],
  ]);
  rmSync(state, { recursive: true, force: true });
}, 60_000);
