import type { FleetSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { ConnectionPage, ConnectionQuery, FilterError } from '../../shared/domain/connection-query.ts';
import { parseFilter } from '../../shared/domain/filter-grammar.ts';
import { replicasAsked } from '../../shared/domain/filter-tree.ts';
import type { Engine } from '../engine.ts';
import { exitUsage, type Io } from './command.ts';
import { compareSlaves } from './compare-slaves.ts';

/** How long (ms) to wait for the nodes to be read when the master is wanted and not known yet. */
const masterMs = 10_000;

interface Wanted {
  readonly cluster: string;
  /** Absent: the master. */
  readonly node: string | undefined;
  readonly filter: string;
}

/** A node's table, freshly read, and its pages under one filter. */
interface OpenTable {
  readonly node: string;
  readonly page: (window: Pick<ConnectionQuery, 'sort' | 'offset' | 'limit'>) => Promise<ConnectionPage>;
}

/** Reads the table of a node; where that cannot be done it says why, and answers with the exit status. */
export async function openTable(
  engine: Engine,
  { cluster, node, filter }: Wanted,
  command: string,
  io: Io,
): Promise<OpenTable | number> {
  const fail = (status: number, ...lines: readonly string[]): number => {
    io.stderr.write(`handover ${command}: ${lines.join('\n')}\n`);
    return status;
  };
  const name = node ?? (await findMaster(engine, cluster));
  if (name === undefined) return fail(2, `the master of ${cluster} is not known; name a node with --node`);
  const wrong = ({ position, message }: FilterError) =>
    fail(exitUsage, `--filter, at character ${position + 1}: ${message}`);
  const parsed = parseFilter(filter);
  if (!parsed.ok) return wrong(parsed.error);
  const asksSlaves = replicasAsked(parsed.value).length > 0;
  if (asksSlaves && !(await compareSlaves(engine, cluster, command, io))) return 2;
  const read = await engine.handlers['connections.read']({ cluster, node: name });
  if (!read.accepted) return fail(exitUsage, read.reason);
  const page: OpenTable['page'] = (window) =>
    engine.handlers['connections.page']({ cluster, node: name, filter, ...window });
  const { failure, filterError } = await page({ sort: [], offset: 0, limit: 0 });
  if (filterError && !failure) return wrong(filterError);
  if (!failure) return { node: name, page };
  return fail(2, `${name}: ${failure.message}`, ...(failure.remedy === undefined ? [] : [failure.remedy]));
}

export function findMaster(engine: Engine, cluster: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const finish = (master: string | undefined) => {
      clearTimeout(timer);
      queueMicrotask(() => unsubscribe());
      resolve(master);
    };
    const timer = setTimeout(() => finish(undefined), masterMs);
    const unsubscribe = engine.subscribe('fleet', (fleet: FleetSnapshot) => {
      const master = fleet.clusters.find((each) => each.name === cluster)?.master;
      if (master) finish(master);
    });
  });
}
