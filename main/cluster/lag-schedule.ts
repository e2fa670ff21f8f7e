import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import type { ClusterSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { isFinished } from '../../shared/domain/failover-run.ts';
import type { LagBurst } from '../../shared/domain/lag-track.ts';
import { type Clock, elapsed } from '../../shared/lib/clock.ts';
import { sampleCounters } from '../probe/lag-burst.ts';
import type { NodeAgents, NodeProbe } from '../probe/node-probe.ts';

const lookMs = 1_000;
/** No node is read faster than once a second more often than this. */
const onceAMinute = 60_000;
/** From here on (ms) a lag is worth waiting for, and up to here it is waited for. */
const [leastWait, mostWait] = [500, 10_000];

/** How often a cluster is sampled, and how many at once, whatever the size of the fleet. */
export interface BurstGate {
  readonly everyMs: number;
  /** Undefined: try again later. */
  readonly enter: () => (() => void) | undefined;
}

export function burstGate(most = 1, everyMs = onceAMinute): BurstGate {
  let inside = 0;
  return {
    everyMs,
    enter: () => {
      if (inside >= most) return undefined;
      inside += 1;
      return () => {
        inside -= 1;
      };
    },
  };
}

export interface LagSchedule {
  readonly close: () => void;
}

interface Watched {
  readonly definition: ClusterDefinition;
  readonly agents: NodeAgents;
  readonly snapshot: () => ClusterSnapshot;
  readonly probe: (node: string) => NodeProbe | undefined;
  readonly onBurst: (burst: LagBurst) => void;
}

/** Samples the master and its slaves side by side once a minute, where there is a master and a slave that hears it. */
export function scheduleBursts(watched: Watched, gate: BurstGate, clock: Clock): LagSchedule {
  const stop = new AbortController();
  let at = Number.NEGATIVE_INFINITY;
  let running = false;

  const look = async () => {
    if (running || elapsed(at, clock()) < gate.everyMs) return;
    const snapshot = watched.snapshot();
    const [master, slaves] = [masterOf(snapshot), slavesOf(snapshot)];
    if (!master || slaves.length === 0) return;
    // a table that is read meanwhile would be what is measured
    if ([master, ...slaves].some(({ name }) => watched.probe(name)?.isSpared())) return;
    const leave = gate.enter();
    if (!leave) return;
    running = true;
    at = clock();
    const burst = await sample(watched, master.name, slaves, clock, stop.signal).finally(() => {
      leave();
      running = false;
    });
    if (!stop.signal.aborted) watched.onBurst(burst);
  };
  const timer = setInterval(() => void look(), lookMs);
  return {
    close: () => {
      clearInterval(timer);
      stop.abort();
    },
  };
}

/** Nothing is sampled while a failover of ours runs: its own commands come first. */
function masterOf({ master, activeActive, nodes, run }: ClusterSnapshot): NodeSnapshot | undefined {
  if (activeActive || (run && !isFinished(run.state))) return undefined;
  return nodes.find((node) => node.name === master && isReadable(node));
}

const slavesOf = ({ master, nodes }: ClusterSnapshot): NodeSnapshot[] =>
  nodes.filter(
    (node) =>
      node.name !== master &&
      isReadable(node) &&
      (node.replication?.phase === 'in-step' || node.replication?.phase === 'behind'),
  );

const isReadable = ({ reachable, readings }: NodeSnapshot): boolean =>
  reachable && readings.agent?.ok === true;

async function sample(
  { definition, agents, probe }: Watched,
  master: string,
  slaves: readonly NodeSnapshot[],
  clock: Clock,
  signal: AbortSignal,
): Promise<LagBurst> {
  const [command] = agents.sync.commands(definition.agent.config).state;
  if (!command) throw new Error('a sync agent needs a command that reads its state');
  const series: Record<string, NonNullable<LagBurst['series'][string]>> = {};
  const failures: Record<string, string> = {};
  const read = async (node: string, cache: 'internal' | 'external', after: number) => {
    const runner = probe(node)?.runner;
    if (!runner) return;
    const sampled = await sampleCounters(
      runner,
      { cache, command, agent: agents.sync, after },
      clock,
      signal,
    );
    if (sampled.ok) series[node] = sampled.value;
    else failures[node] = sampled.error;
  };
  await Promise.all([
    read(master, 'internal', 0),
    ...slaves.map((slave) => read(slave.name, 'external', waitFor(slave))),
  ]);
  const source = probe(master)?.runner.line(command) ?? command.argv.join(' ');
  return { master, at: clock(), series, failures, source: `${source}, up to 25 times a second for 2 s` };
}

/** A slave that is known to be behind is looked at as much later. */
function waitFor({ replication }: NodeSnapshot): number {
  const { kind, seconds = 0 } = replication?.lag ?? { kind: 'unknown' };
  const ms = kind === 'measured' ? seconds * 1000 : 0;
  return ms < leastWait ? 0 : Math.min(ms, mostWait);
}
