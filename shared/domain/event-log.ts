import type { ClusterSnapshot, NodeSnapshot } from './cluster-snapshot.ts';
import type { ClusterEvent } from './event.ts';
import { type FailoverRun, isFinished } from './failover-run.ts';
import type { Reason } from './health.ts';

/** How many events a snapshot carries. */
const kept = 100;

export type EventDraft = Omit<ClusterEvent, 'id' | 'at'>;

/** The events of a cluster once `after` has followed `before`: role changes, faults that came or went. */
export function eventsBetween(before: ClusterSnapshot, after: ClusterSnapshot, now: number): ClusterEvent[] {
  const drafts: EventDraft[] = [
    ...after.nodes.flatMap((node) => roleChange(lastKnown(before, node.name), node)),
    ...reasonChanges(before.reasons, after.reasons),
    ...runChanges(before.run, after.run),
  ];
  return appendEvents(before.events, drafts, now);
}

/** The newest of all, each new one with the next number. */
export function appendEvents(
  events: ClusterEvent[],
  drafts: readonly EventDraft[],
  now: number,
): ClusterEvent[] {
  if (drafts.length === 0) return events;
  const next = (events.at(-1)?.id ?? 0) + 1;
  return [...events, ...drafts.map((draft, index) => ({ ...draft, id: next + index, at: now }))].slice(-kept);
}

const lastKnown = (snapshot: ClusterSnapshot, name: string): NodeSnapshot | undefined =>
  snapshot.nodes.find((node) => node.name === name);

/** A role that becomes known is no event: nothing happened but that we look. */
function roleChange(before: NodeSnapshot | undefined, after: NodeSnapshot): EventDraft[] {
  if (!before || before.role === after.role || before.role === 'unknown' || after.role === 'unknown')
    return [];
  return [
    {
      kind: 'role',
      severity: after.role === 'conflict' || after.role === 'fault' ? 'warning' : 'info',
      node: after.name,
      message: `${after.name} is ${after.role} (${after.engineState}), was ${before.role}`,
      source: after.readings.takeover?.source ?? 'session',
    },
  ];
}

/** Whether an event tells that a node became master: what an operator calls the last failover. */
export const isTakeover = ({ kind, message }: ClusterEvent): boolean =>
  kind === 'role' && / is master\b/.test(message);

/** Codes that only mean "not read yet" come and go at every start and are no events. */
const quiet: ReadonlySet<Reason['code']> = new Set([
  'sync-unknown',
  'role-unknown',
  'not-readable',
  'readiness-unknown',
]);

function reasonChanges(before: readonly Reason[], after: readonly Reason[]): EventDraft[] {
  const key = (reason: Reason) => `${reason.code} ${reason.node ?? ''}`;
  const [was, is] = [new Set(before.map(key)), new Set(after.map(key))];
  const came = after.filter((reason) => !was.has(key(reason)) && !quiet.has(reason.code));
  const went = before.filter((reason) => !is.has(key(reason)) && !quiet.has(reason.code));
  return [
    ...came.map(
      (reason): EventDraft => ({
        kind: 'fault',
        severity: reason.severity === 'critical' ? 'critical' : 'warning',
        ...(reason.node !== undefined && { node: reason.node }),
        message: reason.message,
        source: reason.code,
      }),
    ),
    ...went.map(
      (reason): EventDraft => ({
        kind: 'recovery',
        severity: 'info',
        ...(reason.node !== undefined && { node: reason.node }),
        message: `No longer: ${reason.message}`,
        source: reason.code,
      }),
    ),
  ];
}

/** A failover of ours began, or ended. */
function runChanges(before: FailoverRun | null, after: FailoverRun | null): EventDraft[] {
  if (!after || after.state === 'planned') return [];
  const about = { kind: 'failover', source: `plan ${after.planId}` } as const;
  const known = before?.runId === after.runId;
  const began: EventDraft[] = known
    ? []
    : [{ ...about, severity: 'info', message: `Failing over to ${after.to}, from here` }];
  const ended = isFinished(after.state) && !(known && isFinished(before.state));
  const severity = after.state === 'done' ? 'info' : after.state === 'failed' ? 'critical' : 'warning';
  return ended ? [...began, { ...about, severity, message: after.summary }] : began;
}
