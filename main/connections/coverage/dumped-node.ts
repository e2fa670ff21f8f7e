import type { NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { CoverageRefusal } from '../../../shared/domain/coverage.ts';
import type { TableKind } from '../../../shared/domain/difference.ts';
import type { SyncAgentState } from '../../../shared/domain/replication.ts';
import { readingValue } from '../../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { TableDump } from '../../agents/agent.ts';
import { cacheDumpDanger } from '../cache-guard.ts';
import type { CachePace } from '../cache-pace.ts';
import type { CoverageSource } from './judge.ts';
import type { KernelDump } from './kernel-dump.ts';
import type { DumpedNode } from './read-tables.ts';

interface Guards {
  readonly pace: CachePace;
  readonly kernelDump: KernelDump;
}

/** What is dumped of a slave, or why it must not be now. */
export async function dumpOfSlave(
  cluster: string,
  source: CoverageSource,
  node: NodeSnapshot,
  guards: Guards,
): Promise<Result<DumpedNode, CoverageRefusal>> {
  const state = node.reachable ? readingValue(node.readings.agent) : undefined;
  const isInjected = state?.external.kind === 'inject';
  return dumpOfTable(cluster, source, node, isInjected ? 'kernel' : 'external', guards);
}

/** What is dumped of one of a node's tables, or why it must not be now. */
export async function dumpOfTable(
  cluster: string,
  { runner: runnerOf, sync, table, config, address }: CoverageSource,
  { name, reachable, readings }: NodeSnapshot,
  kind: TableKind,
  { pace, kernelDump }: Guards,
  options?: TableDump,
): Promise<Result<DumpedNode, CoverageRefusal>> {
  const runner = runnerOf(name);
  if (!runner || !reachable) return err({ reason: 'it is not reachable' });
  const node = { cluster, name, runner };
  if (kind === 'kernel') return ok({ ...node, dump: kernelDump(runner, table, options), isSnapshot: false });
  const state = readingValue(readings.agent);
  if (!state) return err({ reason: 'its sync agent cannot be read' });
  const lack = noCache[kind](state);
  if (lack !== undefined) return err({ reason: lack });
  const commands = sync.commands(config);
  const retryAt = pace.nextAt(address(name));
  if (retryAt !== undefined)
    return err({
      reason: 'its cache was read within the last minute, and is read once a minute at most',
      retryAt,
    });
  const danger = await cacheDumpDanger(runner, commands);
  if (danger !== undefined) return err({ reason: danger });
  const command = kind === 'external' ? commands.externalDump : commands.internalDump;
  const cache = { command, classify: sync.classify, format: 'text' } as const;
  return ok({ ...node, dump: async () => cache, isSnapshot: true });
}

/** Why an agent has no such cache; undefined: it has one. */
const noCache: Readonly<Record<Exclude<TableKind, 'kernel'>, (state: SyncAgentState) => string | undefined>> =
  {
    external: ({ external: { kind } }) => {
      if (kind === 'absent') return 'its sync agent takes nothing from other nodes';
      return kind === 'inject'
        ? 'it has no external cache: what it takes from other nodes goes into its kernel table'
        : undefined;
    },
    internal: ({ internal: { kind } }) => {
      if (kind === 'absent') return 'its sync agent sends nothing to other nodes';
      return kind === 'bypass'
        ? 'it has no internal cache: its sync agent sends what the kernel tells it, and keeps none of it'
        : undefined;
    },
  };

/** The dump of a cache forks its daemon: who begins one says so, before and after, so that its minute begins with its end. */
export function markCaches(
  { pace }: Pick<Guards, 'pace'>,
  { address }: CoverageSource,
  nodes: readonly DumpedNode[],
): void {
  for (const { isSnapshot, name } of nodes) if (isSnapshot) pace.taken(address(name));
}
