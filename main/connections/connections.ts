import type { CallHandlers } from '../../shared/contract/contract.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import { type DumpTurns, type NodeAddress, nodeKey } from './dump-turns.ts';
import type { ConnectionSource } from './reading/node-reader.ts';
import { type NodeTable, nodeTable } from './reading/node-table.ts';
import type { ReplicaMarks } from './store/replicas.ts';
import type { TableStore } from './store/table-store.ts';

/** The connection tables of all nodes: read on demand, one dump at a time per node, or kept fresh. */
export interface Connections {
  readonly handlers: Pick<
    CallHandlers,
    | 'connections.read'
    | 'connections.page'
    | 'connections.cancel'
    | 'connections.refresh'
    | 'connections.groups'
    | 'connections.export'
    | 'connections.ask'
  >;
  /** Puts what a comparison found beside the rows of a master's table. */
  readonly mark: (master: NodeAddress, marks: ReplicaMarks) => void;
  /** The cluster is watched no more: its tables are let go of. */
  readonly forget: (cluster: string) => void;
  readonly close: () => Promise<void>;
}

export function openConnections(
  find: (cluster: string, node: string) => ConnectionSource | undefined,
  turns: DumpTurns,
  store: TableStore,
  clock: Clock,
): Connections {
  const tables = new Map<string, { cluster: string; source: ConnectionSource; table: NodeTable }>();
  let questions = 0;

  const passing = () => {
    questions += 1;
    const key = `question ${questions}`;
    return { stored: store.table(key), forget: () => store.forget(key) };
  };
  const stored = (where: NodeAddress) => store.table(nodeKey(where));
  const tableOf = ({ cluster, node }: NodeAddress): NodeTable | undefined => {
    const key = nodeKey({ cluster, node });
    const source = find(cluster, node);
    const known = tables.get(key);
    // a cluster that was taken out and put in again has other sessions
    if (known && known.source.runner === source?.runner) return known.table;
    known?.table.close();
    tables.delete(key);
    if (!source) return undefined;
    const turn = <T>(dump: () => Promise<T>) => turns.take({ cluster, node }, dump);
    const table = nodeTable(source, store.table(key), turn, passing, clock);
    tables.set(key, { cluster, source, table });
    return table;
  };

  return {
    handlers: {
      'connections.read': async (where) => {
        const table = tableOf(where);
        await table?.read();
        return table ? accepted : noNode(where);
      },
      'connections.page': async (query) => {
        const table = tableOf(query);
        if (table) return table.page(query);
        const { added: _, changed: __, gone: ___, since: ____, ...page } = await stored(query).page(query);
        return { ...page, reading: false };
      },
      'connections.cancel': async (where) => {
        const table = tableOf(where);
        if (!table) return noNode(where);
        return table.cancel() ? accepted : refused(`No dump of ${where.node} is under way.`);
      },
      'connections.refresh': async ({ mode, ...where }) => {
        const table = tableOf(where);
        table?.refresh(mode);
        return table ? accepted : noNode(where);
      },
      'connections.groups': (query) => stored(query).groups(query),
      'connections.export': (query) => stored(query).export(query),
      'connections.ask': async ({ question, ...where }) => {
        const table = tableOf(where);
        return table ? table.ask(question) : noNode(where);
      },
    },
    mark: (master, marks) => stored(master).mark(marks),
    forget: (cluster) => {
      for (const [key, { cluster: of, table }] of tables)
        if (of === cluster) {
          table.close();
          tables.delete(key);
          store.forget(key);
        }
    },
    close: async () => {
      for (const { table } of tables.values()) table.close();
      await store.close();
    },
  };
}

const accepted = { accepted: true } as const;
const refused = (reason: string) => ({ accepted: false, reason }) as const;
const noNode = ({ cluster, node }: NodeAddress) => refused(`There is no node ${node} in cluster ${cluster}.`);
