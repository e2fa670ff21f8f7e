import type { TakeoverEngine } from '../../../main/agents/agent.ts';
import type { Command, CommandOutput } from '../../../main/agents/command.ts';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import { keepalivedCommands } from '../../../main/agents/takeover/keepalived/commands.ts';
import { keepalivedLog } from '../../../main/agents/takeover/keepalived/logged.ts';
import type { Audit, AuditEntry } from '../../../main/failover/audit-log.ts';
import type { FailoverPorts } from '../../../main/failover/ports.ts';
import type { ClusterDefinition } from '../../../shared/domain/cluster.ts';
import type { ClusterSnapshot, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { FailoverRun } from '../../../shared/domain/failover-run.ts';
import type { SyncPhase } from '../../../shared/domain/replication.ts';
import type { Failure, Reading } from '../../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';

export const leverFile = '/var/lib/handover/handover';
export const service = ['10.77.1.1', '10.77.2.1'];

/** One simulated firewall: what an operator could turn on it, and what its keepalived made of that. */
export interface SimulatedNode {
  readonly name: string;
  base: number;
  file: string;
  /** What keepalived read from the file last. */
  status: number;
  weight: number;
  nopreempt: boolean;
  state: 'MASTER' | 'BACKUP' | 'FAULT';
  addresses: readonly string[];
  agent: 'running' | 'stopped';
  takeover: 'running' | 'stopped';
  phase: SyncPhase;
  reachable: boolean;
  tracked: boolean;
  owners: string;
  log: string;
  config: string;
  /** What a commit on this node says beside that it took place; undefined: nothing at all is logged. */
  commitSays: string | undefined;
  /** How a write of the handover file goes wrong, if it does. */
  writeFails: Failure | undefined;
  /** The role never reaches this node, whatever the priorities say. */
  stuck: boolean;
}

const node = (name: string, base: number, state: SimulatedNode['state']): SimulatedNode => ({
  name,
  base,
  file: '0',
  status: 0,
  weight: 1,
  nopreempt: false,
  state,
  addresses: state === 'MASTER' ? service : [],
  agent: 'running',
  takeover: 'running',
  phase: 'in-step',
  reachable: true,
  tracked: true,
  owners: 'root root 644 regular file\nroot root 755 directory\n',
  log: '[Sun Nov 22 15:07:10 2026] (pid=7) [notice] initialization completed\n',
  config: 'General {\n LogFile /var/log/conntrackd.log\n}\n',
  commitSays: '',
  writeFails: undefined,
  stuck: false,
});

export interface Sent {
  readonly node: string;
  readonly command: Command;
}

/** A cluster whose keepalived elects by priority, three seconds after a handover file was written. */
export function simulate(nodeCount = 2) {
  const nodes = [node('fw1', 150, 'MASTER'), node('fw2', 100, 'BACKUP'), node('fw3', 50, 'BACKUP')].slice(
    0,
    nodeCount,
  );
  const definition: ClusterDefinition = {
    name: 'edge',
    agent: { kind: 'conntrackd', config: '/etc/conntrackd/conntrackd.conf' },
    takeover: { kind: 'keepalived', pidFile: '/run/keepalived.pid', handoverFile: leverFile },
    nodes: nodes.map(({ name }) => ({
      name,
      host: '10.0.0.1',
      port: 22,
      user: 'ops',
      knownHostsFile: '/dev/null',
      sudo: true,
    })),
  };
  const world = {
    nodes,
    definition,
    sent: [] as Sent[],
    runs: [] as FailoverRun[],
    audited: [] as AuditEntry[],
    /** An error for the audit entries that this says cannot be written. */
    auditFails: (_entry: AuditEntry): string | undefined => undefined,
    /** The last word on what the console believes to see. */
    tweak: (snapshot: ClusterSnapshot): ClusterSnapshot => snapshot,
    takeoverMs: 3_000,
    onRefresh: (): void => {},
    get: (name: string): SimulatedNode => {
      const found = nodes.find((each) => each.name === name);
      if (!found) throw new Error(`no ${name}`);
      return found;
    },
    writes: () => world.sent.filter(({ command }) => command.argv[0] === '/usr/bin/tee'),
  };
  const listeners = new Set<(snapshot: ClusterSnapshot) => void>();
  const tell = () => {
    const now = world.tweak(snapshotOf(world.definition, nodes));
    for (const listener of listeners) listener(now);
  };
  const elect = () => {
    for (const each of nodes) each.status = Number(each.file);
    const master = nodes.find((each) => each.state === 'MASTER');
    const winner = nodes
      .filter((each) => each.state !== 'FAULT' && !each.stuck && (each === master || !each.nopreempt))
      .sort((a, b) => priority(b) - priority(a))[0];
    if (winner && winner !== master) {
      for (const each of nodes) {
        each.state = each === winner ? 'MASTER' : each.state === 'MASTER' ? 'BACKUP' : each.state;
        each.addresses = each === winner ? service : [];
      }
      if (winner.agent === 'running' && winner.commitSays !== undefined) {
        const at = '[Sun Nov 22 15:09:54 2026] (pid=7) [notice]';
        winner.log += `${at} committing all external caches\n${at} Committed 2051 new entries\n${winner.commitSays}${at} commit has taken 0.017000 seconds\n`;
      }
    }
    tell();
  };
  const answer = (name: string, command: Command): Result<CommandOutput, Failure> => {
    const target = world.get(name);
    if (!target.reachable) return err({ kind: 'unreachable', message: `${name} did not answer.` });
    const [program = '', ...words] = command.argv;
    const said = (stdout: string, exitCode = 0) => ok({ stdout, stderr: '', exitCode });
    switch (program) {
      case '/usr/bin/tee':
        if (target.writeFails) return err(target.writeFails);
        target.file = (command.stdin ?? '').trim();
        setTimeout(elect, world.takeoverMs);
        return said(command.stdin ?? '');
      case '/usr/bin/stat':
        return said(target.owners);
      case '/usr/bin/tail':
        return said(target.log);
      case '/usr/bin/pgrep':
        return target.agent === 'running' ? said('7\n') : said('', 1);
      case '/usr/bin/cat':
        return said(words[0] === leverFile ? `${target.file}\n` : target.config);
      default:
        throw new Error(`the failover sent ${command.argv.join(' ')}`);
    }
  };
  const ports: FailoverPorts = {
    clock: Date.now,
    definition: (name) => (name === definition.name ? world.definition : undefined),
    snapshot: () => world.tweak(snapshotOf(world.definition, nodes)),
    refresh: async () => {
      world.onRefresh();
      return world.tweak(snapshotOf(world.definition, nodes));
    },
    runOn: async (_, name, command) => {
      world.sent.push({ node: name, command });
      return answer(name, command);
    },
    onSnapshot: (_, listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publishRun: (_, run) => world.runs.push(run),
    takeover: () => engine,
    sync: () => conntrackd,
  };
  const audit: Audit = async (entry) => {
    const failure = world.auditFails(entry);
    if (failure !== undefined) return err(failure);
    world.audited.push(entry);
    return ok(undefined);
  };
  return { world, ports, audit };
}

const priority = (each: SimulatedNode): number =>
  Math.min(254, Math.max(1, each.base + each.weight * each.status));

const engine: TakeoverEngine = {
  kind: 'keepalived',
  defaultPidFile: '/run/keepalived.pid',
  commands: keepalivedCommands,
  parseState: () => err({ expected: 'nothing here parses a dump', line: 1, text: '' }),
  parsePid: () => ok(1),
  log: keepalivedLog,
  parseHooks: () => ({ programs: [], without: [], complete: true, trackedInterfaces: [] }),
  includesOf: () => [],
  withIncludes: (config) => config,
  parseSignalNumber: () => ok(36),
  isInstalledProgram: () => true,
  parseDumpStamp: () => ok({ modified: '', bytes: 0 }),
  parseLeverOwners: (text) =>
    ok(
      text
        .trim()
        .split('\n')
        .map((line) => {
          const [user = '', group = '', mode = '', ...type] = line.split(' ');
          return { user, group, mode, type: type.join(' ') };
        }),
    ),
  classify: () => undefined,
};

function snapshotOf(definition: ClusterDefinition, nodes: readonly SimulatedNode[]): ClusterSnapshot {
  const observedAt = Date.now();
  const masters = nodes.filter((each) => each.state === 'MASTER');
  return {
    name: definition.name,
    revision: 1,
    observedAt,
    verdict: 'ok',
    sentence: '',
    reasons: [],
    master: masters.length === 1 ? (masters[0]?.name ?? null) : null,
    activeActive: false,
    nodes: nodes.map((each) => nodeSnapshot(each, observedAt)),
    events: [],
    run: null,
  };
}

function nodeSnapshot(each: SimulatedNode, observedAt: number): NodeSnapshot {
  const read = <T>(value: T, failure?: Failure): Reading<T> =>
    failure
      ? { ok: false, failure, observedAt, source: 'simulated' }
      : { ok: true, value, observedAt, source: 'simulated' };
  const stopped = (what: string): Failure => ({ kind: 'not-running', message: `${what} does not run.` });
  const instances = ['LAN', 'WAN'].map((name, index) => ({
    name,
    vrid: 71 + index,
    interface: name.toLowerCase(),
    state: each.state,
    basePriority: each.base,
    effectivePriority: priority(each),
    addresses: [service[index] ?? ''],
    nopreempt: each.nopreempt,
    advertIntervalSeconds: 1,
    syncGroup: 'FW',
  }));
  return {
    name: each.name,
    host: '10.0.0.1',
    session: { kind: each.reachable ? 'connected' : 'waiting' },
    reachable: each.reachable,
    ...(!each.reachable && { failure: { kind: 'unreachable', message: `${each.name} did not answer.` } }),
    role: each.state === 'MASTER' ? 'master' : each.state === 'BACKUP' ? 'slave' : 'fault',
    engineState: each.state,
    instances: [],
    readings: {
      takeover: read(
        {
          instances,
          trackFiles: each.tracked
            ? [
                {
                  name: 'handover',
                  file: leverFile,
                  weight: each.weight,
                  status: each.status,
                  trackedBy: instances.map(({ name }) => ({ name, weight: each.weight })),
                },
              ]
            : [],
        },
        each.takeover === 'stopped' ? stopped('keepalived') : undefined,
      ),
      addresses: read(each.addresses.map((address) => ({ device: 'lan0', address, prefixLength: 24 }))),
      agent: read(
        {
          mode: 'ftfw',
          internal: { kind: 'cache' },
          external: { kind: 'cache' },
          channels: [],
          malformed: 0,
          lost: 0,
        },
        each.agent === 'stopped' ? stopped('conntrackd') : undefined,
      ),
      handoverFile: read({ value: Number(each.file), since: observedAt }),
    },
    ...(each.state === 'BACKUP' && {
      replication: {
        replicated: 2051,
        coverage: { value: 1, distinguishable: true },
        lag: { kind: 'below', seconds: 1 },
        phase: each.phase,
        evidence: 'as simulated',
      },
    }),
    observedAt,
  };
}
