import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { Reason, ReasonCode } from '../../../shared/domain/health.ts';
import type { SyncRemedy } from '../../../shared/domain/sync-remedy.ts';
import type { Trap } from '../../../shared/domain/trap.ts';

/** What is worth knowing of a cluster, and what of it could not be looked at, by its reason. */
export interface TrapList {
  readonly open: readonly Trap[];
  readonly unchecked: readonly { readonly sentence: string; readonly remedy?: string | undefined }[];
}

export function trapsOf({ traps = [] }: ClusterSnapshot): TrapList {
  const unchecked = new Map<string, { sentence: string; remedy?: string | undefined }>();
  for (const { state, pending, sentence, remedy } of traps)
    if (state === 'unknown' && !pending) unchecked.set(sentence, { sentence, remedy });
  return {
    open: traps.filter(({ state }) => state !== 'unknown'),
    unchecked: [...unchecked.values()],
  };
}

const ofReplication: ReadonlySet<ReasonCode> = new Set([
  'sync-silent',
  'sync-behind',
  'sync-one-way',
  'sync-stalled',
]);

/** The commands that mend what a reason tells of, where it is the replication. */
export const remedyOf = ({ nodes }: ClusterSnapshot, { code, node }: Reason): SyncRemedy | undefined =>
  ofReplication.has(code) ? nodes.find(({ name }) => name === node)?.replication?.remedy : undefined;
