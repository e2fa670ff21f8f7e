import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { agentsOf } from '../../../main/cluster/cluster-agents.ts';
import { type BurstGate, burstGate, scheduleBursts } from '../../../main/cluster/lag-schedule.ts';
import type { NodeProbe } from '../../../main/probe/node-probe.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { LagBurst } from '../../../shared/domain/lag-track.ts';
import { agent, definition, Story } from '../domain/build.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const healthy = (second: number) => ({
  fw1: { state: 'MASTER' as const, holds: true, agent: agent({ internal: 9 }) },
  fw2: {
    state: 'BACKUP' as const,
    holds: false,
    hears: 'fw1',
    agent: agent({ external: 9, received: second }),
  },
});

/** A cluster whose nodes have no channel: each burst ends at once, with that as its reason. */
function watched(snapshot: () => ClusterSnapshot, gate: BurstGate, spared: ReadonlySet<string> = new Set()) {
  const cluster = definition('fw1', 'fw2');
  const bursts: LagBurst[] = [];
  const asked: string[] = [];
  const probe = (node: string) => {
    const lane = () => void asked.push(node);
    const runner = { node, lane, line: () => 'conntrackd -s' };
    return { runner, isSpared: () => spared.has(node) } as unknown as NodeProbe;
  };
  const schedule = scheduleBursts(
    { definition: cluster, agents: agentsOf(cluster), snapshot, probe, onBurst: (each) => bursts.push(each) },
    gate,
    Date.now,
  );
  return { bursts, asked, schedule };
}

describe('the bursts of a cluster', () => {
  it('come once a minute, on the master and the slave that hears it', async () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, healthy);
    const { bursts, asked, schedule } = watched(() => story.snapshot, burstGate());
    await vi.advanceTimersByTimeAsync(59_000);
    expect(bursts).toHaveLength(1);
    expect(asked).toEqual(['fw1', 'fw2']);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(bursts).toHaveLength(2);
    schedule.close();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(bursts).toHaveLength(2);
  });

  it('do not touch a node that cannot be reached, nor a cluster whose failover is under way', async () => {
    const dark = new Story('fw1', 'fw2');
    dark.seconds(4, healthy);
    dark.put({
      kind: 'session',
      node: 'fw2',
      session: { kind: 'waiting' },
      failure: { kind: 'unreachable', message: 'no answer' },
    });
    const moving = new Story('fw1', 'fw2');
    moving.seconds(4, healthy);
    const snapshot = (): ClusterSnapshot => ({
      ...moving.snapshot,
      run: {
        runId: 'r',
        planId: 'p',
        cluster: 'edge',
        from: 'fw1',
        to: 'fw2',
        lever: 'handover-file',
        state: 'running',
        startedAt: 0,
        guards: [],
        steps: [],
        summary: '',
      },
    });
    for (const each of [() => dark.snapshot, snapshot]) {
      const { bursts, asked, schedule } = watched(each, burstGate());
      await vi.advanceTimersByTimeAsync(10_000);
      expect([...bursts, ...asked]).toEqual([]);
      schedule.close();
    }
  });

  it.each(['fw1', 'fw2'])('wait until the table of %s is read', async (node) => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, healthy);
    const spared = new Set([node]);
    const { bursts, schedule } = watched(() => story.snapshot, burstGate(), spared);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(bursts).toEqual([]);
    spared.clear();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(bursts).toHaveLength(1);
    schedule.close();
  });

  it('wait for their turn where too many clusters are sampled at once', async () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(4, healthy);
    const gate = burstGate(1);
    const leave = gate.enter();
    const { bursts, schedule } = watched(() => story.snapshot, gate);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(bursts).toEqual([]);
    leave?.();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(bursts).toHaveLength(1);
    schedule.close();
  });
});
