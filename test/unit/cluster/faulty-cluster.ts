import { vi } from 'vitest';
import { agentsOf } from '../../../main/cluster/cluster-agents.ts';
import { type ClusterWatch, watchCluster } from '../../../main/cluster/cluster-watch.ts';
import { pollPace } from '../../../main/cluster/poll-pace.ts';
import { createShell, type Output } from '../../../main/demo/shell.ts';
import { paths } from '../../../main/demo/site.ts';
import { createWorld } from '../../../main/demo/world.ts';
import { type CommandRequest, type CommandResult, missedDeadline } from '../../../main/transport/link.ts';
import type { NodeSession, SessionState } from '../../../main/transport/session.ts';
import type { ClusterDefinition } from '../../../shared/domain/cluster.ts';
import type { ClusterSnapshot, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { Failure } from '../../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';

/** What a node does with a command instead of what its programs would: print other words, print late, or never. */
export type Fault = (command: string, output: Output) => Output | { readonly afterMs: number } | 'stalls';

const definition: ClusterDefinition = {
  name: 'faulty',
  agent: { kind: 'conntrackd', config: paths.conntrackdConfig },
  takeover: { kind: 'keepalived', pidFile: paths.keepalivedPid, handoverFile: paths.handover },
  nodes: ['fw1', 'fw2'].map((name) => ({
    ...{ name, host: name, port: 22, user: 'ops', sudo: true },
    ...{ identityFile: '', knownHostsFile: '' },
  })),
};

/** The simulated cluster behind a transport that breaks when told, on vitest's fake clock: `vi.useFakeTimers()` first. */
export interface FaultyCluster {
  readonly watch: ClusterWatch;
  readonly snapshot: () => ClusterSnapshot;
  readonly node: (name: string) => NodeSnapshot;
  /** From now on, until the next word on it. */
  readonly fault: (node: string, fault: Fault | undefined) => void;
  /** The session ends with this failure, or stands again. */
  readonly link: (node: string, failure: Failure | undefined) => void;
  readonly seconds: (count: number) => Promise<ClusterSnapshot>;
  /** Moves our own clock, and with it nothing else. */
  readonly setOurClock: (byMs: number) => void;
  readonly close: () => void;
}

export function faultyCluster(): FaultyCluster {
  let trueNow = Date.now();
  let ours = 0;
  const world = createWorld(trueNow);
  const faults = new Map<string, Fault>();
  const sessions = new Map<string, ReturnType<typeof sessionOn>>();
  const open = (name: string) => {
    const node = world.nodes.find(({ site }) => site.name === name);
    if (!node) throw new Error(`no node ${name}`);
    const session = sessionOn(
      name,
      createShell(world, node, () => trueNow),
      () => faults.get(name),
    );
    sessions.set(name, session);
    return session;
  };
  const watch = watchCluster(
    definition,
    agentsOf(definition),
    ({ name }) => open(name).session,
    Date.now,
    () => pollPace(definition.nodes.length),
    0,
  );
  return {
    watch,
    snapshot: watch.snapshot,
    node: (name) => {
      const found = watch.snapshot().nodes.find((each) => each.name === name);
      if (!found) throw new Error(`${name} is not in the snapshot`);
      return found;
    },
    fault: (node, fault) => (fault ? faults.set(node, fault) : faults.delete(node)),
    link: (node, failure) => sessions.get(node)?.turn(failure),
    seconds: async (count) => {
      for (let step = 0; step < count * 20; step += 1) {
        trueNow += 50;
        world.timeline.advance(trueNow);
        await vi.advanceTimersByTimeAsync(50);
      }
      return watch.snapshot();
    },
    setOurClock: (byMs) => {
      ours += byMs;
      vi.setSystemTime(trueNow + ours);
    },
    close: watch.close,
  };
}

/** Commands of the poll are answered in their order, all others at once, each after a millisecond. */
function sessionOn(name: string, shell: ReturnType<typeof createShell>, faultNow: () => Fault | undefined) {
  let state: SessionState = { kind: 'connected', since: Date.now() };
  const listeners = new Set<(state: SessionState) => void>();
  const answer = async (request: CommandRequest): Promise<Result<CommandResult, Failure>> => {
    if (state.kind === 'waiting') return err(state.failure);
    const sentAt = Date.now();
    const output = shell.run(request.argv, request.stdin);
    const told = faultNow()?.(request.argv.join(' '), output) ?? output;
    const afterMs = told === 'stalls' ? Number.POSITIVE_INFINITY : 'afterMs' in told ? told.afterMs : 1;
    await after(Math.min(afterMs, request.deadlineMs));
    if (afterMs > request.deadlineMs) return err(missedDeadline(request.argv, name, request.deadlineMs));
    return ok({ ...(told === 'stalls' || 'afterMs' in told ? output : told), sentAt, endedAt: Date.now() });
  };
  let last: Promise<unknown> = Promise.resolve();
  const poll = (request: CommandRequest) => {
    const mine = last.then(() => answer(request));
    last = mine;
    return mine;
  };
  const session: NodeSession = {
    get state() {
      return state;
    },
    onState: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    poll,
    exec: answer,
    lane: () => undefined,
    stream: () => Promise.reject(new Error('no table is asked for here')),
    watch: () => () => undefined,
    reconnect: () => undefined,
    close: () => undefined,
  };
  const turn = (failure: Failure | undefined) => {
    state = failure
      ? { kind: 'waiting', failure, retryAt: Date.now() + 1_000 }
      : { kind: 'connected', since: Date.now() };
    for (const listener of listeners) listener(state);
  };
  return { session, turn };
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
