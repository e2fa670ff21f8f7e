import { beforeEach, describe, expect, it } from 'vitest';
import type { Command, CommandOutput } from '../../../main/agents/command.ts';
import { agentsOf } from '../../../main/cluster/cluster-agents.ts';
import type { AuditEntry } from '../../../main/failover/audit-log.ts';
import { type CanaryPorts, createCanaries } from '../../../main/failover/canary.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import type { ClusterDefinition } from '../../../shared/domain/cluster.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { LagEstimate } from '../../../shared/domain/sync-lag.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { type AgentFigures, agent, definition, Story } from '../domain/build.ts';

const good: CommandOutput = { stdout: '', stderr: '', exitCode: 0 };

/** Two nodes whose tables are made up: what is asked of whom, and written to the audit log, is kept in order. */
class MadeUp {
  readonly done: string[] = [];
  readonly audited: AuditEntry[] = [];
  readonly published: LagEstimate[] = [];
  story = new Story('fw1', 'fw2');
  definition: ClusterDefinition = { ...definition('fw1', 'fw2'), canary: true };
  insert: CommandOutput | 'lost' = good;
  remove: CommandOutput = {
    ...good,
    stderr: 'conntrack v1.4.7 (conntrack-tools): 1 flow entries have been deleted.',
  };
  arrives = true;
  audit: Result<void, string> = ok(undefined);
  nextDumpAt: number | undefined;
  #port = 0;

  watch(slave: AgentFigures = {}): this {
    this.story.seconds(5, (second) => ({
      fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 100 }) },
      fw2: {
        state: 'BACKUP',
        holds: false,
        hears: 'fw1',
        agent: agent({ external: 100, received: second * 10, ...slave }),
      },
    }));
    return this;
  }

  #run(node: string, { argv }: Command): Result<CommandOutput & { sentAt: number; endedAt: number }, never> {
    const words = argv.join(' ');
    this.done.push(`${node} ${words}`);
    const output = words.includes(' -I ')
      ? this.insert === 'lost'
        ? { ...good, exitCode: 1, stderr: 'cut off' }
        : this.insert
      : words.includes(' -D ')
        ? this.remove
        : good;
    if (words.includes(' -I ')) this.#port = Number(/--sport (\d+)/.exec(words)?.[1]);
    const line = `tcp      6 ESTABLISHED src=198.51.100.1 dst=198.51.100.2 sport=${this.#port} dport=9 [ASSURED] mark=4242 [active since 0s]\n`;
    const stdout = words.endsWith(' -e') && this.arrives ? line : output.stdout;
    const at = Date.now();
    return ok({ ...output, stdout, sentAt: at, endedAt: at + 4 });
  }

  send() {
    const runner = (_cluster: string, node: string): NodeRunner => {
      const run = async (command: Command) => this.#run(node, command);
      return {
        node,
        privileged: true,
        poll: run,
        exec: run,
        stream: async () => err({ kind: 'unreachable', message: 'not asked for here' }),
        lane: () => ({ poll: run, close: () => void this.done.push(`${node} lane closed`) }),
        line: ({ argv }) => argv.join(' '),
      };
    };
    const ports: CanaryPorts = {
      clock: () => this.story.now,
      definition: () => this.definition,
      snapshot: () => this.snapshot(),
      onSnapshot: () => () => undefined,
      agents: agentsOf,
      runner,
      nextDumpAt: () => this.nextDumpAt,
      dumped: () => void this.done.push('dumped'),
      publish: (_cluster, _master, _node, estimate) => void this.published.push(estimate),
    };
    const audit = async (entry: AuditEntry) => {
      this.audited.push(entry);
      this.done.push(`audit ${entry.kind} ${entry.command?.[1] ?? ''}`);
      return this.audit;
    };
    return createCanaries(ports, audit, () => ok(() => undefined), 20).send({ cluster: 'edge', node: 'fw2' });
  }

  snapshot: () => ClusterSnapshot = () => this.story.snapshot;
}

let made: MadeUp;
beforeEach(() => {
  made = new MadeUp();
});
const wrote = () => made.done.some((each) => each.includes(' -I '));

describe('a canary', () => {
  it('is written, seen and deleted by the same five-tuple, each after its line in the audit log', async () => {
    const answer = await made.watch().send();
    expect(answer).toMatchObject({
      accepted: true,
      reads: 1,
      removed: true,
      estimate: { method: 'canary', kind: 'below' },
    });
    expect(
      made.done.filter((each) => / -[IDe]( |$)|audit/.test(each)).map((each) => each.replace(/ -p .*/, '')),
    ).toEqual([
      'audit intent -I',
      'fw1 /usr/sbin/conntrack -I -s 198.51.100.1 -d 198.51.100.2',
      'audit outcome -I',
      'fw2 /usr/sbin/conntrackd -C /etc/conntrackd/conntrackd.conf -e',
      'audit intent -D',
      'fw1 /usr/sbin/conntrack -D -s 198.51.100.1 -d 198.51.100.2',
      'audit outcome -D',
    ]);
    const port = (mark: string) =>
      made.done.find((each) => each.includes(mark))?.match(/--sport (\d+) --dport 9/)?.[1];
    expect(port(' -I ')).toBe(port(' -D '));
    expect(made.published).toHaveLength(1);
    expect(made.done.at(-1)).toBe('fw2 lane closed');
  });

  it('that was not seen is deleted all the same, after twenty reads at most', async () => {
    made.arrives = false;
    const answer = await made.watch().send();
    expect(answer).toMatchObject({ accepted: true, removed: true, estimate: { kind: 'unknown' } });
    expect(made.done.filter((each) => each.endsWith(' -e')).length).toBeLessThanOrEqual(20);
    expect(made.done.some((each) => each.includes(' -D '))).toBe(true);
  }, 20_000);

  it('of whose writing nobody knows the end is deleted all the same, as often as it takes', async () => {
    made.insert = 'lost';
    made.remove = { stdout: '', stderr: 'Operation failed: Resource temporarily unavailable', exitCode: 1 };
    expect(await made.watch().send()).toMatchObject({ accepted: false });
    expect(made.done.filter((each) => each.includes(' -D '))).toHaveLength(3);
    expect(made.audited.at(-1)).toMatchObject({ kind: 'outcome', outcome: 'failed' });
  });

  it('is not written where the audit log cannot be', async () => {
    made.audit = err('no space left on device');
    expect(await made.watch().send()).toMatchObject({
      accepted: false,
      reason: 'Nothing was written, because the audit log cannot be: no space left on device',
    });
    expect(wrote()).toBe(false);
  });
});

describe('a canary is refused, with the reason and nothing written,', () => {
  const refusals: Record<string, [prepare: () => unknown, reason: string]> = {
    'where the inventory does not allow it': [
      () => {
        made.definition = definition('fw1', 'fw2');
        made.watch();
      },
      'set canary: true',
    ],
    'where the login only reads': [
      () => {
        const [fw1, fw2] = made.definition.nodes;
        if (fw1 && fw2) made.definition = { ...made.definition, nodes: [fw1, { ...fw2, user: 'viewer' }] };
        made.watch();
      },
      'only reads',
    ],
    'where the slave keeps no external cache': [
      () => {
        made.watch();
        const { snapshot } = made.story;
        made.snapshot = () => ({
          ...snapshot,
          nodes: snapshot.nodes.map((node) => {
            const read = node.readings.agent;
            if (!read?.ok) return node;
            const value = { ...read.value, external: { ...read.value.external, kind: 'inject' as const } };
            return { ...node, readings: { ...node.readings, agent: { ...read, value } } };
          }),
        });
      },
      'DisableExternalCache',
    ],
    'where its cache is too big to be read for one figure': [
      () => made.watch({ external: 5_001 }),
      'holds 5001 entries',
    ],
    'where its cache was read a moment ago': [
      () => {
        made.watch();
        made.nextDumpAt = made.story.now + 20_000;
      },
      'again in 20 s',
    ],
    'where what was read has grown old': [
      () => {
        made.watch();
        made.story.now += 60_000;
      },
      'too old',
    ],
    'where there is no master': [
      () => {
        made.watch();
        const { snapshot } = made.story;
        made.snapshot = () => ({ ...snapshot, master: null });
      },
      'No node is master',
    ],
  };
  for (const [when, [prepare, reason]] of Object.entries(refusals)) {
    it(when, async () => {
      prepare();
      const answer = await made.send();
      expect(answer).toMatchObject({ accepted: false });
      expect(answer.accepted ? '' : answer.reason).toContain(reason);
      expect(wrote()).toBe(false);
    }, 15_000);
  }
});
