import { useCallback, useEffect, useRef, useState } from 'react';
import type { CoverageQuery, CoverageView } from '../../../shared/domain/coverage.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { announce } from '../../client/store.ts';

export interface Coverage {
  readonly view: CoverageView | undefined;
  /** The engine did not answer; undefined: it did. */
  readonly problem: string | undefined;
  readonly comparing: boolean;
  readonly compare: () => void;
  /** Ends the comparison under way. */
  readonly cancel: () => void;
  /** Everything that passes the filter, for an export. */
  readonly readAll: () => Promise<CoverageView | undefined>;
}

/** While a comparison is under way it is looked at this often, in ms. */
const progressInterval = 400;

/** The last comparison of a cluster's slaves as the engine has it, and what asks for another. */
export function useCoverage(query: CoverageQuery): Coverage {
  const api = useApi();
  const [view, setView] = useState<CoverageView>();
  const [problem, setProblem] = useState<string>();
  const key = JSON.stringify(query);
  const asked = useRef(key);

  const read = useCallback(async () => {
    try {
      const answer = await api.call('coverage.report', JSON.parse(key) as CoverageQuery);
      if (asked.current !== key) return;
      setView(answer);
      setProblem(undefined);
    } catch (cause) {
      if (asked.current === key) setProblem(problemOf(cause));
    }
  }, [api, key]);

  useEffect(() => {
    asked.current = key;
    read();
  }, [key, read]);

  const comparing = view?.progress !== undefined;
  useEffect(() => {
    if (!comparing) return;
    const timer = setInterval(read, progressInterval);
    return () => {
      clearInterval(timer);
      announce('The comparison has ended');
    };
  }, [comparing, read]);

  const { cluster } = query;
  const compare = useCallback(() => {
    // The call lasts as long as the comparison: until then the report says how far it is.
    api.call('coverage.compare', { cluster }).then(read, (cause) => setProblem(problemOf(cause)));
    read();
  }, [api, cluster, read]);

  const cancel = useCallback(() => {
    api.call('coverage.cancel', { cluster }).then(read, (cause) => setProblem(problemOf(cause)));
  }, [api, cluster, read]);

  const readAll = useCallback(async () => {
    const { limit: _, ...all } = JSON.parse(key) as CoverageQuery;
    try {
      return await api.call('coverage.report', all);
    } catch (cause) {
      setProblem(problemOf(cause));
      return undefined;
    }
  }, [api, key]);
  return { view, problem, comparing, compare, cancel, readAll };
}
