import { type AlertState, acknowledge, nextAlerts, noAlerts } from '../../shared/domain/alert-state.ts';
import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import { judge, takeIn } from '../../shared/domain/cluster-reducer.ts';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { type ClusterInput, initialState } from '../../shared/domain/cluster-state.ts';
import type { ClusterEvent } from '../../shared/domain/event.ts';
import type { EventDraft } from '../../shared/domain/event-log.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import { type NodeAgents, type NodeProbe, startProbe } from '../probe/node-probe.ts';
import type { LogKeeper } from '../probe/read-logs.ts';
import type { NodeSession } from '../transport/session.ts';
import { type BurstGate, scheduleBursts } from './lag-schedule.ts';
import { type PollPace, sparing, untilBeat, untilTurn } from './poll-pace.ts';

/** The only holder of a cluster's snapshot: feeds readings into the reducer and tells who listens. */
export interface ClusterWatch {
  readonly definition: ClusterDefinition;
  readonly agents: NodeAgents;
  readonly snapshot: () => ClusterSnapshot;
  readonly alerts: () => AlertState;
  readonly onSnapshot: (listener: (snapshot: ClusterSnapshot) => void) => () => void;
  readonly put: (input: ClusterInput) => void;
  /** False where no such alert is raised. */
  readonly acknowledge: (alert: string, note: string) => boolean;
  readonly probe: (node: string) => NodeProbe | undefined;
  /** Reads every node again now; resolves with the snapshot once all have answered, or at the deadline. */
  readonly refresh: (deadlineMs: number) => Promise<ClusterSnapshot>;
  readonly close: () => void;
}

/**
 * `place`: its turn among the clusters. `bursts`: where the slaves' lag is sampled, with whom a turn is shared; absent: it
 * is not sampled.
 */
export function watchCluster(
  definition: ClusterDefinition,
  agents: NodeAgents,
  open: (node: ClusterDefinition['nodes'][number]) => NodeSession,
  clock: Clock,
  pace: () => PollPace,
  place: number,
  past: readonly ClusterEvent[] = [],
  keeper?: LogKeeper,
  bursts?: BurstGate,
  before: AlertState = noAlerts,
): ClusterWatch {
  let state = initialState(definition, clock(), past);
  let alerts = before;
  let gathering: NodeJS.Timeout | undefined;
  let ticking: NodeJS.Timeout | undefined;
  const listeners = new Set<(snapshot: ClusterSnapshot) => void>();
  let current: ClusterSnapshot = { ...state.snapshot, alerts: alerts.alerts };
  /** Whether something came in that is not judged yet: what arrives together is judged once. */
  let unjudged = false;
  const snapshot = () => {
    if (!unjudged) return current;
    unjudged = false;
    const now = clock();
    state = judge(state, now);
    alerts = nextAlerts(alerts, state.snapshot, now);
    current = { ...state.snapshot, alerts: alerts.alerts };
    return current;
  };
  const publish = () => {
    gathering = undefined;
    const next = snapshot();
    for (const listener of listeners) listener(next);
  };
  const put = (input: ClusterInput) => {
    state = takeIn(state, input, clock());
    unjudged = true;
    gathering ??= setTimeout(publish, untilBeat(pace(), place, clock()));
  };
  const untilNext = (now: number, isBusy = false) => untilTurn(isBusy ? sparing(pace()) : pace(), place, now);
  /** Readings grow old by themselves: with each turn a cluster is judged, whether they come in or not. */
  const tick = () => {
    put({ kind: 'tick' });
    ticking = setTimeout(tick, untilNext(clock()));
  };
  const probes = new Map<string, NodeProbe>();
  for (const node of definition.nodes) {
    const probe = startProbe(
      definition,
      node,
      open(node),
      agents,
      {
        onReadings: (name, readings) => put({ kind: 'readings', node: name, readings }),
        onSession: (name, session, failure) => put({ kind: 'session', node: name, session, failure }),
      },
      clock,
      {
        isBrief: pace().isBrief ?? false,
        pollMs: () => pace().pollMs,
        wait: untilNext,
      },
      keeper,
    );
    probes.set(node.name, probe);
  }
  const schedule =
    bursts &&
    scheduleBursts(
      {
        definition,
        agents,
        snapshot,
        probe: (node) => probes.get(node),
        onBurst: (burst) => put({ kind: 'burst', burst }),
      },
      bursts,
      clock,
    );

  tick();

  return {
    definition,
    agents,
    snapshot,
    alerts: () => alerts,
    onSnapshot: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    put,
    acknowledge: (id, note) => {
      const after = acknowledge(alerts, id, { at: clock(), note });
      if (!after) return false;
      alerts = after;
      put({ kind: 'event', event: acknowledged(id, after, note) });
      return true;
    },
    probe: (node) => probes.get(node),
    refresh: async (deadlineMs) => {
      const { promise: deadline, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, deadlineMs);
      await Promise.race([Promise.all([...probes.values()].map((probe) => probe.refresh())), deadline]);
      clearTimeout(timer);
      return snapshot();
    },
    close: () => {
      clearTimeout(ticking);
      schedule?.close();
      clearTimeout(gathering);
      listeners.clear();
      for (const probe of probes.values()) {
        probe.close();
        probe.session.close();
      }
    },
  };
}

function acknowledged(id: string, { alerts }: AlertState, note: string): EventDraft {
  const { node, message } = alerts.find((alert) => alert.id === id) ?? { message: id };
  return {
    kind: 'alert',
    severity: 'info',
    ...(node !== undefined && { node }),
    message: `Acknowledged: ${message}${note === '' ? '' : ` Note: ${note}`}`,
    source: 'operator',
  };
}
