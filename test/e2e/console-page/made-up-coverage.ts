import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import type {
  ClassifiedConnection,
  CoverageQuery,
  CoverageReport,
  CoverageView,
} from '../../../shared/domain/coverage.ts';
import { selectRows, summarise } from '../../support/plain-coverage.ts';
import { connectionAt } from './made-up-table.ts';
import type { Scene } from './scenes.ts';

const file = '/etc/conntrackd/conntrackd.conf';

/** What a slave has of 12,000 connections, of which every so many is something else. */
function classify(index: number): ClassifiedConnection {
  const connection = connectionAt(index);
  const missing = { class: 'missing', connection } as const;
  if (index % 1_500 === 7)
    return { ...missing, reason: 'filtered', evidence: `${file}:41 Address Ignore 10.1.0.0/24` };
  if (index % 400 === 9)
    return {
      ...missing,
      reason: 'cache-full',
      evidence: `the external cache of fw2 holds 11,870 of at most 11,870 (HashLimit in ${file}) and refused 84 times to take more`,
    };
  if (index % 2_000 === 13)
    return { class: 'stale', connection, evidence: 'state is ESTABLISHED, there SYN_RECV' };
  if (index % 3_000 === 16)
    return { class: 'not-replicable', connection, evidence: 'the keys of GRE are not replicated' };
  if (index % 1_700 === 20)
    return { class: 'in-flight', connection, evidence: 'it began while the tables were read' };
  return { class: 'replicated', connection };
}

const ghost: ClassifiedConnection = {
  class: 'ghost',
  connection: connectionAt(20_001),
  evidence: 'the master has no such connection',
};

const classified = [...Array.from({ length: 12_000 }, (_, index) => classify(index)), ghost];
const whole = classified.filter((each) => each.class === 'replicated');

const reports: Record<'report' | 'nothing', Omit<CoverageReport, 'observedAt'>> = {
  report: {
    cluster: 'edge',
    master: 'fw1',
    skewMs: 212,
    slaves: [summarise('fw2', classified, 0), summarise('fw3', whole, 2)],
    refused: [
      { node: 'fw4', reason: 'it has one processor, which a dump of the cache would take for itself' },
    ],
  },
  nothing: { cluster: 'edge', master: 'fw1', skewMs: 88, slaves: [summarise('fw2', whole, 0)], refused: [] },
};

/** What the engine would say of the last comparison in a scene. */
export function coverageView(
  { coverage }: Pick<Scene, 'coverage'>,
  query: CoverageQuery,
  now: number,
): CoverageView {
  switch (coverage) {
    case undefined:
    case 'never':
      return {};
    case 'comparing':
      return {
        progress: { step: 'reading-master', startedAt: now - 900, entries: 21_404, expected: 48_210 },
      };
    case 'refused': {
      const reason = 'fw2: its cache was read within the last minute, and is read once a minute at most.';
      return { refusal: { reason, retryAt: now + 40_000 } };
    }
    default: {
      const filter = parseConnectionFilter(query.filter);
      const report = { ...reports[coverage], observedAt: now - 4_000 };
      return filter.ok
        ? { report: selectRows(report, query, filter.value) }
        : { filterError: filter.error, report };
    }
  }
}
