import type { Acknowledgement, Alert, AlertMute, AlertPhase } from './alert.ts';
import { raisedPhase } from './alert.ts';
import type { Finding } from './alert-finding.ts';
import { type AlertRule, alertRules } from './alert-rules.ts';
import type { ClusterSnapshot, NodeSnapshot } from './cluster-snapshot.ts';
import { isFinished } from './failover-run.ts';
import { followRoles, type Holders } from './role-move.ts';

/** All alerts of one cluster that are not calm, and what is remembered to judge them. `judgedAt`: ms, our clock. */
export interface AlertState {
  readonly alerts: Alert[];
  readonly holders: Holders;
  readonly judgedAt: number | undefined;
}

export const noAlerts: AlertState = { alerts: [], holders: { masters: {} }, judgedAt: undefined };

/** The most (ms) that one look counts for: what was while nobody looked, or while a clock was set, is not known. */
const longestStepMs = 5_000;

/**
 * For how long (ms) a node that is held down by its handover file counts as being worked on. Left so for longer it is
 * simply the slave, perhaps the only one, and has to be watched as such.
 */
const heldIsWorkMs = 60 * 60_000;

/** The alerts after another look at the cluster. */
export function nextAlerts(before: AlertState, cluster: ClusterSnapshot, now: number): AlertState {
  const step = Math.min(longestStepMs, Math.max(0, now - (before.judgedAt ?? now)));
  const holders = followRoles(before.holders, cluster, now);
  const old = new Map(before.alerts.map((alert) => [alert.id, alert]));
  const judged = (rule: AlertRule, node: NodeSnapshot | undefined, finding: Finding): Alert[] => {
    const id = node ? `${rule.name} ${node.name}` : rule.name;
    const next = nextAlert(old.get(id), finding, muteOf(rule, cluster, node, now), rule, step, now);
    return next
      ? [{ id, name: rule.name, severity: rule.severity, ...(node && { node: node.name }), ...next }]
      : [];
  };
  const alerts = alertRules.flatMap((rule) =>
    rule.about === 'cluster'
      ? judged(rule, undefined, rule.judge(cluster))
      : cluster.nodes.flatMap((node) => judged(rule, node, rule.judge(cluster, node, now, holders.move))),
  );
  return { alerts, holders, judgedAt: now };
}

/** Undefined where no such alert is raised. A second note replaces the first. */
export function acknowledge(
  state: AlertState,
  id: string,
  acknowledged: Acknowledgement,
): AlertState | undefined {
  const found = state.alerts.find((alert) => alert.id === id);
  const phase = found && raisedPhase(found);
  if (!found || !phase) return undefined;
  const after: Alert = { ...found, phase: { ...phase, acknowledged } };
  return { ...state, alerts: state.alerts.map((alert) => (alert === found ? after : alert)) };
}

type Judged = Pick<Alert, 'message' | 'remedy' | 'since' | 'phase'>;

function nextAlert(
  before: Alert | undefined,
  finding: Finding,
  mute: AlertMute | undefined,
  rule: AlertRule,
  step: number,
  now: number,
): Judged | undefined {
  const phase = nextPhase(before?.phase, finding.kind, mute, rule, step, now);
  if (!phase) return undefined;
  if (finding.kind === 'true') {
    const { message, remedy } = finding;
    return { message, ...(remedy !== undefined && { remedy }), since: before?.since ?? now, phase };
  }
  return before && { ...before, phase };
}

/** The transitions drawn at {@link AlertPhase}; undefined: calm. `step`: ms since the last look. */
export function nextPhase(
  phase: AlertPhase | undefined,
  finding: Finding['kind'],
  mute: AlertMute | undefined,
  { holdMs, clearMs }: Pick<AlertRule, 'holdMs' | 'clearMs'>,
  step: number,
  now: number,
): AlertPhase | undefined {
  if (finding === 'unknown') return phase;
  const isTrue = finding === 'true';
  const held = (heldMs: number): AlertPhase =>
    heldMs >= holdMs ? { kind: 'firing', raisedAt: now } : { kind: 'pending', heldMs };
  switch (phase?.kind) {
    case undefined:
    case 'muted':
      if (!isTrue) return undefined;
      return mute ? { kind: 'muted', by: mute } : held(0);
    case 'pending':
      if (!isTrue) return undefined;
      return mute ? { kind: 'muted', by: mute } : held(phase.heldMs + step);
    case 'firing':
    case 'clearing': {
      const { calmMs, ...raised } = { calmMs: undefined, ...phase };
      if (isTrue) return phase.kind === 'firing' ? phase : { ...raised, kind: 'firing' };
      const calm = calmMs === undefined ? 0 : calmMs + step;
      return calm >= clearMs ? undefined : { ...raised, kind: 'clearing', calmMs: calm };
    }
  }
}

function muteOf(
  { mutedBy }: AlertRule,
  { run, nodes }: ClusterSnapshot,
  node: NodeSnapshot | undefined,
  now: number,
): AlertMute | undefined {
  if (run && !isFinished(run.state)) return 'run';
  const concerned = mutedBy === 'none' ? [] : mutedBy === 'any node' || !node ? nodes : [node];
  const inWork = ({ heldDownSince, inMaintenance }: NodeSnapshot) =>
    inMaintenance || (heldDownSince !== undefined && now - heldDownSince < heldIsWorkMs);
  return concerned.some(inWork) ? 'maintenance' : undefined;
}
