import { elapsed } from '../lib/clock.ts';
import type { Reading } from '../lib/reading.ts';
import { readingValue, sessionFailureKinds } from '../lib/reading.ts';
import { assessHealth, list } from './cluster-health.ts';
import { protectionOf } from './cluster-protection.ts';
import type { ClusterSnapshot, NodeSnapshot } from './cluster-snapshot.ts';
import { absorb, type ClusterInput, type ClusterState, type NodeState } from './cluster-state.ts';
import { eligibilityValue, judgeEligibility, nextEligibility } from './eligibility.ts';
import { eventsBetween } from './event-log.ts';
import { followLag, type LagTrack } from './lag-track.ts';
import { assessReadiness } from './readiness-gates.ts';
import { judgeReplication } from './replication-judgement.ts';
import { assessRoles, type NodeAssessment } from './role-assessment.ts';
import { lossesSince } from './sync-losses.ts';
import { syncRates } from './sync-samples.ts';
import { areTrapsDue, assessTraps, bearsOnTraps } from './traps.ts';

/** Past this age (ms) a reading no longer says anything about now: three times its slowest interval. */
const staleMs = 6_500;
/** Without any answer for so long (ms) a node counts as unreachable although its session still stands. */
const muteMs = 4_500;

/** The one reducer of the engine: takes an input in and judges the cluster anew at `now`. */
export const reduce = (state: ClusterState, input: ClusterInput, now: number): ClusterState =>
  judge(takeIn(state, input, now), now);

/** Takes an input in, without judging: what arrives together is judged once. */
export function takeIn(state: ClusterState, input: ClusterInput, now: number): ClusterState {
  const next = absorb(state, input, now);
  return bearsOnTraps(input) ? { ...next, trapsAt: undefined } : next;
}

/** Derives the next snapshot from what is known at `now`; what did not change keeps its identity. */
export function judge(state: ClusterState, now: number): ClusterState {
  const next = judgeNow(state, now);
  if (!areTrapsDue(state, now)) return next;
  return { ...next, trapsAt: now, snapshot: { ...next.snapshot, traps: assessTraps(next) } };
}

function judgeNow(state: ClusterState, now: number): ClusterState {
  const names = state.definition.nodes.map((node) => node.name);
  const previous = state.snapshot;
  const assessed = assessRoles(
    names.map((name) => {
      const { readings } = nodeOf(state, name);
      return { name, takeover: fresh(readings.takeover, now), addresses: fresh(readings.addresses, now) };
    }),
  );
  const seen = suspect(state, names, assessed, now);
  const roles = assessed.map((each, index) => {
    const name = names[index] ?? '';
    const pending = each.disagree && !seen.confirmed.has(`conflict:${name}`);
    const before = previous.nodes.find((node) => node.name === name);
    return pending ? { ...each, role: before?.role ?? ('unknown' as const) } : each;
  });
  const { master, activeActive } = findMaster(names, roles, previous, seen.suspicions);
  const mastery = nextMastery(state, master, now);
  const since = (name: string) => nodeOf(state, name).samples.filter((sample) => sample.at >= mastery.since);
  // a node that cannot be read may still answer the master's messages
  const slaves = activeActive ? 1 : Math.max(1, names.length - 1);
  const sourceOf = (name: string) => (activeActive ? names.find((other) => other !== name) : master);
  const lag: Record<string, LagTrack> = { ...state.lag };
  const judgedNodes = names.map((name, index) => {
    const node = nodeOf(state, name);
    const source = sourceOf(name);
    const judged =
      source !== null && source !== undefined && source !== name && node.readings.agent
        ? judgeReplication(state, [source, name], since, slaves, now)
        : undefined;
    if (judged && source) {
      const [master, slave] = [nodeOf(state, source), node];
      const bulks = [master, slave].map(({ readings }) => readingValue(readings.syncLog)?.lastBulkAt).join();
      const { phase } = judged;
      const track = followLag(lag[name], source, {
        master: since(source),
        slave: since(name),
        phase,
        bulks,
      });
      if (track) lag[name] = track;
    }
    return nodeSnapshot(state, name, roles[index] as NodeAssessment, judged, now);
  });
  const splitBrain = seen.splitBrain.filter((each) => seen.confirmed.has(`split-brain:${each}`));
  const masterless = seen.masterless.filter((each) => seen.confirmed.has(`no-master:${each}`));
  const nodes = judgedNodes.map((node) => {
    if (node.role === 'master') return node;
    const source = judgedNodes.find((each) => each.name === sourceOf(node.name) && each !== node);
    const ready = assessReadiness({
      node,
      master: source,
      nodes: judgedNodes,
      splitBrain,
      masterless,
      losses: nodeOf(state, node.name).losses,
      masterLosses: source && nodeOf(state, source.name).losses,
      now,
    });
    return { ...node, ...ready };
  });
  const { verdict, reasons } = assessHealth({ nodes, master, activeActive, splitBrain, masterless });
  const eligibility = master === null ? undefined : eligibilityOf(state, master, now);
  const { eligibility: _, protection: __, ...before } = previous;
  const draft: ClusterSnapshot = {
    ...before,
    revision: previous.revision + 1,
    observedAt: now,
    verdict,
    reasons,
    master,
    activeActive,
    nodes,
    run: state.run,
    ...(eligibility && { eligibility: eligibility.judged }),
    ...(master !== null && { protection: protectionOf(nodes, master) }),
    sentence: reasons[0]?.message ?? calmSentence(nodes, master),
  };
  const snapshot = { ...draft, events: eventsBetween(previous, draft, now) };
  return {
    ...state,
    lag,
    suspicions: seen.suspicions,
    mastery,
    eligibility: eligibility?.past ?? state.eligibility,
    snapshot,
  };
}

/** What share of its connections the master replicates, against its own past. */
function eligibilityOf(state: ClusterState, master: string, now: number) {
  const { readings, losses } = nodeOf(state, master);
  const value = eligibilityValue({
    agent: fresh(readings.agent, now),
    connections: fresh(readings.connections, now),
  });
  if (value === undefined) return undefined;
  const past = nextEligibility(state.eligibility, master, value, now);
  const agent = readingValue(readings.agent);
  const overran = losses !== undefined && agent !== undefined && lossesSince(losses, agent).overruns > 0;
  return { past, judged: judgeEligibility(past, value, overran, now) };
}

/** A moment without a master does not end a mastery; another master does, and the very first one had it before us. */
function nextMastery(
  { mastery }: Pick<ClusterState, 'mastery'>,
  master: string | null,
  now: number,
): ClusterState['mastery'] {
  if (mastery.since > now) return nextMastery({ mastery: { ...mastery, since: now } }, master, now);
  if (master === null || master === mastery.node) return mastery;
  return { node: master, since: mastery.node === null ? 0 : now };
}

const nodeOf = (state: ClusterState, name: string): NodeState => {
  const node = state.nodes[name];
  if (!node) throw new Error(`no such node: ${name}`);
  return node;
};

const fresh = <T>(reading: Reading<T> | undefined, now: number): Reading<T> | undefined =>
  reading && elapsed(reading.observedAt, now) <= staleMs ? reading : undefined;

interface Suspicions {
  readonly suspicions: Record<string, number>;
  readonly confirmed: ReadonlySet<string>;
  readonly splitBrain: string[];
  readonly masterless: string[];
}

/** Collects what is grave, since when it is seen, and which of it newer readings of all witnesses confirm. */
function suspect(
  state: ClusterState,
  names: readonly string[],
  assessed: readonly NodeAssessment[],
  now: number,
): Suspicions {
  const instances = new Set(assessed.flatMap((each) => each.instances.map((instance) => instance.name)));
  const splitBrain: string[] = [];
  const masterless: string[] = [];
  for (const name of instances) {
    const all = assessed.map((each) => each.instances.find((instance) => instance.name === name)?.role);
    if (all.filter((role) => role === 'master').length > 1) splitBrain.push(name);
    if (all.every((role) => role !== undefined && !['master', 'unknown', 'conflict'].includes(role))) {
      masterless.push(name);
    }
  }
  const keys = [
    ...splitBrain.map((name) => `split-brain:${name}`),
    ...masterless.map((name) => `no-master:${name}`),
    ...names.filter((_, index) => assessed[index]?.disagree).map((name) => `conflict:${name}`),
  ];
  const suspicions = Object.fromEntries(
    keys.map((key) => [key, Math.min(state.suspicions[key] ?? now, now)]),
  );
  const confirmed = new Set(
    keys.filter((key) => {
      const since = suspicions[key] ?? now;
      const concerned = key.startsWith('conflict:') ? [key.slice('conflict:'.length)] : names;
      return concerned.every((name) => {
        const { takeover, addresses } = nodeOf(state, name).readings;
        return (takeover?.observedAt ?? 0) > since && (addresses?.observedAt ?? 0) > since;
      });
    }),
  );
  return { suspicions, confirmed, splitBrain, masterless };
}

/** One master of every instance, or several that share the instances between them: active/active. */
function findMaster(
  names: readonly string[],
  roles: readonly NodeAssessment[],
  previous: ClusterSnapshot,
  suspicions: Record<string, number>,
): { master: string | null; activeActive: boolean } {
  const holders = (instance: string) =>
    names.filter((_, index) =>
      roles[index]?.instances.some((each) => each.name === instance && each.role === 'master'),
    );
  const instances = [...new Set(roles.flatMap((each) => each.instances.map((instance) => instance.name)))];
  const masters = new Set(instances.flatMap(holders));
  const whole = instances.length > 0 && instances.every((instance) => holders(instance).length === 1);
  const [only] = masters;
  if (whole && masters.size === 1) return { master: only ?? null, activeActive: false };
  if (whole) return { master: null, activeActive: true };
  const moving = Object.keys(suspicions).some(
    (key) => key.startsWith('conflict:') || key.startsWith('no-master:'),
  );
  const was = previous.nodes.find((node) => node.name === previous.master);
  return {
    master: moving && was?.role === 'master' && masters.size === 1 ? previous.master : null,
    activeActive: false,
  };
}

function nodeSnapshot(
  state: ClusterState,
  name: string,
  assessment: NodeAssessment,
  replication: NodeSnapshot['replication'],
  now: number,
): NodeSnapshot {
  const node = nodeOf(state, name);
  const before = state.snapshot.nodes.find((each) => each.name === name);
  const definition = state.definition.nodes.find((each) => each.name === name);
  const heardAt = lastHeard(node, now);
  const connected = node.session.kind === 'connected';
  const mute = connected && heardAt > 0 && now - heardAt > muteMs;
  const failure = connected && !mute ? worstFailure(node) : silenceOf(node, mute, now - heardAt);
  const reachable = connected && heardAt > 0 && !mute;
  const role = reachable ? assessment.role : 'unknown';
  const rates = syncRates(node.samples);
  const held = readingValue(node.readings.handoverFile);
  const offset = readingValue(node.readings.clockOffset) ?? 0;
  const roleSince = sinceWhen(node, role, before, now, offset);
  return {
    name,
    host: definition?.host ?? name,
    session: node.session,
    reachable,
    ...(failure && { failure }),
    role,
    ...(roleSince !== undefined && { roleSince }),
    engineState: reachable ? assessment.engineState : 'UNKNOWN',
    instances: assessment.instances,
    readings: node.readings,
    ...(rates && { rates }),
    ...(replication && reachable && role !== 'master' && { replication }),
    ...(held && held.value < 0 && { heldDownSince: steady(before?.heldDownSince, held.since - offset) }),
    ...(maintained(state, node, before) && { inMaintenance: true }),
    observedAt: heardAt,
  };
}

/** Whether the maintenance file is set, as the takeover engine sees it; what it last said while it cannot be asked. */
function maintained(state: ClusterState, node: NodeState, before: NodeSnapshot | undefined): boolean {
  const files = readingValue(node.readings.takeover)?.trackFiles;
  if (!files) return before?.inMaintenance ?? false;
  const { maintenanceFile } = state.definition.takeover;
  return files.some(({ file, status }) => file === maintenanceFile && status !== undefined && status !== 0);
}

/** When the node last answered anything, ms; 0 if never. An answer that a clock set back puts ahead of now is none. */
const lastHeard = (node: NodeState, now: number): number =>
  Math.max(
    0,
    ...Object.values(node.readings).map((reading) =>
      reading &&
      (reading.ok || !unanswered.has(reading.failure.kind)) &&
      elapsed(reading.observedAt, now) < Infinity
        ? reading.observedAt
        : 0,
    ),
  );

/** Failures that are no answer of the node. */
const unanswered = new Set<string>([...sessionFailureKinds, 'timed-out']);

const silenceOf = (node: NodeState, mute: boolean, ageMs: number): NodeSnapshot['failure'] =>
  mute
    ? {
        kind: 'unreachable',
        message: `no answer for ${Math.round(ageMs / 1000)} s`,
        remedy: 'Look at the management link and at the load of the node.',
      }
    : node.sessionFailure;

/** Of the readings that failed, the one that most stands in the way. */
function worstFailure(node: NodeState): NodeSnapshot['failure'] {
  for (const reading of [node.readings.takeover, node.readings.agent, node.readings.connections]) {
    if (reading && !reading.ok) return reading.failure;
  }
  return undefined;
}

/** The measured clock offset trembles by milliseconds: the same instant keeps its figure. */
const steady = (before: number | undefined, instant: number): number =>
  before !== undefined && Math.abs(before - instant) < 1_000 ? before : instant;

/** The engine's own instant of the last transition where it tells, else when the change was seen here. */
function sinceWhen(
  node: NodeState,
  role: NodeSnapshot['role'],
  before: NodeSnapshot | undefined,
  now: number,
  offset: number,
): number | undefined {
  if (role === 'unknown') return undefined;
  const transitions = readingValue(node.readings.takeover)?.instances.map((each) => each.lastTransition ?? 0);
  const last = Math.max(0, ...(transitions ?? []));
  if (last > 0 && role !== 'conflict') return steady(before?.roleSince, last - offset);
  return before?.role === role && before.roleSince !== undefined ? before.roleSince : now;
}

function calmSentence(nodes: readonly NodeSnapshot[], master: string | null): string {
  const ready = nodes.filter((node) => node.replication && node.name !== master).map((node) => node.name);
  const total = readingValue(nodes.find((node) => node.name === master)?.readings.connections);
  const many = total === undefined ? '' : ` ${master} carries ${total.toLocaleString('en')} connections.`;
  return `${list(ready)} can take over now.${many}`;
}
