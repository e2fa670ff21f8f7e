import type { ExportPiece, ExportQuery } from '../../shared/domain/connection-actions.ts';
import type { GroupQuery, Groups } from '../../shared/domain/connection-groups.ts';
import type { ConnectionPage, ConnectionQuery } from '../../shared/domain/connection-query.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Failure } from '../../shared/lib/reading.ts';
import type { TableAgent } from '../agents/agent.ts';
import type { NodeRunner } from '../probe/node-runner.ts';
import { type DumpTurns, nodeKey } from './dump-turns.ts';
import { runDump } from './reading/dump-run.ts';
import type { TableStore } from './store/table-store.ts';

export interface ConnectionSource {
  readonly runner: NodeRunner;
  readonly table: TableAgent;
}

/** The connection tables of all nodes, read on demand, one dump at a time per node. */
export interface Connections {
  /** Starts a dump, or joins the one under way; resolves when it has ended, well or not. Undefined: no such node. */
  readonly read: (cluster: string, node: string) => Promise<void> | undefined;
  readonly page: (query: ConnectionQuery) => Promise<ConnectionPage>;
  readonly groups: (query: GroupQuery) => Promise<Groups>;
  readonly export: (query: ExportQuery) => Promise<ExportPiece>;
  readonly close: () => Promise<void>;
}

export function openConnections(
  find: (cluster: string, node: string) => ConnectionSource | undefined,
  turns: DumpTurns,
  store: TableStore,
  clock: Clock,
): Connections {
  const dumps = new Map<string, Promise<void>>();
  const failures = new Map<string, Failure>();
  const stored = ({ cluster, node }: { cluster: string; node: string }) =>
    store.table(nodeKey(cluster, node));
  const dump = (key: string, { runner, table }: ConnectionSource) =>
    turns.take(key, async () => {
      const intake = store.table(key).begin({ format: 'text', observedAt: clock() });
      const never = new AbortController().signal;
      const outcome = await runDump(runner, table.commands.dump(), table, intake, () => undefined, never);
      if (outcome.kind === 'failed') failures.set(key, outcome.failure);
      else failures.delete(key);
    });
  return {
    read: (cluster, node) => {
      const key = nodeKey(cluster, node);
      const source = find(cluster, node);
      if (!source) return undefined;
      const running = dumps.get(key) ?? dump(key, source).finally(() => dumps.delete(key));
      dumps.set(key, running);
      return running;
    },
    page: async (query) => {
      const key = nodeKey(query.cluster, query.node);
      const { added: _, changed: __, gone: ___, since: ____, ...page } = await stored(query).page(query);
      const failure = failures.get(key);
      return { ...page, reading: dumps.has(key), ...(failure && { failure }) };
    },
    groups: (query) => stored(query).groups(query),
    export: (query) => stored(query).export(query),
    close: store.close,
  };
}
