import type { Connection } from './connection.ts';
import type { ClassifiedConnection, CoverageQuery, CoverageReport, SlaveCoverage } from './coverage.ts';
import type { CoverageClass, MissingReason } from './coverage-class.ts';

/** The order in which classes are told: what a failover would lose first. */
const gravity: readonly CoverageClass[] = ['missing', 'stale', 'not-replicable', 'in-flight', 'ghost'];

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
    unreadable,
    connections,
    matched: connections.length,
  };
}

/** Connections that are missing or stale although nobody configured it so: what the filter keeps back is kept back on purpose. */
export const unwanted = ({ missing, stale, missingByReason }: SlaveCoverage): number =>
  missing - (missingByReason.filtered ?? 0) + stale;

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

/** The form that scripts are promised, on the command line and in an export. Instants in ISO 8601 UTC, coverage 0 to 1 or null. */
export const coverageJson = ({ observedAt, slaves, ...report }: CoverageReport) => ({
  ...report,
  observedAt: new Date(observedAt).toISOString(),
  slaves: slaves.map(({ matched: _, ...slave }) => slave),
});
