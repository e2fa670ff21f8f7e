import type { ConnectionPage, ConnectionQuery } from '../../shared/domain/connection-query.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { TableAgent } from '../agents/agent.ts';
import type { NodeRunner } from '../probe/node-runner.ts';
import { type ConnectionTable, connectionTable } from './connection-table.ts';
import { type DumpTurns, nodeKey } from './dump-turns.ts';
import { readTable } from './read-table.ts';

export interface ConnectionSource {
  readonly runner: NodeRunner;
  readonly table: TableAgent;
}

/** The connection tables of all nodes, read on demand, one dump at a time per node. */
export interface Connections {
  /** Starts a dump, or joins the one under way; resolves when it has ended, well or not. Undefined: no such node. */
  readonly read: (cluster: string, node: string) => Promise<void> | undefined;
  readonly page: (query: ConnectionQuery) => ConnectionPage;
}

export function openConnections(
  find: (cluster: string, node: string) => ConnectionSource | undefined,
  turns: DumpTurns,
  clock: Clock,
): Connections {
  const tables = new Map<string, ConnectionTable>();
  const dumps = new Map<string, Promise<void>>();
  const tableOf = (cluster: string, node: string): ConnectionTable => {
    const key = nodeKey(cluster, node);
    const known = tables.get(key) ?? connectionTable();
    tables.set(key, known);
    return known;
  };
  const dump = async (key: string, source: ConnectionSource, table: ConnectionTable) => {
    table.begin();
    const result = await turns.take(key, () => readTable(source.runner, source.table, clock));
    if (result.ok) table.replace(result.value);
    else table.fail(result.error);
  };
  return {
    read: (cluster, node) => {
      const key = nodeKey(cluster, node);
      const source = find(cluster, node);
      if (!source) return undefined;
      const running =
        dumps.get(key) ?? dump(key, source, tableOf(cluster, node)).finally(() => dumps.delete(key));
      dumps.set(key, running);
      return running;
    },
    page: (query) => tableOf(query.cluster, query.node).page(query),
  };
}
