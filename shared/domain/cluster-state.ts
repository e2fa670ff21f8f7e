import { elapsed } from '../lib/clock.ts';
import { type Failure, readingValue } from '../lib/reading.ts';
import type { ClusterDefinition } from './cluster.ts';
import type { ClusterSnapshot, NodeReadings, SessionSnapshot } from './cluster-snapshot.ts';
import type { EligibilityPast } from './eligibility.ts';
import type { ClusterEvent } from './event.ts';
import { appendEvents, type EventDraft } from './event-log.ts';
import type { FailoverRun } from './failover-run.ts';
import { type LagBurst, type LagTrack, withBurst } from './lag-track.ts';
import type { LagEstimate } from './sync-lag.ts';
import { type LossBaseline, nextBaseline } from './sync-losses.ts';
import type { AgentSample } from './sync-samples.ts';
import type { SyncPlace } from './trap-shared-group.ts';

/** What the engine knows of one node before anything is judged. */
export interface NodeState {
  readonly session: SessionSnapshot;
  readonly sessionFailure: Failure | undefined;
  readonly readings: NodeReadings;
  /** Readings of the sync agent over the last minute or so, oldest first. */
  readonly samples: readonly AgentSample[];
  /** Against what losses are counted; absent until the agent was read. */
  readonly losses?: LossBaseline | undefined;
}

/**
 * Everything known of one cluster. `suspicions`: since when something grave was first seen, by key; it is told only
 * once it was seen again in newer readings, because two nodes are never read at the same instant.
 */
export interface ClusterState {
  readonly definition: ClusterDefinition;
  readonly nodes: Readonly<Record<string, NodeState>>;
  readonly suspicions: Readonly<Record<string, number>>;
  /** Since when (ms, our clock) this is the last known master: what was read before says nothing about its slaves. */
  readonly mastery: { readonly node: string | null; readonly since: number };
  readonly eligibility?: EligibilityPast | undefined;
  /** What is remembered of each slave's lag, by node. */
  readonly lag: Readonly<Record<string, LagTrack>>;
  readonly run: FailoverRun | null;
  /** Nodes of other clusters that speak in the multicast group of this one's. */
  readonly elsewhere: readonly SyncPlace[];
  /** When traps were last looked for, ms, our clock; undefined where they were not since what they rest on was read. */
  readonly trapsAt?: number | undefined;
  readonly snapshot: ClusterSnapshot;
}

/** What happens to a cluster: a reading, a session, a run, something else worth telling, or only time passing. */
export type ClusterInput =
  | { readonly kind: 'readings'; readonly node: string; readonly readings: NodeReadings }
  | {
      readonly kind: 'session';
      readonly node: string;
      readonly session: SessionSnapshot;
      readonly failure: Failure | undefined;
    }
  | { readonly kind: 'elsewhere'; readonly places: readonly SyncPlace[] }
  | { readonly kind: 'run'; readonly run: FailoverRun | null }
  | { readonly kind: 'burst'; readonly burst: LagBurst }
  | {
      readonly kind: 'canary';
      readonly master: string;
      readonly node: string;
      readonly estimate: LagEstimate;
    }
  | { readonly kind: 'event'; readonly event: EventDraft }
  | { readonly kind: 'tick' };

/** How long (ms) samples are kept: enough to span ALARM mode's silence. */
const keptMs = 90_000;

const emptyNode: NodeState = {
  session: { kind: 'connecting' },
  sessionFailure: undefined,
  readings: {},
  samples: [],
};

export function initialState(
  definition: ClusterDefinition,
  now: number,
  past: readonly ClusterEvent[] = [],
): ClusterState {
  const { name, environment, demo, canary } = definition;
  return {
    definition,
    nodes: Object.fromEntries(definition.nodes.map((node) => [node.name, emptyNode])),
    suspicions: {},
    mastery: { node: null, since: 0 },
    lag: {},
    run: null,
    elsewhere: [],
    snapshot: {
      name,
      ...(environment && { environment }),
      ...(demo && { demo }),
      ...(canary && { canary }),
      revision: 0,
      observedAt: now,
      verdict: 'unknown',
      sentence: 'Connecting.',
      reasons: [],
      master: null,
      activeActive: false,
      nodes: [],
      events: past.slice(-100),
      run: null,
    },
  };
}

/** Takes an input in, without judging: the snapshot is made anew by `judge`. */
export function absorb(state: ClusterState, input: ClusterInput, now: number): ClusterState {
  if (input.kind === 'tick') return state;
  if (input.kind === 'elsewhere') return { ...state, elsewhere: input.places };
  if (input.kind === 'run') return { ...state, run: input.run };
  if (input.kind === 'event') return withEvent(state, input.event, now);
  if (input.kind === 'burst') return { ...state, lag: { ...state.lag, ...afterBurst(state, input.burst) } };
  if (input.kind === 'canary') return withCanary(state, input);
  const before = state.nodes[input.node];
  if (!before) return state;
  const after = input.kind === 'session' ? withSession(before, input) : withReadings(before, input.readings);
  return { ...state, nodes: { ...state.nodes, [input.node]: after } };
}

const afterBurst = (state: ClusterState, burst: LagBurst): Record<string, LagTrack> =>
  Object.fromEntries(
    state.definition.nodes
      .filter(({ name }) => name !== burst.master)
      .map(({ name }) => [
        name,
        withBurst(state.lag[name], burst, name, state.nodes[burst.master]?.samples ?? []),
      ]),
  );

function withCanary(
  state: ClusterState,
  { master, node, estimate }: Extract<ClusterInput, { kind: 'canary' }>,
): ClusterState {
  const track = state.lag[node];
  const known = track?.master === master ? track : { master };
  return { ...state, lag: { ...state.lag, [node]: { ...known, canary: estimate } } };
}

const withEvent = (state: ClusterState, event: EventDraft, now: number): ClusterState => ({
  ...state,
  snapshot: { ...state.snapshot, events: appendEvents(state.snapshot.events, [event], now) },
});

/** Trying again is no news: until it has ended, the failure before it stands. */
const withSession = (node: NodeState, input: Extract<ClusterInput, { kind: 'session' }>): NodeState => ({
  ...node,
  session: input.session,
  sessionFailure: input.session.kind === 'connecting' ? node.sessionFailure : input.failure,
});

function withReadings(node: NodeState, readings: NodeReadings): NodeState {
  const agent = readings.agent;
  const restarted = agent?.ok && counted(agent.value) < counted(node.samples.at(-1)?.state);
  const samples = agent?.ok
    ? [
        ...(restarted ? [] : recent(node.samples, agent.observedAt)),
        { at: agent.observedAt, state: agent.value },
      ]
    : agent
      ? []
      : node.samples;
  const ended = restarted || (agent && !agent.ok && agent.failure.kind === 'not-running');
  const losses = nextBaseline(node.losses, samples, ended === true, readingValue(readings.syncLog));
  return { ...node, readings: { ...node.readings, ...readings }, samples, losses };
}

/** Of samples in their order: only where our clock was set back are there others to be left out than those in front. */
function recent(samples: readonly AgentSample[], now: number): readonly AgentSample[] {
  const isRecent = ({ at }: AgentSample) => elapsed(at, now) < keptMs;
  const last = samples.at(-1);
  return last && isRecent(last) ? samples.slice(samples.findIndex(isRecent)) : samples.filter(isRecent);
}

/** A counter that only grows while a daemon lives: less of it means that the daemon was restarted. */
const counted = (state: AgentSample['state'] | undefined): number =>
  state ? state.channels.reduce((sum, channel) => sum + channel.bytesSent + channel.bytesReceived, 0) : -1;
