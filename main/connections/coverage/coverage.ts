import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import type {
  CoverageQuery,
  CoverageRefusal,
  CoverageReport,
  CoverageView,
} from '../../../shared/domain/coverage.ts';
import type { Clock } from '../../../shared/lib/clock.ts';
import { readingValue } from '../../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { CachePace } from '../cache-pace.ts';
import type { DumpTurns, NodeAddress } from '../dump-turns.ts';
import type { ReplicaMarks } from '../store/replicas.ts';
import type { Comparison } from './comparison.ts';
import { brokenOff, openComparisons, type Work } from './comparisons.ts';
import { dumpOfSlave, markCaches } from './dumped-node.ts';
import { type CountedReport, type CoverageSource, type Judged, joinRefusals, judge } from './judge.ts';
import { type KernelDump, kernelDumps } from './kernel-dump.ts';
import { readTables } from './read-tables.ts';

/** Compares the slaves of a cluster with their master connection by connection, on demand, once at a time. */
export interface Coverage {
  /** Compares, or joins the comparison under way; resolves with why nothing was compared, or undefined. */
  readonly compare: (cluster: string) => Promise<CoverageRefusal | undefined>;
  /** Ends the comparison under way; false where there is none. The last report stays. */
  readonly cancel: (cluster: string) => boolean;
  readonly report: (query: CoverageQuery) => Promise<CoverageView>;
  /** Lets go of a cluster's report, and of all. */
  readonly forget: (cluster: string) => void;
  readonly close: () => void;
}

export interface CoverageTools {
  readonly turns: DumpTurns;
  readonly pace: CachePace;
  readonly clock: Clock;
  /** Takes what was found of each connection of a master. */
  readonly onMarks?: (master: NodeAddress, marks: ReplicaMarks) => void;
  /** How long (ms) a connection may take to be replicated. */
  readonly settleMs?: number;
}

export function openCoverage(
  find: (cluster: string) => CoverageSource | undefined,
  tools: CoverageTools,
): Coverage {
  const comparisons = openComparisons<CountedReport>(tools.clock);
  const kernelDump = kernelDumps(tools.clock);
  const { cancel, forget, close } = comparisons;
  return {
    compare: (cluster) => {
      const source = find(cluster);
      if (!source) return Promise.resolve({ reason: `There is no cluster ${cluster}.` });
      return comparisons.run(cluster, async (work) => {
        const result = await compareCluster(cluster, source, { ...tools, ...work, kernelDump });
        if (!result.ok) return result;
        const { report, marks } = result.value;
        const onKept = () => tools.onMarks?.({ cluster, node: report.master }, marks);
        return ok({ found: report, onKept });
      });
    },
    cancel,
    report: async (query) => {
      const { progress, last, refusal } = comparisons.of(query.cluster);
      const filter = parseConnectionFilter(query.filter);
      return {
        ...(progress && { progress }),
        ...(refusal && { refusal }),
        ...(last && { report: await withRows(last.found, last.comparison, query, filter.ok) }),
        ...(!filter.ok && { filterError: filter.error }),
      };
    },
    forget,
    close,
  };
}

const withRows = async (
  report: CountedReport,
  { ask }: Comparison,
  query: CoverageQuery,
  isReadable: boolean,
): Promise<CoverageReport> => ({
  ...report,
  slaves: await Promise.all(
    report.slaves.map(async (slave) => ({
      ...slave,
      ...(isReadable ? await ask('select', { slave: slave.node, query }) : { connections: [], matched: 0 }),
    })),
  ),
});

interface Run extends CoverageTools, Work {
  readonly kernelDump: KernelDump;
}

async function compareCluster(
  cluster: string,
  source: CoverageSource,
  tools: Run,
): Promise<Result<Judged, CoverageRefusal>> {
  const { comparison, signal, onStep } = tools;
  const before = source.snapshot();
  const master = before.nodes.find(({ name }) => name === before.master);
  const runner = master && source.runner(master.name);
  if (!master || !runner) return err({ reason: noMaster(before) });
  const chosen = await Promise.all(
    before.nodes
      .filter((node) => node !== master)
      .map(async (node) => ({ node, dump: await dumpOfSlave(cluster, source, node, tools) })),
  );
  const slaves = chosen.flatMap(({ dump }) => (dump.ok ? [dump.value] : []));
  const refused = chosen.flatMap(({ node, dump }) =>
    dump.ok ? [] : [{ node: node.name, reason: dump.error.reason, retryAt: dump.error.retryAt }],
  );
  if (slaves.length === 0) return err(joinRefusals(refused));

  markCaches(tools, source, slaves);
  const expected = readingValue(master.readings.connections);
  const own = {
    cluster,
    name: master.name,
    runner,
    dump: tools.kernelDump(runner, source.table, { timestamps: true }),
    isSnapshot: false,
  };
  const tables = await readTables(own, slaves, {
    ...tools,
    settleMs: tools.settleMs ?? 2_000,
    expected: expected ?? 0,
    kind: 'carried',
    onStep: (step, entries) => onStep({ step, entries, ...(expected !== undefined && { expected }) }),
  });
  markCaches(tools, source, slaves);
  if (!tables.ok)
    return err({
      reason: signal.aborted ? brokenOff(signal, undefined) : `${master.name}: ${tables.error.message}`,
    });
  onStep({ step: 'explaining', entries: 0 });
  return judge(cluster, source, comparison, master.name, tables.value, refused);
}

const noMaster = ({ activeActive, name }: ClusterSnapshot): string =>
  activeActive
    ? `The nodes of ${name} share the service addresses between them: none holds what the others replicate.`
    : `Who is master of ${name} is not known.`;
