import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { CoverageRefusal, CoverageReport } from '../../shared/domain/coverage.ts';
import { compareTables } from '../../shared/domain/coverage-compare.ts';
import { explainMissing, type ReplicationLimits } from '../../shared/domain/coverage-reason.ts';
import { summarise } from '../../shared/domain/coverage-report.ts';
import { readingValue } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { SyncAgent, TableAgent } from '../agents/agent.ts';
import type { NodeRunner } from '../probe/node-runner.ts';
import type { Tables } from './coverage-read.ts';

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

/** Classifies, and looks for the reasons in what the nodes say of themselves now. */
export async function judge(
  cluster: string,
  source: CoverageSource,
  master: string,
  { earlier, master: table, unreadable, observedAt, slaves }: Tables,
  refusedBefore: readonly Refused[],
): Promise<Result<CoverageReport, CoverageRefusal>> {
  const refused = [...refusedBefore];
  const report: CoverageReport = { cluster, master, observedAt, skewMs: 0, slaves: [], refused: [] };
  const masterLimits = await limitsOf(source, master);
  for (const [name, read] of slaves) {
    if (!read.ok) {
      refused.push({ node: name, reason: read.error.message, retryAt: undefined });
      continue;
    }
    const { held, seconds, skewMs } = read.value;
    const isOwn = ownEntries(nodeOf(source, name));
    const classified = compareTables({ earlier, held, master: table, seconds, ...(isOwn && { isOwn }) });
    const lacks = classified.some((each) => each.class === 'missing');
    if (lacks) await phaseKnown(source, name);
    const explained = lacks
      ? explainMissing(
          classified,
          { snapshot: nodeOf(source, master), limits: masterLimits },
          {
            snapshot: nodeOf(source, name),
            limits: await limitsOf(source, name),
          },
        )
      : classified;
    report.slaves.push(summarise(name, explained, unreadable + read.value.unreadable));
    report.skewMs = Math.max(report.skewMs, skewMs);
  }
  if (report.slaves.length === 0) return err(joinRefusals(refused));
  return ok({ ...report, refused: refused.map(({ node, reason }) => ({ node, reason })) });
}

const nodeOf = (source: CoverageSource, name: string): NodeSnapshot => {
  const node = source.snapshot().nodes.find((each) => each.name === name);
  if (!node) throw new Error(`no such node: ${name}`);
  return node;
};

/** Where replicas lie in the kernel's table, the node's own connections lie beside them. */
function ownEntries({ readings }: NodeSnapshot) {
  if (readingValue(readings.agent)?.external.kind !== 'inject') return undefined;
  const own = new Set((readingValue(readings.addresses) ?? []).map(({ address }) => address));
  return ({ original }: { original: { src: string; dst: string } }) =>
    own.has(original.src) || own.has(original.dst);
}

/** The configuration as it is now: a line that was changed a moment ago may be the very reason. */
async function limitsOf(
  { sync, config, runner }: CoverageSource,
  node: string,
): Promise<ReplicationLimits | undefined> {
  const answer = await runner(node)?.poll(sync.commands(config).config);
  if (!answer?.ok || answer.value.exitCode !== 0) return undefined;
  const { filter, cacheLimit } = sync.parseConfig(answer.value.stdout);
  return { file: config, filter, cacheLimit };
}

/** A console that was just opened needs a few readings before it can say that a slave hears nothing. */
async function phaseKnown(source: CoverageSource, name: string): Promise<void> {
  const deadline = performance.now() + phaseMs;
  while (nodeOf(source, name).replication?.phase === 'unknown' && performance.now() < deadline)
    await delay(100);
}
