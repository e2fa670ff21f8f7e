import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import type { CoverageRefusal } from '../../../shared/domain/coverage.ts';
import type {
  DifferenceQuery,
  DifferenceReport,
  DifferenceView,
  TwoTables,
} from '../../../shared/domain/difference.ts';
import { isSameTable, tableName } from '../../../shared/domain/difference-report.ts';
import { readingValue } from '../../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { brokenOff, openComparisons, type Work } from './comparisons.ts';
import type { CoverageTools } from './coverage.ts';
import { dumpOfTable, markCaches } from './dumped-node.ts';
import { type CoverageSource, joinRefusals } from './judge.ts';
import { kindOf } from './kept-difference.ts';
import { type KernelDump, kernelDumps } from './kernel-dump.ts';
import { type DumpedNode, type ReadTools, readOnce, readTables, type SlaveTable } from './read-tables.ts';

/** Compares any two tables of a cluster's nodes, connection by connection, on demand, two at a time. */
export interface Difference {
  /** Compares, or joins the comparison of these two that is under way; resolves with why nothing was compared, or undefined. */
  readonly compare: (tables: TwoTables) => Promise<CoverageRefusal | undefined>;
  readonly cancel: (cluster: string) => boolean;
  readonly report: (query: DifferenceQuery) => Promise<DifferenceView>;
  readonly forget: (cluster: string) => void;
  readonly close: () => void;
}

type CountedReport = Omit<DifferenceReport, 'connections' | 'matched'>;

const isSamePair = (one: Omit<TwoTables, 'cluster'>, other: Omit<TwoTables, 'cluster'>): boolean =>
  isSameTable(one.of, other.of) && isSameTable(one.against, other.against);

export function openDifference(
  find: (cluster: string) => CoverageSource | undefined,
  tools: Omit<CoverageTools, 'onMarks'>,
): Difference {
  const comparisons = openComparisons<CountedReport>(tools.clock);
  const kernelDump = kernelDumps(tools.clock);
  /** What the last comparison of a cluster, or the one under way, is of. */
  const asked = new Map<string, TwoTables>();
  const { cancel, close } = comparisons;
  return {
    compare: async (wanted) => {
      const { cluster } = wanted;
      const source = find(cluster);
      if (!source) return { reason: `There is no cluster ${cluster}.` };
      const now = asked.get(cluster);
      if (now && comparisons.isRunning(cluster) && !isSamePair(now, wanted))
        return {
          reason: `The ${tableName(now.of)} is being compared with the ${tableName(now.against)}: one comparison at a time.`,
        };
      asked.set(cluster, wanted);
      return comparisons.run(cluster, async (work) => {
        const wrong = whyNot(source.snapshot(), wanted);
        return wrong === undefined
          ? compareTables(source, wanted, { ...tools, ...work, kernelDump })
          : err({ reason: wrong });
      });
    },
    cancel,
    report: async (query) => {
      const { progress, last, refusal } = comparisons.of(query.cluster);
      const filter = parseConnectionFilter(query.filter);
      const now = asked.get(query.cluster);
      const found = last && isSamePair(last.found, query) ? last.found : undefined;
      const rows = async () =>
        filter.ok && last ? last.comparison.ask('select-difference', query) : { connections: [], matched: 0 };
      return {
        ...(progress && { progress }),
        ...(refusal && now && isSamePair(now, query) && { refusal }),
        ...(found && { report: { ...found, ...(await rows()) } }),
        ...(!filter.ok && { filterError: filter.error }),
      };
    },
    forget: (cluster) => {
      asked.delete(cluster);
      comparisons.forget(cluster);
    },
    close,
  };
}

/** Why two tables are none that could be compared, whatever the nodes say. */
function whyNot({ name, nodes }: ClusterSnapshot, { of, against }: TwoTables): string | undefined {
  for (const { node } of [of, against])
    if (!nodes.some((each) => each.name === node)) return `There is no node ${node} in cluster ${name}.`;
  if (of.node !== against.node) return undefined;
  if (of.table === against.table)
    return `The ${tableName(of)} is to be compared with itself: choose another table or node.`;
  return of.table !== 'kernel' && against.table !== 'kernel'
    ? `${of.node}: a node's cache is read once a minute at most, so its two caches cannot be compared.`
    : undefined;
}

interface Run extends CoverageTools, Work {
  readonly kernelDump: KernelDump;
}

async function compareTables(
  source: CoverageSource,
  { cluster, of, against }: TwoTables,
  tools: Run,
): Promise<Result<{ readonly found: CountedReport }, CoverageRefusal>> {
  const { comparison, signal, onStep } = tools;
  const snapshot = source.snapshot();
  const dumped = await Promise.all(
    [of, against].map(async ({ node: name, table }) => {
      const node = snapshot.nodes.find((each) => each.name === name);
      if (!node) return err({ reason: 'it is no node of the cluster' });
      return dumpOfTable(cluster, source, node, table, tools, { timestamps: true });
    }),
  );
  const [one, other] = dumped;
  if (!one?.ok || !other?.ok) {
    const refused = [of, against].flatMap(({ node }, index) => {
      const dump = dumped[index];
      return dump && !dump.ok ? [{ node, retryAt: undefined, ...dump.error }] : [];
    });
    return err(joinRefusals(refused));
  }
  // a cache may be read only once, a kernel's table around it: so the base is a kernel's where there is one
  const base = of.table === 'kernel' || against.table !== 'kernel' ? 'of' : 'against';
  const [first, second] = base === 'of' ? [one.value, other.value] : [other.value, one.value];
  const names = base === 'of' ? { first: of, second: against } : { first: against, second: of };
  const expected = Math.max(...[of, against].map(({ node }) => entriesOf(snapshot, node)));

  markCaches(tools, source, [first, second]);
  const read = first.isSnapshot ? readOnce : readAround;
  const hasCache = first.isSnapshot || second.isSnapshot;
  const tables = await read(first, second, {
    ...tools,
    settleMs: tools.settleMs ?? 2_000,
    expected,
    kind: kindOf({ hasCache }),
    onStep: (step, entries) => onStep({ step, entries, ...(expected > 0 && { expected }) }),
  });
  markCaches(tools, source, [first, second]);
  const broken = (node: string, { message }: { message: string }): CoverageRefusal => ({
    reason: signal.aborted ? brokenOff(signal, undefined) : `${node}: ${message}`,
  });
  if (!tables.ok) return err(broken(names.first.node, tables.error));
  const held = tables.value.slaves.get(second.name);
  if (!held?.ok) return err(broken(names.second.node, held?.error ?? { message: 'it was not read' }));

  onStep({ step: 'explaining', entries: 0 });
  const { earlier, master, unreadable, observedAt } = tables.value;
  const counts = await comparison.ask('differ', {
    earlier,
    master,
    held: held.value.dump,
    hasCache,
    isOnce: first.isSnapshot,
    seconds: secondsOf(held.value, first.isSnapshot),
    base,
  });
  await comparison.ask('release', undefined);
  const { of: ofCount, against: againstCount, ...rest } = counts;
  const lines = { first: unreadable, second: held.value.unreadable };
  const [ofLines, againstLines] = base === 'of' ? [lines.first, lines.second] : [lines.second, lines.first];
  return ok({
    found: {
      cluster,
      observedAt,
      skewMs: held.value.skewMs,
      of: { ...of, count: ofCount, unreadable: ofLines },
      against: { ...against, count: againstCount, unreadable: againstLines },
      ...rest,
    },
  });
}

const readAround = (first: DumpedNode, second: DumpedNode, tools: ReadTools) =>
  readTables(first, [second], tools);

/** From the beginning of the first reading to the end of the other table's: what is younger may have come meanwhile. */
const secondsOf = ({ seconds, beganAt, endedAt, skewMs }: SlaveTable, isOnce: boolean): number =>
  isOnce ? skewMs / 1000 : seconds + (endedAt - beganAt) / 1000;

const entriesOf = ({ nodes }: ClusterSnapshot, name: string): number =>
  readingValue(nodes.find((node) => node.name === name)?.readings.connections) ?? 0;
