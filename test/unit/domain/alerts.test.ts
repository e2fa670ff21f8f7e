import { describe, expect, it } from 'vitest';
import { raisedPhase } from '../../../shared/domain/alert.ts';
import { alertRules } from '../../../shared/domain/alert-rules.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { FailoverRun } from '../../../shared/domain/failover-run.ts';
import type { Failure } from '../../../shared/lib/reading.ts';
import { agent, bad, good } from './build.ts';
import { calmFor, find, lose, Watched } from './watched.ts';

const run = (state: FailoverRun['state'], endedAt?: number): FailoverRun => ({
  runId: 'r',
  planId: 'p',
  cluster: 'edge',
  from: 'fw1',
  to: 'fw2',
  lever: 'handover-file',
  state,
  startedAt: 0,
  ...(endedAt !== undefined && { endedAt }),
  guards: [],
  steps: [],
  summary: '',
});

/** A reading of fw2 that fails, as of the second in which it is asked for. */
const failing = ({ story }: Watched, what: 'agent' | 'state', kind: Failure['kind']) => ({
  get fw2() {
    return { [what]: bad(kind, story.now + 1_000) };
  },
});

describe('the rules', () => {
  it('a healthy cluster raises nothing, and nothing is about to be', () => {
    expect(calmFor(120).alerts.alerts).toEqual([]);
  });

  it('nothing is raised of a cluster that was never read', () => {
    const watched = new Watched();
    for (let second = 0; second < 120; second += 1) {
      watched.story.second({});
      watched.look(watched.story.snapshot);
    }
    expect(watched.told).toEqual([]);
  });

  it('two masters are told within seconds, and are over only when both nodes are read again', () => {
    const watched = calmFor(10);
    const both = { fw2: { state: 'MASTER', holds: true } } as const;
    watched.seconds(6, both);
    expect(watched.told).toEqual(['raised split-brain']);
    lose(watched, 'fw2');
    watched.seconds(60, { fw2: null });
    expect(watched.phase('split-brain')).toBe('firing');
    find(watched, 'fw2');
    watched.seconds(20);
    expect(watched.told.filter((each) => each.endsWith('split-brain'))).toEqual([
      'raised split-brain',
      'cleared split-brain',
    ]);
  });

  it('no master is told after an election should have ended', () => {
    const watched = calmFor(10);
    const none = { fw1: { state: 'BACKUP', holds: false }, fw2: { state: 'BACKUP', holds: false } } as const;
    watched.seconds(4, none);
    expect(watched.told).toEqual([]);
    watched.seconds(5, none);
    expect(watched.told).toContain('raised no-master');
    watched.seconds(20);
    expect(watched.told).toContain('cleared no-master');
  });

  it('a stopped sync agent is told as what it is, together with what it means', () => {
    const watched = calmFor(10);
    watched.seconds(15, failing(watched, 'agent', 'not-running'));
    expect(watched.told.toSorted()).toEqual(['raised agent-gone fw2', 'raised unprotected']);
    watched.seconds(30);
    expect(watched.told.slice(2).toSorted()).toEqual(['cleared agent-gone fw2', 'cleared unprotected']);
  });

  it('a stopped takeover engine is told', () => {
    const watched = calmFor(10);
    watched.seconds(8, failing(watched, 'state', 'not-running'));
    expect(watched.told).toContain('raised takeover-gone fw2');
  });

  it('a command that is not allowed is no stopped daemon', () => {
    const watched = calmFor(10);
    watched.seconds(60, failing(watched, 'agent', 'no-permission'));
    expect(watched.told).toEqual([]);
  });

  it('a node that cannot be read is gone, and nothing else is made up about it', () => {
    const watched = calmFor(10);
    lose(watched, 'fw2');
    watched.seconds(9, { fw2: null });
    expect(watched.told).toEqual([]);
    watched.seconds(120, { fw2: null });
    expect(watched.told).toEqual(['raised node-gone fw2']);
    expect(watched.message('node-gone fw2')).toContain('does not answer');
    find(watched, 'fw2');
    watched.seconds(12);
    expect(watched.told).toEqual(['raised node-gone fw2', 'cleared node-gone fw2']);
  });

  it('a node that cannot be read keeps the alerts it had', () => {
    const watched = calmFor(10);
    watched.seconds(8, failing(watched, 'agent', 'not-running'));
    lose(watched, 'fw2');
    watched.seconds(120, { fw2: null });
    expect(watched.phase('agent-gone fw2')).toBe('firing');
  });

  it('a slave that hears nothing is told', () => {
    const watched = calmFor(10);
    watched.seconds(40, { fw2: { agent: agent({ external: 1000, received: 100, status: 'NO-CARRIER' }) } });
    expect(watched.told).toContain('raised sync-silent fw2');
  });

  const judged =
    (phase: 'behind' | 'in-step' | 'full-sync', coverage: number, distinguishable = true) =>
    (cluster: ClusterSnapshot): ClusterSnapshot => ({
      ...cluster,
      nodes: cluster.nodes.map((node) =>
        node.replication
          ? {
              ...node,
              replication: {
                ...node.replication,
                phase,
                coverage: { value: coverage, errorBar: 0.001, distinguishable },
              },
            }
          : node,
      ),
    });

  it('a slave is behind after 30 s, and has caught up only once it is in step', () => {
    const watched = calmFor(10);
    watched.seconds(30, {}, judged('behind', 1));
    expect(watched.told).toEqual([]);
    watched.seconds(1, {}, judged('behind', 1));
    expect(watched.told).toEqual(['raised sync-behind fw2']);
    watched.seconds(120, {}, judged('full-sync', 1));
    expect(watched.phase('sync-behind fw2')).toBe('firing');
    watched.seconds(31);
    expect(watched.told).toEqual(['raised sync-behind fw2', 'cleared sync-behind fw2']);
  });

  it('coverage below 99 % is told after a minute, where counting can tell it at all', () => {
    const watched = calmFor(10);
    watched.seconds(120, {}, judged('in-step', 0.9895));
    watched.seconds(120, {}, judged('in-step', 0.97, false));
    expect(watched.told).toEqual([]);
    watched.seconds(60, {}, judged('in-step', 0.9879));
    expect(watched.told).toEqual([]);
    watched.seconds(1, {}, judged('in-step', 0.9879));
    expect(watched.told).toEqual(['raised coverage-low fw2']);
    expect(watched.message('coverage-low fw2')).toBe("fw2 holds 98.7 % of the master's connections.");
  });

  const filled = (many: number, age = 0) => {
    return (cluster: ClusterSnapshot): ClusterSnapshot => ({
      ...cluster,
      nodes: cluster.nodes.map((node) => ({
        ...node,
        readings: {
          ...node.readings,
          connections: good(many, cluster.observedAt - age),
          connectionsMax: good(1000, cluster.observedAt),
        },
      })),
    });
  };

  it('a table is full above 90 %, and an old count proves nothing', () => {
    const watched = calmFor(10);
    watched.seconds(20, {}, filled(900));
    watched.seconds(20, {}, filled(950, 7_000));
    expect(watched.told).toEqual([]);
    watched.seconds(11, {}, filled(901));
    expect(watched.told).toEqual(['raised table-full fw1', 'raised table-full fw2']);
    watched.seconds(120, {}, filled(100, 7_000));
    expect(watched.told).toHaveLength(2);
  });

  const swapped = {
    fw1: { state: 'BACKUP', holds: false, hears: 'fw2', agent: agent({ external: 1000, received: 9_999 }) },
    fw2: { state: 'MASTER', holds: true, agent: agent({ internal: 1000, received: 9_999 }) },
  } as const;

  it('a role that moved without us is told, for a quarter of an hour', () => {
    const watched = calmFor(10);
    watched.seconds(6, swapped);
    expect(watched.told).toEqual(['raised role-moved fw2']);
    expect(watched.message('role-moved fw2')).toBe('VI_1 moved from fw1 to fw2, and Handover did not do it.');
    watched.seconds(6);
    expect(watched.told).toEqual([
      'raised role-moved fw2',
      'cleared role-moved fw2',
      'raised role-moved fw1',
    ]);
    watched.seconds(15 * 60 + 1);
    expect(watched.told.at(-1)).toBe('cleared role-moved fw1');
  });

  it('a role that a failover of ours moved is no news, also a moment after its end', () => {
    const watched = calmFor(10);
    watched.story.put({ kind: 'run', run: run('running') });
    watched.seconds(2);
    watched.story.put({ kind: 'run', run: run('done', watched.story.now) });
    watched.seconds(60, swapped);
    expect(watched.told.filter((each) => each.includes('role-moved'))).toEqual([]);
  });

  it('every name has a rule, and no two rules share one', () => {
    expect(new Set(alertRules.map(({ name }) => name)).size).toBe(alertRules.length);
    expect(alertRules).toHaveLength(11);
  });
});

describe('what is done on purpose does not alarm', () => {
  const stopped = (watched: Watched) => failing(watched, 'agent', 'not-running');

  it('while a failover of ours runs nothing is raised, and what is left after it is', () => {
    const watched = calmFor(10);
    watched.story.put({ kind: 'run', run: run('running') });
    watched.seconds(60, stopped(watched));
    expect(watched.told).toEqual([]);
    expect(watched.phase('agent-gone fw2')).toBe('muted');
    watched.story.put({ kind: 'run', run: run('failed', watched.story.now) });
    watched.seconds(11, stopped(watched));
    expect(watched.told.toSorted()).toEqual(['raised agent-gone fw2', 'raised unprotected']);
  });

  const with2 =
    (more: object) =>
    (cluster: ClusterSnapshot): ClusterSnapshot => ({
      ...cluster,
      nodes: cluster.nodes.map((node) => (node.name === 'fw2' ? { ...node, ...more } : node)),
    });

  it('a node in maintenance raises nothing about itself, but two masters are never on purpose', () => {
    const watched = calmFor(10);
    watched.seconds(60, stopped(watched), with2({ inMaintenance: true }));
    expect(watched.told).toEqual([]);
    watched.seconds(10, { fw2: { state: 'MASTER', holds: true } }, with2({ inMaintenance: true }));
    expect(watched.told).toEqual(['raised split-brain']);
  });

  it('a node that was held down an hour ago is watched again: it may be the only slave', () => {
    const watched = calmFor(10);
    const since = watched.story.now;
    watched.seconds(60, stopped(watched), with2({ heldDownSince: since }));
    expect(watched.told).toEqual([]);
    watched.seconds(20, stopped(watched), with2({ heldDownSince: since - 3_600_000 }));
    expect(watched.told).toContain('raised agent-gone fw2');
  });

  it('what was raised before stays until it has ended', () => {
    const watched = calmFor(10);
    watched.seconds(8, stopped(watched));
    watched.seconds(8, stopped(watched), with2({ inMaintenance: true }));
    expect(watched.phase('agent-gone fw2')).toBe('firing');
    watched.seconds(11, {}, with2({ inMaintenance: true }));
    expect(watched.told).toContain('cleared agent-gone fw2');
  });
});

describe('time that nobody saw does not count', () => {
  it('after a sleep of the machine, or a clock that was set, an alert is not raised at once', () => {
    const watched = calmFor(10);
    lose(watched, 'fw2');
    watched.seconds(2, { fw2: null });
    watched.story.now += 3_600_000;
    watched.seconds(1, { fw2: null });
    expect(watched.told).toEqual([]);
    watched.story.now -= 7_200_000;
    lose(watched, 'fw2');
    watched.seconds(1, { fw2: null });
    expect(watched.told).toEqual([]);
  });
});

describe('an acknowledgement', () => {
  const gone = () => {
    const watched = calmFor(10);
    lose(watched, 'fw2');
    watched.seconds(15, { fw2: null });
    return watched;
  };

  it('stands on a raised alert with its note until the alert is over', () => {
    const watched = gone();
    expect(watched.acknowledge('node-gone fw2', 'new disk')).toBe(true);
    watched.seconds(5, { fw2: null });
    const [alert] = watched.alerts.alerts;
    expect(alert && raisedPhase(alert)?.acknowledged?.note).toBe('new disk');
    find(watched, 'fw2');
    watched.seconds(12);
    lose(watched, 'fw2');
    watched.seconds(15, { fw2: null });
    const [again] = watched.alerts.alerts;
    expect(again?.phase.kind).toBe('firing');
    expect(again && raisedPhase(again)?.acknowledged).toBeUndefined();
    expect(watched.told.map((each) => each.split(' ')[0])).toEqual([
      'raised',
      'acknowledged',
      'cleared',
      'raised',
    ]);
  });

  it('is refused where nothing is raised', () => {
    const watched = calmFor(10);
    lose(watched, 'fw2');
    watched.seconds(2, { fw2: null });
    expect(watched.phase('node-gone fw2')).toBe('pending');
    expect(watched.acknowledge('node-gone fw2', '')).toBe(false);
    expect(watched.acknowledge('nothing', '')).toBe(false);
  });
});
