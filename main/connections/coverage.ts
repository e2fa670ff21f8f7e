import type { ClusterSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { parseConnectionFilter } from '../../shared/domain/connection-filter.ts';
import type {
  CoverageProgress,
  CoverageQuery,
  CoverageRefusal,
  CoverageReport,
  CoverageView,
} from '../../shared/domain/coverage.ts';
import { selectRows } from '../../shared/domain/coverage-report.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import { readingValue } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { cacheDumpDanger } from './cache-guard.ts';
import type { CachePace } from './cache-pace.ts';
import { type CoverageSource, joinRefusals, judge } from './coverage-judge.ts';
import { type DumpedNode, readTables } from './coverage-read.ts';
import { type DumpTurns, nodeKey } from './dump-turns.ts';
import { kernelDump } from './read-table.ts';

/** Compares the slaves of a cluster with their master connection by connection, on demand, once at a time. */
export interface Coverage {
  /** Compares, or joins the comparison under way; resolves with why nothing was compared, or undefined. */
  readonly compare: (cluster: string) => Promise<CoverageRefusal | undefined>;
  readonly report: (query: CoverageQuery) => CoverageView;
}

export interface CoverageTools {
  readonly turns: DumpTurns;
  readonly pace: CachePace;
  readonly clock: Clock;
  /** How long (ms) a connection may take to be replicated. */
  readonly settleMs?: number;
}

interface Held {
  progress?: CoverageProgress | undefined;
  report?: CoverageReport;
  refusal?: CoverageRefusal | undefined;
}

export function openCoverage(
  find: (cluster: string) => CoverageSource | undefined,
  tools: CoverageTools,
): Coverage {
  const held = new Map<string, Held>();
  const running = new Map<string, Promise<CoverageRefusal | undefined>>();

  const compare = async (cluster: string, source: CoverageSource): Promise<CoverageRefusal | undefined> => {
    const own = held.get(cluster) ?? {};
    held.set(cluster, own);
    const startedAt = tools.clock();
    const onStep = (progress: Omit<CoverageProgress, 'startedAt'>) => {
      own.progress = { startedAt, ...progress };
    };
    onStep({ step: 'checking', entries: 0 });
    const result = await compareCluster(cluster, source, tools, onStep).finally(() => {
      own.progress = undefined;
    });
    own.refusal = result.ok ? undefined : result.error;
    if (result.ok) own.report = result.value;
    return own.refusal;
  };

  return {
    compare: (cluster) => {
      const source = find(cluster);
      if (!source) return Promise.resolve({ reason: `There is no cluster ${cluster}.` });
      const now = running.get(cluster) ?? compare(cluster, source).finally(() => running.delete(cluster));
      running.set(cluster, now);
      return now;
    },
    report: (query) => {
      const { progress, report, refusal } = held.get(query.cluster) ?? {};
      const filter = parseConnectionFilter(query.filter);
      return {
        ...(progress && { progress }),
        ...(refusal && { refusal }),
        ...(report && { report: filter.ok ? selectRows(report, query, filter.value) : withoutRows(report) }),
        ...(!filter.ok && { filterError: filter.error }),
      };
    },
  };
}

const withoutRows = (report: CoverageReport): CoverageReport => ({
  ...report,
  slaves: report.slaves.map((slave) => ({ ...slave, connections: [], matched: 0 })),
});

async function compareCluster(
  cluster: string,
  source: CoverageSource,
  tools: CoverageTools,
  onStep: (progress: Omit<CoverageProgress, 'startedAt'>) => void,
): Promise<Result<CoverageReport, CoverageRefusal>> {
  const before = source.snapshot();
  const master = before.nodes.find(({ name }) => name === before.master);
  const runner = master && source.runner(master.name);
  if (!master || !runner) return err({ reason: noMaster(before) });
  const chosen = await Promise.all(
    before.nodes
      .filter((node) => node !== master)
      .map(async (node) => ({ node, dump: await dumpOf(cluster, source, node, tools) })),
  );
  const slaves = chosen.flatMap(({ dump }) => (dump.ok ? [dump.value] : []));
  const refused = chosen.flatMap(({ node, dump }) =>
    dump.ok ? [] : [{ node: node.name, reason: dump.error.reason, retryAt: dump.error.retryAt }],
  );
  if (slaves.length === 0) return err(joinRefusals(refused));

  const markTaken = () => {
    for (const { isSnapshot, name } of slaves) if (isSnapshot) tools.pace.taken(source.address(name));
  };
  // before, so that nobody else begins meanwhile; after, because only then the minute begins
  markTaken();
  const expected = readingValue(master.readings.connections);
  const key = nodeKey(cluster, master.name);
  const own = { key, name: master.name, runner, dump: kernelDump(source.table), isSnapshot: false };
  const tables = await readTables(own, slaves, tools.settleMs ?? 2_000, {
    ...tools,
    onStep: (step, entries) => onStep({ step, entries, ...(expected !== undefined && { expected }) }),
  });
  markTaken();
  if (!tables.ok) return err({ reason: `${master.name}: ${tables.error.message}` });
  onStep({ step: 'explaining', entries: 0 });
  return judge(cluster, source, master.name, tables.value, refused);
}

const noMaster = ({ activeActive, name }: ClusterSnapshot): string =>
  activeActive
    ? `The nodes of ${name} share the service addresses between them: none holds what the others replicate.`
    : `Who is master of ${name} is not known.`;

/** What is dumped of a slave, or why it must not be now. */
async function dumpOf(
  cluster: string,
  { runner: runnerOf, sync, table, config, address }: CoverageSource,
  { name, reachable, readings }: NodeSnapshot,
  { pace }: CoverageTools,
): Promise<Result<DumpedNode, CoverageRefusal>> {
  const runner = runnerOf(name);
  if (!runner || !reachable) return err({ reason: 'it is not reachable' });
  const state = readingValue(readings.agent);
  if (!state) return err({ reason: 'its sync agent cannot be read' });
  const node = { key: nodeKey(cluster, name), name, runner };
  if (state.external.kind === 'inject') return ok({ ...node, dump: kernelDump(table), isSnapshot: false });
  if (state.external.kind === 'absent')
    return err({ reason: 'its sync agent takes nothing from other nodes' });
  const commands = sync.commands(config);
  const retryAt = pace.nextAt(address(name));
  if (retryAt !== undefined)
    return err({
      reason: 'its cache was read within the last minute, and is read once a minute at most',
      retryAt,
    });
  const danger = await cacheDumpDanger(runner, commands);
  if (danger !== undefined) return err({ reason: danger });
  const { parseLine, classify } = sync;
  return ok({ ...node, dump: { command: commands.externalDump, parseLine, classify }, isSnapshot: true });
}
