import type { ClusterSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { Guard } from '../../shared/domain/failover-plan.ts';
import type { Result } from '../../shared/lib/result.ts';
import type { LeverOwner } from '../agents/agent.ts';
import { guard } from './guard.ts';
import { instanceOf, type Lever, type LeverMove } from './lever.ts';

/** Who may write the lever file and its folder, in this order; an error says why that could not be read. */
export type LeverOwners = Result<readonly LeverOwner[], string>;

export function leverGuards(
  found: Result<Lever, string>,
  aimed: Result<LeverMove, string> | undefined,
  owners: LeverOwners | undefined,
  to: string,
  now: number,
): Guard[] {
  if (!found.ok) {
    return [guard('no-lever', 'refuse', `There is no lever that would move anything. ${found.error}`, now)];
  }
  const { node, file, instances } = found.value;
  const tracked = `keepalived on ${node} tracks ${file} for ${instances.map((each) => each.name).join(', ')}.`;
  const guards = [guard('no-lever', 'pass', tracked, now), ownership(found.value, owners, now)];
  if (aimed && !aimed.ok) guards.push(guard('priority-not-enough', 'refuse', aimed.error, now));
  if (aimed?.ok) {
    const outcome = aimed.value.after
      .map((each) => `${each.name}: ${to} ${each.to} against ${each.from}`)
      .join('; ');
    guards.push(guard('priority-not-enough', 'pass', `Priorities after the lever: ${outcome}.`, now));
  }
  return guards;
}

/** Whoever can write the file or replace it in its folder can move the role: only root may. */
function ownership({ node, file }: Lever, owners: LeverOwners | undefined, now: number): Guard {
  const refuse = (why: string) =>
    guard('lever-unsafe', 'refuse', `${file} on ${node} is not safe to use: ${why}`, now);
  if (!owners) return refuse('who may write it was not asked.');
  if (!owners.ok) return refuse(owners.error);
  const [itself, folder, ...rest] = owners.value;
  if (!itself || !folder || rest.length > 0) return refuse('who may write it could not be read.');
  for (const [owner, what] of [
    [itself, 'the file'],
    [folder, 'its folder'],
  ] as const) {
    const expected = what === 'the file' ? /^regular (empty )?file$/ : /^directory$/;
    if (!expected.test(owner.type)) return refuse(`${what} is a ${owner.type}.`);
    if (owner.user !== 'root') return refuse(`${what} belongs to ${owner.user}, not to root.`);
    if (writableByOthers(owner)) {
      return refuse(`${what} has mode ${owner.mode} (group ${owner.group}): others than root may write it.`);
    }
  }
  return guard(
    'lever-unsafe',
    'pass',
    `${file} and its folder on ${node} can be written by root alone.`,
    now,
  );
}

/** A mode that cannot be read counts as open. Group root may write: it is root's own. */
function writableByOthers({ mode, group }: LeverOwner): boolean {
  if (!/^[0-7]{1,4}$/.test(mode)) return true;
  const bits = Number.parseInt(mode, 8);
  return (bits & 0o002) !== 0 || ((bits & 0o020) !== 0 && group !== 'root');
}

/** With more than two nodes the highest priority wins, not the node that one has in mind. */
export function thirdNodes(
  snapshot: ClusterSnapshot,
  move: LeverMove,
  target: NodeSnapshot,
  now: number,
): Guard[] {
  const others = snapshot.nodes.filter((node) => node.name !== snapshot.master && node !== target);
  if (others.length === 0) return [];
  const unread = others.filter((node) => !node.reachable || !node.readings.takeover?.ok);
  for (const other of others) {
    const ahead = move.after.find((each) => {
      const rival = instanceOf(other, each.name);
      return rival?.state === 'BACKUP' && rival.nopreempt !== true && rival.effectivePriority >= each.to;
    });
    if (ahead) {
      const priority = instanceOf(other, ahead.name)?.effectivePriority;
      const message = `The role would go to ${other.name}: in ${ahead.name} it has priority ${priority}, ${target.name} ${ahead.to}.`;
      return [guard('other-node-wins', 'refuse', message, now)];
    }
  }
  if (unread.length > 0) {
    const names = unread.map((node) => node.name).join(' and ');
    const message = `Whether ${names} would take over instead is not known: keepalived there cannot be read.`;
    return [guard('other-node-wins', 'warn', message, now)];
  }
  return [guard('other-node-wins', 'pass', `${target.name} has the highest priority of the slaves.`, now)];
}
