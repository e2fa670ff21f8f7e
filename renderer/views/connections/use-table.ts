import { useCallback, useEffect, useRef, useState } from 'react';
import type { ConnectionQuery } from '../../../shared/domain/connection-query.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { announce } from '../../client/store.ts';
import { noPages, pageSize, pagesAround, type TablePages, withPage } from './pages.ts';

/** A node's table as far as it is fetched, and what asks for more of it. */
export interface Table extends TablePages {
  /** The engine did not answer; undefined: it did. */
  readonly problem: string | undefined;
  /** A dump is under way, as the engine says or because we just asked for it. */
  readonly reading: boolean;
  /** Fetches what is missing around these rows. */
  readonly show: (first: number, end: number) => void;
  /** Asks the engine to dump the node's table now. */
  readonly read: () => void;
}

export type TableQuery = Omit<ConnectionQuery, 'offset' | 'limit'>;

/** While a dump is under way its progress is asked for this often, in ms. */
const progressInterval = 400;
const freshInterval = 1_000;

/** Pages of a node's table, fetched as they come into view; of a new query the old rows stay until it answers. */
export function useTable(query: TableQuery): Table {
  const api = useApi();
  const [table, setTable] = useState<TablePages>(noPages);
  const [problem, setProblem] = useState<string>();
  const [asking, setAsking] = useState(false);
  const key = JSON.stringify(query);
  const asked = useRef({ key: '', inFlight: new Set<number>() });

  const fetchPage = useCallback(
    async (index: number) => {
      const current = asked.current;
      if (current.inFlight.has(index)) return;
      current.inFlight.add(index);
      try {
        const page = await api.call('connections.page', {
          ...(JSON.parse(key) as TableQuery),
          offset: index * pageSize,
          limit: pageSize,
        });
        if (asked.current !== current) return;
        setTable((known) => withPage(known, key, page));
        setProblem(undefined);
      } catch (cause) {
        if (asked.current === current) setProblem(problemOf(cause));
      } finally {
        current.inFlight.delete(index);
      }
    },
    [api, key],
  );

  const newest = useRef(fetchPage);
  newest.current = fetchPage;

  useEffect(() => {
    asked.current = { key, inFlight: new Set() };
    fetchPage(0);
  }, [key, fetchPage]);

  const { cluster, node } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another node's rows must not be seen under this one's name
  useEffect(() => setTable(noPages), [cluster, node]);

  const reading = asking || (table.summary?.reading ?? false);
  useEffect(() => {
    if (!reading) return;
    const timer = setInterval(() => fetchPage(0), progressInterval);
    return () => {
      clearInterval(timer);
      announce(`The table of ${node} was read`);
    };
  }, [reading, node, fetchPage]);

  // A table that is kept fresh changes without being asked; asking for it is what keeps it so.
  const isKeptFresh = (table.summary?.refresh?.mode ?? 'off') !== 'off';
  useEffect(() => {
    if (!isKeptFresh) return;
    const timer = setInterval(() => fetchPage(0), freshInterval);
    return () => clearInterval(timer);
  }, [isKeptFresh, fetchPage]);

  const { pages, summary } = table;
  const show = useCallback(
    (first: number, end: number) => {
      for (const index of pagesAround(first, end, summary?.matched ?? 0)) {
        if (!pages.has(index)) fetchPage(index);
      }
    },
    [pages, summary?.matched, fetchPage],
  );
  // The call lasts as long as the dump does: until then the pages say how far it is.
  const read = useCallback(async () => {
    setAsking(true);
    setProblem(undefined);
    try {
      const answer = await api.call('connections.read', { cluster, node });
      if (!answer.accepted) setProblem(answer.reason);
      // the filter may have been changed meanwhile: what is asked for is the newest question's page
      await newest.current(0);
    } catch (cause) {
      setProblem(problemOf(cause));
    } finally {
      setAsking(false);
    }
  }, [api, cluster, node]);
  return { ...table, problem, reading, show, read };
}
