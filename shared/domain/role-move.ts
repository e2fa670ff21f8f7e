import * as z from 'zod/mini';
import { instances } from './alert-finding.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import { isFinished } from './failover-run.ts';

/** Instances that went from one node to another although no failover of ours was on. `at`: ms since the epoch. */
export const RoleMove = z.object({
  from: z.string(),
  to: z.string(),
  instances: z.array(z.string()),
  at: z.number(),
});
export type RoleMove = z.infer<typeof RoleMove>;

/** Who was last seen to be the only master of each instance, and the last move that we did not make. */
export interface Holders {
  readonly masters: Readonly<Record<string, string>>;
  readonly move?: RoleMove;
}

/** A run's own moves are seen a moment after it has ended, too: in ms. */
const explainsMs = 30_000;

/** A master that is away for a moment keeps its instances until another one holds them alone. */
export function followRoles(before: Holders, cluster: ClusterSnapshot, now: number): Holders {
  const seen = instances(cluster).flatMap(({ name, masters: [to, ...others] }) =>
    to !== undefined && others.length === 0 ? [{ name, to, from: before.masters[name] }] : [],
  );
  if (seen.every(({ from, to }) => from === to)) return before;
  const masters = { ...before.masters, ...Object.fromEntries(seen.map(({ name, to }) => [name, to])) };
  const [first] = seen.filter(({ from, to }) => from !== undefined && from !== to);
  if (first?.from === undefined || ourRun(cluster, now)) return { ...before, masters };
  const { from, to } = first;
  const moved = seen.filter((each) => each.from === from && each.to === to).map(({ name }) => name);
  // Instances of one group are seen to arrive one after the other.
  const same = before.move?.from === from && before.move.to === to && now - before.move.at < explainsMs;
  const earlier = same ? (before.move?.instances ?? []) : [];
  return { masters, move: { from, to, instances: [...new Set([...earlier, ...moved])], at: now } };
}

const ourRun = ({ run }: ClusterSnapshot, now: number): boolean =>
  run !== null && (!isFinished(run.state) || now - (run.endedAt ?? now) < explainsMs);
