import { useCallback, useEffect, useRef, useState } from 'react';
import type { CoverageProgress } from '../../../shared/domain/coverage.ts';
import { problemOf } from '../../client/problem.ts';
import { announce } from '../../client/store.ts';

export interface Comparison<View> {
  readonly view: View | undefined;
  /** The engine did not answer; undefined: it did. */
  readonly problem: string | undefined;
  readonly comparing: boolean;
  readonly compare: () => void;
  /** Ends the comparison under way. */
  readonly cancel: () => void;
  /** Everything that passes the filter, for an export. */
  readonly readAll: () => Promise<View | undefined>;
}

/** How the engine is asked for one kind of comparison; the same object as long as the same is asked. */
export interface ComparisonCalls<Query, View> {
  readonly report: (query: Query) => Promise<View>;
  readonly compare: (query: Query) => Promise<unknown>;
  readonly cancel: (query: Query) => Promise<unknown>;
}

/** While a comparison is under way it is looked at this often, in ms. */
const progressInterval = 400;

/** The last comparison of a cluster as the engine has it, and what asks for another. */
export function useComparison<
  Query extends { readonly limit?: number | undefined },
  View extends { readonly progress?: CoverageProgress | undefined },
>(calls: ComparisonCalls<Query, View>, query: Query): Comparison<View> {
  const [view, setView] = useState<View>();
  const [problem, setProblem] = useState<string>();
  const key = JSON.stringify(query);
  const asked = useRef(key);

  const read = useCallback(async () => {
    try {
      const answer = await calls.report(JSON.parse(key) as Query);
      if (asked.current !== key) return;
      setView(answer);
      setProblem(undefined);
    } catch (cause) {
      if (asked.current === key) setProblem(problemOf(cause));
    }
  }, [calls, key]);

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

  const compare = useCallback(() => {
    // The call lasts as long as the comparison: until then the report says how far it is.
    calls.compare(JSON.parse(key) as Query).then(read, (cause) => setProblem(problemOf(cause)));
    read();
  }, [calls, key, read]);

  const cancel = useCallback(() => {
    calls.cancel(JSON.parse(key) as Query).then(read, (cause) => setProblem(problemOf(cause)));
  }, [calls, key, read]);

  const readAll = useCallback(async () => {
    const { limit: _, ...all } = JSON.parse(key) as Query;
    try {
      return await calls.report(all as Query);
    } catch (cause) {
      setProblem(problemOf(cause));
      return undefined;
    }
  }, [calls, key]);
  return { view, problem, comparing, compare, cancel, readAll };
}
