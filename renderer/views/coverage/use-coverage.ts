import { useMemo } from 'react';
import type { CoverageQuery, CoverageView } from '../../../shared/domain/coverage.ts';
import type { DifferenceQuery, DifferenceView } from '../../../shared/domain/difference.ts';
import { useApi } from '../../client/api-context.ts';
import { type Comparison, type ComparisonCalls, useComparison } from './use-comparison.ts';

export type Coverage = Comparison<CoverageView>;
export type Difference = Comparison<DifferenceView>;

/** The last comparison of a cluster's slaves with their master, and what asks for another. */
export function useCoverage(query: CoverageQuery): Coverage {
  const api = useApi();
  const calls = useMemo(
    (): ComparisonCalls<CoverageQuery, CoverageView> => ({
      report: (wanted) => api.call('coverage.report', wanted),
      compare: ({ cluster }) => api.call('coverage.compare', { cluster }),
      cancel: ({ cluster }) => api.call('coverage.cancel', { cluster }),
    }),
    [api],
  );
  return useComparison(calls, query);
}

/** The last comparison of two tables, and what asks for another. */
export function useDifference(query: DifferenceQuery): Difference {
  const api = useApi();
  const calls = useMemo(
    (): ComparisonCalls<DifferenceQuery, DifferenceView> => ({
      report: (wanted) => api.call('difference.report', wanted),
      compare: ({ cluster, of, against }) => api.call('difference.compare', { cluster, of, against }),
      cancel: ({ cluster }) => api.call('difference.cancel', { cluster }),
    }),
    [api],
  );
  return useComparison(calls, query);
}
