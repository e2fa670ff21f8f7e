import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createFailover } from '../../../main/failover/failover.ts';
import type { ClusterSnapshot, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { FailoverPlan } from '../../../shared/domain/failover-plan.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import { simulate } from './simulated-cluster.ts';

let cluster: ReturnType<typeof simulate>;
beforeEach(() => {
  cluster = simulate();
});

const plan = async (to = 'fw2', otherRun?: string): Promise<FailoverPlan> => {
  const lock = () => (otherRun === undefined ? ok(() => {}) : err(otherRun));
  const answer = await createFailover(cluster.ports, cluster.audit, lock).plan({ cluster: 'edge', to });
  if (!answer.accepted) throw new Error(answer.reason);
  return answer.plan;
};
const change = (name: string, how: (node: NodeSnapshot) => NodeSnapshot): void => {
  cluster.world.tweak = (snapshot) => ({
    ...snapshot,
    nodes: snapshot.nodes.map((node) => (node.name === name ? how(node) : node)),
  });
};
const changeCluster = (how: Partial<ClusterSnapshot>): void => {
  cluster.world.tweak = (snapshot) => ({ ...snapshot, ...how });
};
const result = (made: FailoverPlan, code: string) => made.guards.find((guard) => guard.code === code)?.result;
const notPassing = (made: FailoverPlan) =>
  made.guards.filter((guard) => guard.result !== 'pass').map((guard) => `${guard.result} ${guard.code}`);

describe('a plan', () => {
  it('of a healthy cluster passes every guard, with its evidence and its age, and shows what it sends', async () => {
    const made = await plan();
    expect(notPassing(made)).toEqual([]);
    expect(made.guards.map((guard) => guard.code).sort()).toEqual(
      [
        'agent-not-running',
        'another-run',
        'audit-unwritable',
        'lever-unsafe',
        'master-unreachable',
        'no-lever',
        'no-master',
        'nopreempt',
        'priority-not-enough',
        'readings-stale',
        'role-conflict',
        'split-brain',
        'sync-behind',
        'sync-silent',
        'takeover-not-running',
        'target-not-slave',
        'target-unreachable',
        'unprotected',
      ].sort(),
    );
    for (const guard of made.guards)
      expect([guard.message.length > 5, guard.observedAt > 0]).toEqual([true, true]);
    expect(made).toMatchObject({ from: 'fw1', to: 'fw2', lever: 'handover-file' });
    expect(made.steps.map((step) => [step.id, step.node])).toEqual([
      ['lever', 'fw1'],
      ['role', 'fw2'],
      ['addresses', 'fw2'],
      ['commit', 'fw2'],
      ['verify', 'fw2'],
    ]);
    expect(made.steps[0]?.command).toBe(
      'echo -100 | /usr/bin/sudo -n /usr/bin/tee /var/lib/handover/handover',
    );
    expect(cluster.world.writes()).toEqual([]);
  });

  it('is not made for what is not in the inventory', async () => {
    const failover = createFailover(cluster.ports, cluster.audit, () => ok(() => {}));
    expect(await failover.plan({ cluster: 'edge', to: 'fw9' })).toMatchObject({ accepted: false });
    expect(await failover.plan({ cluster: 'core', to: 'fw2' })).toMatchObject({ accepted: false });
  });

  it('refuses a node that is master, or in FAULT', async () => {
    expect(result(await plan('fw1'), 'target-not-slave')).toBe('refuse');
    cluster.world.get('fw2').state = 'FAULT';
    expect(result(await plan(), 'target-not-slave')).toBe('refuse');
  });

  it('refuses where either node cannot be reached', async () => {
    cluster.world.get('fw2').reachable = false;
    expect(result(await plan(), 'target-unreachable')).toBe('refuse');
    cluster = simulate();
    cluster.world.get('fw1').reachable = false;
    expect(result(await plan(), 'master-unreachable')).toBe('refuse');
  });

  it('refuses when nothing has been read even after a while', async () => {
    vi.useFakeTimers();
    changeCluster({ nodes: [], master: null });
    const made = plan();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(result(await made, 'target-unreachable')).toBe('refuse');
    vi.useRealTimers();
  });

  it.each(['fw1', 'fw2'])('refuses where keepalived does not run on %s', async (name) => {
    cluster.world.get(name).takeover = 'stopped';
    expect(result(await plan(), 'takeover-not-running')).toBe('refuse');
  });

  it('tells a keepalived that cannot be read from one that does not run', async () => {
    const failure = { kind: 'no-permission', message: 'sudo asks for a password' } as const;
    change('fw2', (node) => ({
      ...node,
      readings: { ...node.readings, takeover: { ok: false, failure, observedAt: Date.now(), source: '' } },
    }));
    const made = await plan();
    expect([result(made, 'not-readable'), result(made, 'takeover-not-running')]).toEqual([
      'refuse',
      undefined,
    ]);
  });

  it('refuses on readings older than five seconds', async () => {
    change('fw1', (node) => {
      const { addresses } = node.readings;
      return addresses
        ? {
            ...node,
            readings: { ...node.readings, addresses: { ...addresses, observedAt: Date.now() - 5_500 } },
          }
        : node;
    });
    expect(result(await plan(), 'readings-stale')).toBe('refuse');
  });

  it('refuses a split brain, a contradiction, no master, and several masters', async () => {
    cluster.world.get('fw2').state = 'MASTER';
    expect(result(await plan(), 'split-brain')).toBe('refuse');
    cluster = simulate();
    change('fw1', (node) => ({ ...node, role: 'conflict' }));
    expect(result(await plan(), 'role-conflict')).toBe('refuse');
    changeCluster({ master: null });
    expect(result(await plan(), 'no-master')).toBe('refuse');
    changeCluster({ master: null, activeActive: true });
    expect(result(await plan(), 'active-active')).toBe('refuse');
  });

  it('says that the lever would not move a peer with nopreempt, and what would help', async () => {
    cluster.world.get('fw2').nopreempt = true;
    const made = await plan();
    const guard = made.guards.find((each) => each.code === 'nopreempt');
    expect(guard?.result).toBe('refuse');
    expect(guard?.message).toContain('would not move anything');
    expect(made.snippet).toContain('nopreempt');
  });

  it('refuses without a file that keepalived tracks, and gives the snippet', async () => {
    cluster.world.get('fw1').tracked = false;
    const made = await plan();
    expect(made.guards.find((each) => each.code === 'no-lever')).toMatchObject({
      result: 'refuse',
      message: expect.stringContaining('would move'),
    });
    expect(made).toMatchObject({ lever: 'none', steps: [] });
    expect(made.snippet).toContain('track_file handover');
  });

  it('refuses where the inventory names no file, even if keepalived tracks one', async () => {
    cluster.world.definition = {
      ...cluster.world.definition,
      takeover: { kind: 'keepalived', pidFile: '/run/keepalived.pid' },
    };
    expect(result(await plan(), 'no-lever')).toBe('refuse');
  });

  it.each([
    ['the file is writable by everybody', 'root root 666 regular file\nroot root 755 directory\n'],
    ['the file belongs to somebody else', 'ops root 644 regular file\nroot root 755 directory\n'],
    ['a group may write the file', 'root ops 664 regular file\nroot root 755 directory\n'],
    ['the folder is writable by everybody', 'root root 644 regular file\nroot root 1777 directory\n'],
    ['the folder belongs to somebody else', 'root root 644 regular file\nops root 755 directory\n'],
    ['the file is a link', 'root root 777 symbolic link\nroot root 755 directory\n'],
    ['only one of both could be read', 'root root 755 directory\n'],
  ])('refuses a lever when %s', async (_, owners) => {
    cluster.world.get('fw1').owners = owners;
    expect(result(await plan(), 'lever-unsafe')).toBe('refuse');
  });

  it('refuses where no number would be enough', async () => {
    cluster.world.get('fw2').base = 1;
    expect(result(await plan(), 'priority-not-enough')).toBe('refuse');
  });

  it('refuses where a third node would win instead, and warns where that cannot be told', async () => {
    cluster = simulate(3);
    expect(result(await plan('fw3'), 'other-node-wins')).toBe('refuse');
    expect(result(await plan('fw2'), 'other-node-wins')).toBe('pass');
    cluster.world.get('fw3').reachable = false;
    expect(result(await plan('fw2'), 'other-node-wins')).toBe('warn');
  });

  it('is no obstacle that a third node with a higher priority does not preempt', async () => {
    cluster = simulate(3);
    cluster.world.get('fw2').nopreempt = true;
    expect(result(await plan('fw3'), 'other-node-wins')).toBe('pass');
  });

  it('warns about replication, each in its own word', async () => {
    cluster.world.get('fw2').phase = 'silent';
    expect(notPassing(await plan())).toEqual(['warn sync-silent']);
    cluster.world.get('fw2').phase = 'behind';
    expect(notPassing(await plan())).toEqual(['warn sync-behind']);
    cluster.world.get('fw2').phase = 'full-sync';
    expect(notPassing(await plan())).toEqual(['warn sync-behind']);
    cluster.world.get('fw2').phase = 'never';
    expect(notPassing(await plan())).toEqual(['warn unprotected']);
    cluster.world.get('fw2').agent = 'stopped';
    expect(notPassing(await plan())).toEqual(['warn agent-not-running', 'warn unprotected']);
  });

  it('refuses while another run is under way', async () => {
    expect(notPassing(await plan('fw2', 'Another Handover is at it.'))).toEqual(['refuse another-run']);
  });

  it('refuses where the audit log cannot be written', async () => {
    cluster.world.auditFails = () => 'no space left on device';
    expect(notPassing(await plan())).toEqual(['refuse audit-unwritable']);
  });
});
