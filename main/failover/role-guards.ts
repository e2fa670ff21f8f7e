import type { ClusterSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { Guard } from '../../shared/domain/failover-plan.ts';
import { formatAge } from '../../shared/domain/format.ts';
import { elapsed } from '../../shared/lib/clock.ts';
import type { Failure } from '../../shared/lib/reading.ts';
import { guard } from './guard.ts';
import { heldInstances, instanceOf } from './lever.ts';

/** Readings older than this say nothing about now. */
const staleMs = 5_000;

const advise = ({ message, remedy }: Failure): string => (remedy ? `${message} ${remedy}` : message);
const names = (nodes: readonly NodeSnapshot[]): string => nodes.map((node) => node.name).join(' and ');

export function reachable(node: NodeSnapshot, code: 'target-unreachable' | 'master-unreachable'): Guard {
  const why = node.failure ? `: ${advise(node.failure)}` : '.';
  return node.reachable
    ? guard(code, 'pass', `${node.name} answers.`, node.observedAt)
    : guard(code, 'refuse', `${node.name} cannot be reached${why}`, node.observedAt);
}

/** The takeover engine of both nodes; of a node that cannot be reached nothing more is said. */
export function engines(both: readonly NodeSnapshot[]): Guard[] {
  const nodes = both.filter((node) => node.reachable);
  const stopped: string[] = [];
  const unread: string[] = [];
  for (const { name, readings } of nodes) {
    if (readings.takeover?.ok) continue;
    const failure = readings.takeover?.failure;
    const why = failure ? `: ${advise(failure)}` : ' yet.';
    if (failure?.kind === 'not-running' || failure?.kind === 'not-installed')
      stopped.push(`keepalived does not run on ${name}${why}`);
    else unread.push(`keepalived on ${name} could not be read${why}`);
  }
  const at = Math.min(...nodes.map((node) => node.readings.takeover?.observedAt ?? node.observedAt));
  const guards: Guard[] = [];
  if (stopped.length > 0) guards.push(guard('takeover-not-running', 'refuse', stopped.join(' '), at));
  if (unread.length > 0) guards.push(guard('not-readable', 'refuse', unread.join(' '), at));
  if (guards.length === 0 && nodes.length > 0)
    guards.push(guard('takeover-not-running', 'pass', `keepalived runs on ${names(nodes)}.`, at));
  return guards;
}

export function freshness(nodes: readonly NodeSnapshot[], now: number): Guard {
  const readings = nodes.flatMap((node) =>
    [node.readings.takeover, node.readings.addresses].map((reading) => ({ node, reading })),
  );
  const ages = readings.flatMap(({ node, reading }) =>
    reading?.ok ? [{ name: node.name, observedAt: reading.observedAt }] : [],
  );
  const oldest = ages.sort((a, b) => elapsed(b.observedAt, now) - elapsed(a.observedAt, now))[0];
  if (!oldest) return guard('readings-stale', 'refuse', 'Neither node has been read.', now);
  return elapsed(oldest.observedAt, now) > staleMs
    ? guard(
        'readings-stale',
        'refuse',
        `The newest reading of ${oldest.name} is from ${formatAge(now - oldest.observedAt)}: too old to act on.`,
        oldest.observedAt,
      )
    : guard('readings-stale', 'pass', 'Every reading is younger than 5 s.', oldest.observedAt);
}

export function clusterGuards(snapshot: ClusterSnapshot): Guard[] {
  const { observedAt, nodes } = snapshot;
  const masters = nodes.filter((node) => heldInstances(node).length > 0);
  const twice = masters.flatMap(heldInstances).map((instance) => instance.name);
  const split = [...new Set(twice.filter((name, index) => twice.indexOf(name) !== index))];
  const reported = snapshot.reasons.find((reason) => reason.code === 'split-brain');
  if (split.length > 0 || reported) {
    const both = names(masters);
    const message = reported?.message ?? `Split brain: ${both} are both MASTER of ${split.join(', ')}.`;
    return [guard('split-brain', 'refuse', `${message} Heal that first.`, observedAt)];
  }
  const alone = guard('split-brain', 'pass', 'No instance has two masters.', observedAt);
  const conflict = nodes.filter((node) => node.role === 'conflict').map((node) => node.name);
  if (conflict.length > 0) {
    const message = `What is known about the role of ${conflict.join(' and ')} contradicts itself: a failover from here would be a guess.`;
    return [alone, guard('role-conflict', 'refuse', message, observedAt)];
  }
  const agreed = guard('role-conflict', 'pass', 'The witnesses of every role agree.', observedAt);
  if (snapshot.activeActive) {
    const message = `${names(masters)} are each master of some instances; Handover moves all instances of one master.`;
    return [alone, agreed, guard('active-active', 'refuse', message, observedAt)];
  }
  return [
    alone,
    agreed,
    snapshot.master === null
      ? guard(
          'no-master',
          'refuse',
          'No node is known to be master: there is nobody to take over from.',
          observedAt,
        )
      : guard('no-master', 'pass', `${snapshot.master} is master.`, observedAt),
  ];
}

export function slaveGuard(target: NodeSnapshot): Guard[] {
  if (!target.reachable) return [];
  const { name, role, engineState, observedAt } = target;
  if (role === 'slave')
    return [guard('target-not-slave', 'pass', `${name} is slave (${engineState}).`, observedAt)];
  const message =
    role === 'master'
      ? `${name} is master already.`
      : `${name} is not a slave that could take over: its role is ${role} (${engineState}).`;
  return [guard('target-not-slave', 'refuse', message, observedAt)];
}

export function preemption(from: NodeSnapshot, target: NodeSnapshot): Guard[] {
  const reading = target.readings.takeover;
  const facing = heldInstances(from).flatMap((held) => instanceOf(target, held.name) ?? []);
  if (!reading?.ok || facing.length === 0) return [];
  const waiting = facing.filter((instance) => instance.nopreempt !== false).map((instance) => instance.name);
  return [
    waiting.length > 0
      ? guard(
          'nopreempt',
          'refuse',
          `${target.name} does not preempt in ${waiting.join(', ')} (nopreempt): it would leave the role with ` +
            `${from.name} however low the priority of ${from.name} fell, so this lever would not move anything.`,
          reading.observedAt,
        )
      : guard(
          'nopreempt',
          'pass',
          `${target.name} preempts: it takes over from a lower priority.`,
          reading.observedAt,
        ),
  ];
}
