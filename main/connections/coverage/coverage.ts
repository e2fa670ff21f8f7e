import type { ClusterSnapshot, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import type {
  CoverageProgress,
  CoverageQuery,
  CoverageRefusal,
  CoverageReport,
  CoverageView,
} from '../../../shared/domain/coverage.ts';
import type { Clock } from '../../../shared/lib/clock.ts';
import { readingValue } from '../../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { cacheDumpDanger } from '../cache-guard.ts';
import type { CachePace } from '../cache-pace.ts';
import { type DumpTurns, nodeKey } from '../dump-turns.ts';
import type { ReplicaMarks } from '../store/replicas.ts';
import { type Comparison, startComparison } from './comparison.ts';
import { type CountedReport, type CoverageSource, type Judged, joinRefusals, judge } from './judge.ts';
import { type KernelDump, kernelDumps } from './kernel-dump.ts';
import { type DumpedNode, readTables } from './read-tables.ts';

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
  readonly onMarks?: (
    master: { readonly cluster: string; readonly node: string },
    marks: ReplicaMarks,
  ) => void;
  /** How long (ms) a connection may take to be replicated. */
  readonly settleMs?: number;
}

interface Held {
  progress?: CoverageProgress | undefined;
  /** The last report, and the thread that holds its rows. */
  last?: { readonly report: CountedReport; readonly comparison: Comparison } | undefined;
  refusal?: CoverageRefusal | undefined;
}

interface Running {
  readonly ended: Promise<CoverageRefusal | undefined>;
  readonly stop: AbortController;
}

export function openCoverage(
  find: (cluster: string) => CoverageSource | undefined,
  tools: CoverageTools,
): Coverage {
  const held = new Map<string, Held>();
  const kernelDump = kernelDumps(tools.clock);
  const running = new Map<string, Running>();

  const compare = async (
    cluster: string,
    source: CoverageSource,
    signal: AbortSignal,
  ): Promise<CoverageRefusal | undefined> => {
    const own = held.get(cluster) ?? {};
    held.set(cluster, own);
    const startedAt = tools.clock();
    const onStep = (progress: Omit<CoverageProgress, 'startedAt'>) => {
      own.progress = { startedAt, ...progress };
    };
    onStep({ step: 'checking', entries: 0 });
    const comparison = startComparison();
    const stop = () => comparison.close();
    signal.addEventListener('abort', stop);
    const result = await compareCluster(cluster, source, {
      ...tools,
      comparison,
      kernelDump,
      signal,
      onStep,
    }).catch((cause: unknown) => err({ reason: brokenOff(signal, cause) }));
    signal.removeEventListener('abort', stop);
    own.progress = undefined;
    own.refusal = result.ok ? undefined : result.error;
    // a cluster that was forgotten meanwhile has nobody who would ask
    if (!result.ok || held.get(cluster) !== own) comparison.close();
    else {
      own.last?.comparison.close();
      own.last = { report: result.value.report, comparison };
      tools.onMarks?.({ cluster, node: result.value.report.master }, result.value.marks);
    }
    return own.refusal;
  };
  const cancel = (cluster: string): boolean => {
    const now = running.get(cluster);
    now?.stop.abort();
    return now !== undefined;
  };
  const forget = (cluster: string) => {
    cancel(cluster);
    held.get(cluster)?.last?.comparison.close();
    held.delete(cluster);
  };

  return {
    compare: (cluster) => {
      const source = find(cluster);
      if (!source) return Promise.resolve({ reason: `There is no cluster ${cluster}.` });
      const now = running.get(cluster);
      if (now) return now.ended;
      const stop = new AbortController();
      const ended = compare(cluster, source, stop.signal).finally(() => running.delete(cluster));
      running.set(cluster, { ended, stop });
      return ended;
    },
    cancel,
    report: async (query) => {
      const { progress, last, refusal } = held.get(query.cluster) ?? {};
      const filter = parseConnectionFilter(query.filter);
      return {
        ...(progress && { progress }),
        ...(refusal && { refusal }),
        ...(last && { report: await withRows(last.report, last.comparison, query, filter.ok) }),
        ...(!filter.ok && { filterError: filter.error }),
      };
    },
    forget,
    close: () => {
      for (const cluster of [...held.keys()]) forget(cluster);
    },
  };
}

const brokenOff = (signal: AbortSignal, cause: unknown): string => {
  if (signal.aborted) return 'The comparison was cancelled.';
  return cause instanceof Error ? cause.message : String(cause);
};

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

interface Run extends CoverageTools {
  readonly comparison: Comparison;
  readonly kernelDump: KernelDump;
  readonly signal: AbortSignal;
  readonly onStep: (progress: Omit<CoverageProgress, 'startedAt'>) => void;
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
  const own = {
    key,
    name: master.name,
    runner,
    dump: tools.kernelDump(runner, source.table, { timestamps: true }),
    isSnapshot: false,
  };
  const tables = await readTables(own, slaves, {
    ...tools,
    settleMs: tools.settleMs ?? 2_000,
    expected: expected ?? 0,
    onStep: (step, entries) => onStep({ step, entries, ...(expected !== undefined && { expected }) }),
  });
  markTaken();
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

/** What is dumped of a slave, or why it must not be now. */
async function dumpOf(
  cluster: string,
  { runner: runnerOf, sync, table, config, address }: CoverageSource,
  { name, reachable, readings }: NodeSnapshot,
  { pace, kernelDump }: Run,
): Promise<Result<DumpedNode, CoverageRefusal>> {
  const runner = runnerOf(name);
  if (!runner || !reachable) return err({ reason: 'it is not reachable' });
  const state = readingValue(readings.agent);
  if (!state) return err({ reason: 'its sync agent cannot be read' });
  const node = { key: nodeKey(cluster, name), name, runner };
  if (state.external.kind === 'inject')
    return ok({ ...node, dump: kernelDump(runner, table), isSnapshot: false });
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
  const cache = { command: commands.externalDump, classify: sync.classify, format: 'text' } as const;
  return ok({ ...node, dump: async () => cache, isSnapshot: true });
}
