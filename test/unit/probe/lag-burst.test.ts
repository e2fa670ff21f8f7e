/** Sampling counters fast, over real SSH, on the simulated cluster. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import { type Demo, startDemo } from '../../../main/demo/demo.ts';
import { sampleCounters } from '../../../main/probe/lag-burst.ts';
import { type NodeRunner, nodeRunner } from '../../../main/probe/node-runner.ts';
import { type NodeSession, openSession } from '../../../main/transport/session.ts';

const folder = mkdtempSync(join(tmpdir(), 'handover-burst-'));
const opened: NodeSession[] = [];
let demo: Demo;

beforeAll(async () => {
  demo = await startDemo(folder);
});
afterAll(async () => {
  for (const session of opened) session.close();
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
});

function runnerAt(index: number): { runner: NodeRunner; session: NodeSession } {
  const node = demo.definition.nodes[index];
  if (!node) throw new Error(`no node ${index}`);
  const { identityFile = '', ...rest } = node;
  const session = openSession({ ...rest, identityFile });
  opened.push(session);
  return { runner: nodeRunner(node, session), session };
}

const [command] = conntrackd.commands(conntrackd.defaultConfig).state;
if (!command) throw new Error('conntrackd has no state command');
const master = { cache: 'internal', command, agent: conntrackd, after: 0 } as const;
const never = () => new AbortController().signal;
const connected = async ({ runner }: { runner: NodeRunner }) => {
  expect((await runner.poll(command)).ok).toBe(true);
};

describe('a burst', () => {
  it('reads the counters many times within two seconds, each with the span in which it was read', async () => {
    const node = runnerAt(0);
    await connected(node);
    const begun = Date.now();
    const sampled = await sampleCounters(node.runner, master, Date.now, never());
    const samples = sampled.ok ? sampled.value : [];
    expect(Date.now() - begun).toBeGreaterThan(1_900);
    expect(samples.length).toBeGreaterThan(5);
    expect(samples.length).toBeLessThanOrEqual(51);
    for (const [index, sample] of samples.entries()) {
      expect(sample.to).toBeGreaterThanOrEqual(sample.from);
      expect(sample.from).toBeGreaterThanOrEqual(samples[index - 1]?.from ?? begun);
    }
    expect(samples.at(-1)?.created).toBeGreaterThan(samples[0]?.created ?? Number.POSITIVE_INFINITY);
  });

  it('holds no poll up', async () => {
    const node = runnerAt(1);
    await connected(node);
    const burst = sampleCounters(node.runner, { ...master, cache: 'external' }, Date.now, never());
    const begun = Date.now();
    expect((await node.runner.poll(command)).ok).toBe(true);
    expect(Date.now() - begun).toBeLessThan(1_500);
    expect((await burst).ok).toBe(true);
  });

  it('is not begun on a node whose session is down', async () => {
    const { runner, session } = runnerAt(0);
    session.close();
    expect(await sampleCounters(runner, master, Date.now, never())).toEqual({
      ok: false,
      error: 'its session is down',
    });
  });

  it('ends at once when it is called off', async () => {
    const node = runnerAt(0);
    await connected(node);
    const stop = new AbortController();
    const burst = sampleCounters(node.runner, { ...master, after: 60_000 }, Date.now, stop.signal);
    setTimeout(() => stop.abort(), 50);
    expect((await burst).ok).toBe(false);
  });

  it('tells why a node would not answer', async () => {
    const node = runnerAt(0);
    await connected(node);
    const wrong = { ...command, argv: ['/usr/sbin/conntrackd', '-s', 'nonsense'] } as const;
    const sampled = await sampleCounters(node.runner, { ...master, command: wrong }, Date.now, never());
    expect(sampled.ok).toBe(false);
  });
});
