/** The report of a comparison from plain lists, for tests that make their tables up. */
import { missingSummary } from '../../main/connections/coverage/missing-summary.ts';
import type { Connection } from '../../shared/domain/connection.ts';
import type {
  ClassifiedConnection,
  CoverageQuery,
  CoverageReport,
  SlaveCoverage,
} from '../../shared/domain/coverage.ts';
import type { CoverageClass, MissingReason } from '../../shared/domain/coverage-class.ts';
import { gravity } from '../../shared/domain/coverage-report.ts';

/** Counts what was classified, and keeps all of it but the replicated. */
export function summarise(
  node: string,
  classified: readonly ClassifiedConnection[],
  unreadable: number,
): SlaveCoverage {
  const byClass = Map.groupBy(classified, (each) => each.class);
  const count = (name: CoverageClass): number => byClass.get(name)?.length ?? 0;
  const missingByReason: Partial<Record<MissingReason, number>> = {};
  for (const { reason = 'unknown' } of byClass.get('missing') ?? [])
    missingByReason[reason] = (missingByReason[reason] ?? 0) + 1;
  const lost = missingSummary();
  for (const { connection } of byClass.get('missing') ?? []) lost.add(connection);
  const replicated = count('replicated');
  const ghosts = count('ghost');
  const of = classified.length - ghosts;
  const connections = gravity.flatMap((name) => byClass.get(name) ?? []);
  return {
    node,
    of,
    replicated,
    inFlight: count('in-flight'),
    missing: count('missing'),
    stale: count('stale'),
    notReplicable: count('not-replicable'),
    ghosts,
    coverage: of === 0 ? null : replicated / of,
    missingByReason,
    missingBy: lost.done(),
    unreadable,
    connections,
    matched: connections.length,
  };
}

/** The report with the rows that are asked for, `limit` of each slave's at most; its counts stay those of all. */
export const selectRows = (
  report: CoverageReport,
  query: Pick<CoverageQuery, 'class' | 'reason' | 'limit'>,
  passes: (connection: Connection) => boolean,
): CoverageReport => ({
  ...report,
  slaves: report.slaves.map((slave) => {
    const rows = slave.connections.filter(
      (row) =>
        (query.class === undefined || row.class === query.class) &&
        (query.reason === undefined || row.reason === query.reason) &&
        passes(row.connection),
    );
    return { ...slave, matched: rows.length, connections: rows.slice(0, query.limit) };
  }),
});
