import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterSnapshot, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type {
  ClassifiedConnection,
  CoverageRefusal,
  CoverageReport,
  SlaveCoverage,
} from '../../../shared/domain/coverage.ts';
import { notSynced, type ReplicationLimits } from '../../../shared/domain/coverage-reason.ts';
import { readingValue } from '../../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { SyncAgent, TableAgent } from '../../agents/agent.ts';
import type { NodeRunner } from '../../probe/node-runner.ts';
import type { ReplicaMarks } from '../store/replicas.ts';
import type { Comparison } from './comparison.ts';
import type { Tables } from './read-tables.ts';

/** What a comparison needs of a cluster. `address` names a node beyond this inventory's own words. */
export interface CoverageSource {
  readonly snapshot: () => ClusterSnapshot;
  readonly runner: (node: string) => NodeRunner | undefined;
  readonly address: (node: string) => string;
  readonly table: TableAgent;
  readonly sync: SyncAgent;
  /** The path of the sync agent's configuration. */
  readonly config: string;
}

/** For so long (ms) at most a reason waits for the readings that tell it. */
const phaseMs = 4_000;

export interface Refused {
  readonly node: string;
  readonly reason: string;
  readonly retryAt: number | undefined;
}

/** Only where time stands in the way of every slave, waiting helps. */
export function joinRefusals(refused: readonly Refused[]): CoverageRefusal {
  const times = refused.flatMap(({ retryAt }) => retryAt ?? []);
  return {
    reason:
      refused.length === 0
        ? 'The cluster has no slave.'
        : refused.map(({ node, reason }) => `${node}: ${reason}.`).join(' '),
    ...(times.length > 0 && times.length === refused.length && { retryAt: Math.max(...times) }),
  };
}

/** A report without its rows, which the comparison holds. */
export type CountedReport = Omit<CoverageReport, 'slaves'> & {
  readonly slaves: readonly Omit<SlaveCoverage, 'connections' | 'matched'>[];
};

/** What a comparison found: the report, and what stands beside the rows of the master's table. */
export interface Judged {
  readonly report: CountedReport;
  readonly marks: ReplicaMarks;
}

/** Classifies, and looks for the reasons in what the nodes say of themselves now. */
export async function judge(
  cluster: string,
  source: CoverageSource,
  { ask }: Comparison,
  master: string,
  { earlier, master: table, unreadable, observedAt, slaves }: Tables,
  refusedBefore: readonly Refused[],
): Promise<Result<Judged, CoverageRefusal>> {
  const refused = [...refusedBefore];
  const counted: CountedReport['slaves'][number][] = [];
  let skewMs = 0;
  const masterLimits = await limitsOf(source, master);
  const expected = masterLimits ? await expectedOf(source, master, masterLimits) : [];
  for (const [name, read] of slaves) {
    if (!read.ok) {
      refused.push({ node: name, reason: read.error.message, retryAt: undefined });
      continue;
    }
    const { dump, seconds } = read.value;
    const own = ownAddresses(nodeOf(source, name));
    const tables = { earlier, held: dump, master: table, seconds, ...(own && { own }) };
    const missing = await ask('compare', { slave: name, ...tables });
    if (missing > 0) {
      await phaseKnown(source, name);
      const slaveNode = { snapshot: nodeOf(source, name), limits: await limitsOf(source, name) };
      const masterNode = { snapshot: nodeOf(source, master), limits: masterLimits };
      await ask('explain', { slave: name, masterNode, slaveNode });
    }
    if (expected.length > 0) await ask('expect', { slave: name, expected });
    const counts = await ask('counts', { slave: name });
    counted.push({ node: name, ...counts, unreadable: unreadable + read.value.unreadable });
    skewMs = Math.max(skewMs, read.value.skewMs);
  }
  const marks = { comparedAt: observedAt, ...(await ask('marks', { master: table })) };
  await ask('release', undefined);
  if (counted.length === 0) return err(joinRefusals(refused));
  const report = {
    cluster,
    master,
    observedAt,
    skewMs,
    slaves: counted,
    refused: refused.map(({ node, reason }) => ({ node, reason })),
  };
  return ok({ report, marks });
}

const nodeOf = (source: CoverageSource, name: string): NodeSnapshot => {
  const node = source.snapshot().nodes.find((each) => each.name === name);
  if (!node) throw new Error(`no such node: ${name}`);
  return node;
};

/** Where replicas lie in the kernel's table, the node's own connections lie beside them: from or to these addresses. */
function ownAddresses({ readings }: NodeSnapshot): string[] | undefined {
  if (readingValue(readings.agent)?.external.kind !== 'inject') return undefined;
  return (readingValue(readings.addresses) ?? []).map(({ address }) => address);
}

/** The configuration as it is now: a line that was changed a moment ago may be the very reason. */
async function limitsOf(
  { sync, config, runner }: CoverageSource,
  node: string,
): Promise<ReplicationLimits | undefined> {
  const answer = await runner(node)?.poll(sync.commands(config).config);
  if (!answer?.ok || answer.value.exitCode !== 0) return undefined;
  const { filter, cacheLimit, expectationSync } = sync.parseConfig(answer.value.stdout);
  return { file: config, filter, cacheLimit, expectationSync };
}

/** What helpers of the master expect and no slave will know of. A login that may not ask for it is told nothing. */
async function expectedOf(
  { table, runner }: CoverageSource,
  master: string,
  limits: ReplicationLimits,
): Promise<ClassifiedConnection[]> {
  const answer = await runner(master)?.poll(table.commands.expectations);
  if (!answer?.ok || answer.value.exitCode !== 0) return [];
  return answer.value.stdout.split('\n').flatMap((line) => {
    const parsed = table.parseExpectation(line);
    const connection = parsed.ok ? parsed.value : undefined;
    const why = connection && notSynced(connection, limits);
    return connection && why ? [{ class: 'not-replicable' as const, ...why, connection }] : [];
  });
}

/** A console that was just opened needs a few readings before it can say that a slave hears nothing. */
async function phaseKnown(source: CoverageSource, name: string): Promise<void> {
  const deadline = performance.now() + phaseMs;
  while (nodeOf(source, name).replication?.phase === 'unknown' && performance.now() < deadline)
    await delay(100);
}
