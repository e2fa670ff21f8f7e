/** That connections are dropped one exact tuple at a time, after a confirmation and an audit line, or not at all. */
import { describe, expect, it } from 'vitest';
import type { Command, CommandOutput } from '../../../main/agents/command.ts';
import { dropCommand } from '../../../main/agents/table/conntrack/drop.ts';
import { conntrack } from '../../../main/agents/table/conntrack/index.ts';
import { createDrops, type DropAudit } from '../../../main/connections/drop.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import type { FailoverRun } from '../../../shared/domain/failover-run.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { good, Story } from '../domain/build.ts';

const tcp = (sport: number): Connection => ({
  family: 'ipv4',
  protocol: 'tcp',
  protocolNumber: 6,
  original: { src: '10.1.0.1', dst: '10.2.0.1', sport, dport: 443 },
  flags: ['ASSURED'],
  extra: {},
});

const wordsOf = (connection: Connection): string => {
  const named = dropCommand(connection);
  return named.ok ? named.value.argv.join(' ') : named.error;
};

describe('the command for a connection', () => {
  it('names family, protocol, both ends and the zone, so that nothing else can be meant', () => {
    expect(wordsOf(tcp(40_001))).toBe(
      '/usr/sbin/conntrack -D -f ipv4 -s 10.1.0.1 -d 10.2.0.1 -p tcp --sport 40001 --dport 443 -w 0',
    );
    expect(wordsOf({ ...tcp(1), zone: 7 })).toMatch(/ -w 7$/);
  });

  it('names an echo by type, code and id', () => {
    const original = { src: '2001:db8::1', dst: '2001:db8::2', type: 128, code: 0, id: 77 };
    expect(
      wordsOf({ ...tcp(1), family: 'ipv6', protocol: 'icmpv6', protocolNumber: 58, original }),
    ).toContain('-p icmpv6 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 77 -w 0');
  });

  it('does not exist where conntrack would delete more than the one', () => {
    expect(wordsOf({ ...tcp(1), protocol: 'gre', protocolNumber: 47 })).toMatch(/every GRE tunnel/);
    expect(wordsOf({ ...tcp(1), extra: { 'zone-orig': 3 } })).toMatch(/one direction only/);
    expect(wordsOf({ ...tcp(1), original: { src: '10.1.0.1', dst: '10.2.0.1' } })).toMatch(
      /does not name it/,
    );
    expect(wordsOf({ ...tcp(1), family: 'unknown' })).toMatch(/unknown family/);
  });
});

const deleted = (count: number): CommandOutput => ({
  stdout: '',
  stderr: `conntrack v1.4.7 (conntrack-tools): ${count} flow entries have been deleted.\n`,
  exitCode: count === 0 ? 1 : 0,
});

const underWay: FailoverRun = {
  ...{ runId: 'r1', planId: 'p1', cluster: 'edge', from: 'fw1', to: 'fw2', lever: 'handover-file' },
  ...{ state: 'running', startedAt: 1_000, guards: [], steps: [], summary: 'fw2 is to take over' },
};

/** One node whose commands are kept in order with the lines of the audit log. */
class MadeUp {
  readonly done: string[] = [];
  allowed = true;
  answer: (command: Command) => Result<CommandOutput, { kind: 'unreachable'; message: string }> = () =>
    ok(deleted(1));
  audited: Result<void, string> = ok(undefined);
  now = 1_000;
  snapshot: ClusterSnapshot = new Story('fw1', 'fw2').snapshot;

  readonly #runner = {
    node: 'fw1',
    privileged: true,
    sudo: true,
    line: ({ argv }: Command) => argv.join(' '),
    poll: async ({ argv }: Command) => {
      this.done.push(`asked ${argv.slice(3).join(' ')}`);
      return ok({ stdout: '', stderr: '', exitCode: this.allowed ? 0 : 1, sentAt: 0, endedAt: 1 });
    },
    exec: async (command: Command) => {
      this.done.push(`sent ${command.argv.join(' ')}`);
      const answer = this.answer(command);
      return answer.ok ? ok({ ...answer.value, sentAt: 0, endedAt: 1 }) : answer;
    },
  } satisfies Partial<NodeRunner>;
  readonly #audit: DropAudit = async ({ kind, command, outcome }) => {
    this.done.push(['audit', kind, ...(command?.slice(-5) ?? []), outcome ?? ''].join(' ').trim());
    return this.audited;
  };
  readonly drops = createDrops({
    find: (_cluster, node) =>
      node === 'fw1'
        ? { runner: this.#runner as unknown as NodeRunner, table: conntrack, snapshot: () => this.snapshot }
        : undefined,
    audit: this.#audit,
    clock: () => this.now,
  });

  async planned(connections: readonly Connection[]) {
    const plan = await this.drops.plan('edge', 'fw1', connections);
    if (!plan.ok) throw new Error(plan.error);
    this.done.length = 0;
    return plan.value;
  }
}

describe('dropping', () => {
  it('shows what it would send, asks sudo once for each form, and sends nothing', async () => {
    const made = new MadeUp();
    const plan = await made.drops.plan('edge', 'fw1', [tcp(1), tcp(2)]);
    expect(plan).toMatchObject({
      ok: true,
      value: { entries: [{ connection: tcp(1) }, { connection: tcp(2) }] },
    });
    expect(made.done).toEqual([expect.stringMatching(/^asked .*conntrack -D -f ipv4/)]);
    expect(plan.ok && plan.value.confirm).toBeUndefined();
  });

  it('leaves what no command names alone, with the reason, and drops the others', async () => {
    const made = new MadeUp();
    const tunnel = { ...tcp(9), protocol: 'gre', protocolNumber: 47 };
    const plan = await made.planned([tcp(1), tunnel, tcp(2)]);
    expect(plan.entries.map(({ connection }) => connection)).toEqual([tcp(1), tcp(2)]);
    expect(plan.left).toEqual([{ connection: tunnel, reason: expect.stringContaining('GRE tunnel') }]);
    expect(await made.drops.drop(plan.planId, '')).toMatchObject({
      value: [{ outcome: 'dropped' }, { outcome: 'dropped' }],
    });
    expect(made.done.filter((each) => each.startsWith('sent'))).toHaveLength(2);
  });

  it('is refused where none of the chosen can be named, and counts only those for the confirmation', async () => {
    const made = new MadeUp();
    const tunnel = { ...tcp(9), protocol: 'gre', protocolNumber: 47 };
    expect(await made.drops.plan('edge', 'fw1', [tunnel])).toEqual(
      err(expect.stringContaining('every GRE tunnel')),
    );
    const ports = Array.from({ length: 10 }, (_, port) => tcp(port + 1));
    expect((await made.planned([...ports, tunnel])).confirm).toBeUndefined();
    expect((await made.planned([...ports, tcp(99), tunnel])).confirm).toBe('edge');
  });

  it('says how long a large table keeps the node busy with it, and takes no more than two minutes of that', async () => {
    const made = new MadeUp();
    made.snapshot = {
      ...made.snapshot,
      nodes: made.snapshot.nodes.map((each) => ({
        ...each,
        readings: { ...each.readings, connections: good(1_000_000, 1) },
      })),
    };
    const some = (count: number) => Array.from({ length: count }, (_, port) => tcp(port + 1));
    expect((await made.planned(some(1))).warnings).toContain(
      'conntrack walks the whole table of fw1 for each: that takes about 6 s.',
    );
    expect((await made.planned(some(20))).entries).toHaveLength(20);
    expect(await made.drops.plan('edge', 'fw1', some(21))).toEqual(
      err(
        'conntrack walks the whole table of fw1 for each, 1,000,000 entries: that would take about 122 s. Select at most 20.',
      ),
    );
  });

  it('writes each line of the audit log before its effect, and says what became of each', async () => {
    const made = new MadeUp();
    const plan = await made.planned([tcp(1), tcp(2)]);
    made.answer = ({ argv }) => ok(deleted(argv.includes('2') ? 0 : 1));
    const done = await made.drops.drop(plan.planId, '');
    expect(done).toMatchObject({ value: [{ outcome: 'dropped' }, { outcome: 'already-gone' }] });
    expect(made.done.map((each) => each.split(' ').slice(0, 2).join(' '))).toEqual([
      'audit intent',
      'sent /usr/sbin/conntrack',
      'audit outcome',
      'audit intent',
      'sent /usr/sbin/conntrack',
      'audit outcome',
    ]);
  });

  it('sends nothing where the audit log cannot be written', async () => {
    const made = new MadeUp();
    const plan = await made.planned([tcp(1)]);
    made.audited = err('no space left on device');
    const done = await made.drops.drop(plan.planId, '');
    expect(done).toMatchObject({
      value: [{ outcome: 'not-sent', message: expect.stringContaining('no space left') }],
    });
    expect(made.done.filter((each) => each.startsWith('sent'))).toEqual([]);
  });

  it('stops where a failover begins meanwhile', async () => {
    const made = new MadeUp();
    const plan = await made.planned([tcp(1), tcp(2)]);
    made.answer = () => {
      made.snapshot = { ...made.snapshot, run: underWay };
      return ok(deleted(1));
    };
    const done = await made.drops.drop(plan.planId, '');
    expect(done).toMatchObject({ value: [{ outcome: 'dropped' }, { outcome: 'not-sent' }] });
  });

  it('stops at a node that no longer answers, of which it does not know what it did', async () => {
    const made = new MadeUp();
    const plan = await made.planned([tcp(1), tcp(2)]);
    made.answer = () => err({ kind: 'unreachable', message: 'the link is down' });
    const done = await made.drops.drop(plan.planId, '');
    expect(done).toMatchObject({ value: [{ outcome: 'unknown' }, { outcome: 'not-sent' }] });
  });

  it('wants the name of the cluster typed past ten', async () => {
    const made = new MadeUp();
    const plan = await made.planned(Array.from({ length: 11 }, (_, index) => tcp(index + 1)));
    expect(plan.confirm).toBe('edge');
    expect(await made.drops.drop(plan.planId, 'egde')).toMatchObject({
      ok: false,
      error: 'Type edge to confirm.',
    });
    expect(made.done).toEqual([]);
    expect(await made.drops.drop(plan.planId, 'edge')).toMatchObject({ ok: true });
  });

  it('carries a plan out once, and not when it is old', async () => {
    const made = new MadeUp();
    const plan = await made.planned([tcp(1)]);
    await made.drops.drop(plan.planId, '');
    expect(await made.drops.drop(plan.planId, '')).toMatchObject({ ok: false });
    const old = await made.planned([tcp(1)]);
    made.now += 121_000;
    expect(await made.drops.drop(old.planId, '')).toMatchObject({
      ok: false,
      error: expect.stringContaining('older than two minutes'),
    });
  });

  it('is unavailable where sudo has no rule for it, and says which helps', async () => {
    const made = new MadeUp();
    made.allowed = false;
    expect(await made.drops.plan('edge', 'fw1', [tcp(1)])).toMatchObject({
      ok: false,
      error: expect.stringContaining('HANDOVER_DROP'),
    });
  });

  it('never drops more than a thousand at once', async () => {
    const made = new MadeUp();
    const many = Array.from({ length: 1_001 }, (_, index) => tcp(index + 1));
    expect(await made.drops.plan('edge', 'fw1', many)).toMatchObject({
      ok: false,
      error: expect.stringContaining('At most 1000'),
    });
  });
});
