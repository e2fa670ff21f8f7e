import type { CoverageReport, SlaveCoverage } from './coverage.ts';
import type { CoverageClass } from './coverage-class.ts';

/** The order in which classes are told: what a failover would lose first. */
export const gravity: readonly Exclude<CoverageClass, 'replicated'>[] = [
  'missing',
  'stale',
  'not-replicable',
  'in-flight',
  'ghost',
];

/** Connections that are missing or stale although nobody configured it so: what the filter keeps back is kept back on purpose. */
export const unwanted = ({ missing, stale, missingByReason }: SlaveCoverage): number =>
  missing - (missingByReason.filtered ?? 0) + stale;

/** The form that scripts are promised, on the command line and in an export. Instants in ISO 8601 UTC, coverage 0 to 1 or null. */
export const coverageJson = ({ cluster, master, observedAt, skewMs, slaves }: CoverageReport) => ({
  cluster,
  master,
  observedAt: new Date(observedAt).toISOString(),
  skewMs,
  slaves: slaves.map(({ matched: _, missingBy: __, unreadable: ___, ...slave }) => slave),
});
