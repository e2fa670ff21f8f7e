import type { ClusterDefinition } from '../../../shared/domain/cluster.ts';
import { reduce } from '../../../shared/domain/cluster-reducer.ts';
import type { ClusterSnapshot, NodeReadings } from '../../../shared/domain/cluster-snapshot.ts';
import { type ClusterInput, type ClusterState, initialState } from '../../../shared/domain/cluster-state.ts';
import type { SyncAgentState } from '../../../shared/domain/replication.ts';
import type { EngineState, TakeoverInstance, TakeoverState } from '../../../shared/domain/takeover.ts';
import type { Failure, Reading } from '../../../shared/lib/reading.ts';

/** A service address of the made-up cluster, and each node's own. */
export const vip = '10.0.0.1';
export const own: Readonly<Record<string, string>> = { fw1: '10.0.0.11', fw2: '10.0.0.12', fw3: '10.0.0.13' };

export const good = <T>(value: T, observedAt: number, source = 'test'): Reading<T> => ({
  ok: true,
  value,
  observedAt,
  source,
});

export const bad = (kind: Failure['kind'], observedAt: number): Reading<never> => ({
  ok: false,
  failure: { kind, message: `made up: ${kind}` },
  observedAt,
  source: 'test',
});

export function instance(state: EngineState, more: Partial<TakeoverInstance> = {}): TakeoverInstance {
  return {
    name: 'VI_1',
    vrid: 51,
    interface: 'eth0',
    state,
    basePriority: 100,
    effectivePriority: 100,
    addresses: [vip],
    ...more,
  };
}

export const takeover = (...instances: TakeoverInstance[]): TakeoverState => ({ instances });

export interface AgentFigures {
  readonly internal?: number;
  readonly external?: number;
  readonly externalCreated?: number;
  readonly externalDestroyed?: number;
  readonly received?: number;
  readonly lost?: number;
  readonly resend?: number;
  readonly created?: number;
  readonly updated?: number;
  readonly status?: string;
  readonly mode?: SyncAgentState['mode'];
}

export function agent(figures: AgentFigures = {}): SyncAgentState {
  const { internal = 0, external = 0, received = 0, resend = 0, status = 'RUNNING', mode = 'ftfw' } = figures;
  const created = figures.created ?? internal;
  const counters = { updated: 0, destroyed: 0, failed: 0 };
  return {
    mode,
    internal: {
      kind: 'cache',
      counters: { ...counters, updated: figures.updated ?? 0, active: internal, created },
    },
    external: {
      kind: 'cache',
      counters: {
        ...counters,
        active: external,
        created: figures.externalCreated ?? external,
        destroyed: figures.externalDestroyed ?? 0,
      },
    },
    channels: [
      {
        transport: 'multicast',
        device: 'sync0',
        status,
        active: true,
        bytesSent: 1_000,
        bytesReceived: received * 10,
        packetsSent: 10,
        packetsReceived: received,
        errorsSent: 0,
        errorsReceived: 0,
      },
    ],
    ...(mode === 'ftfw' && { backlog: { resend, transmit: 0, overflowed: 0 } }),
    malformed: 0,
    lost: figures.lost ?? 0,
  };
}

/** A node as it is read in one round: its state, the addresses it holds, its agent. */
export interface NodeRound {
  readonly state?: EngineState | Reading<TakeoverState>;
  readonly holds?: boolean;
  readonly agent?: SyncAgentState | Reading<SyncAgentState>;
  readonly hears?: string;
  /** What is read otherwise than on a sound node. */
  readonly facts?: NodeReadings | undefined;
}

/** What only readiness is judged from, as it is on a node that could take over. */
export const sound = (at: number): NodeReadings => ({
  connections: good(100, at),
  connectionsMax: good(10_000, at),
  settings: good({ 'net.ipv4.ip_forward': '1' }, at, 'sysctl'),
  rules: good({ hash: 'a', lines: 12 }, at, 'nft list ruleset'),
  routes: good([{ destination: 'default', gateways: ['10.0.0.254'], device: 'eth0' }], at),
  neighbours: good([{ address: '10.0.0.254', device: 'eth0', state: 'REACHABLE', confirmedSeconds: 3 }], at),
  helpers: good([], at),
  hooks: good(
    {
      programs: [{ path: '/etc/hook.sh', state: 'executable' }],
      without: [],
      complete: true,
      trackedInterfaces: [],
    },
    at,
    'stat',
  ),
  syncLog: good({ commitRunning: false, bulkSinceStart: true }, at, 'tail'),
  agentChildren: good([], at),
});

export function readings(name: string, round: NodeRound, at: number): NodeReadings {
  const { state, holds, hears } = round;
  const mine = own[name] ?? '10.0.0.99';
  const addresses = [mine, ...(holds ? [vip] : [])].map((address) => ({
    device: 'eth0',
    address,
    prefixLength: 24,
    carrier: true,
  }));
  const heard = hears === undefined ? {} : { masterRouter: own[hears] ?? hears };
  return {
    ...sound(at),
    clockOffset: good(0, at),
    ...(holds !== undefined && { addresses: good(addresses, at) }),
    ...(state !== undefined && {
      takeover: typeof state === 'string' ? good(takeover(instance(state, heard)), at) : state,
    }),
    ...(round.agent && { agent: 'ok' in round.agent ? round.agent : good(round.agent, at) }),
    ...round.facts,
  };
}

export const definition = (...names: string[]): ClusterDefinition => ({
  name: 'edge',
  agent: { kind: 'conntrackd', config: '/etc/conntrackd/conntrackd.conf' },
  takeover: { kind: 'keepalived', pidFile: '/run/keepalived.pid' },
  nodes: names.map((name) => ({
    name,
    host: own[name] ?? name,
    port: 22,
    user: 'root',
    knownHostsFile: '/dev/null',
    sudo: false,
  })),
});

/** A cluster that is read again and again, once a second from second 1,000 on. */
export class Story {
  #state: ClusterState;
  now = 1_000_000;

  constructor(...names: string[]) {
    this.#state = initialState(definition(...names), this.now);
    for (const node of names) {
      this.put({
        kind: 'session',
        node,
        session: { kind: 'connected', since: this.now },
        failure: undefined,
      });
    }
  }

  put(input: ClusterInput): void {
    this.#state = reduce(this.#state, input, this.now);
  }

  /** One second passes, and these nodes answer. */
  second(rounds: Readonly<Record<string, NodeRound>>): ClusterSnapshot {
    this.now += 1_000;
    for (const [node, round] of Object.entries(rounds)) {
      this.put({ kind: 'readings', node, readings: readings(node, round, this.now) });
    }
    this.put({ kind: 'tick' });
    return this.snapshot;
  }

  /** `seconds` such seconds; the round may depend on which one it is. */
  seconds(seconds: number, rounds: (second: number) => Readonly<Record<string, NodeRound>>): ClusterSnapshot {
    for (let second = 1; second <= seconds; second += 1) this.second(rounds(second));
    return this.snapshot;
  }

  get snapshot(): ClusterSnapshot {
    return this.#state.snapshot;
  }

  codes(): string[] {
    return this.snapshot.reasons.map((reason) => reason.code);
  }

  node(name: string) {
    const node = this.snapshot.nodes.find((each) => each.name === name);
    if (!node) throw new Error(`no node ${name}`);
    return node;
  }
}
