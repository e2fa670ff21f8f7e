import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { ConnectionPage } from '../../../shared/domain/connection-query.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { announce } from '../../client/store.ts';
import { type LoadedTable, type PageLoader, pageLoader, type TableQuery } from './page-loader.ts';

/** A node's table as far as it is fetched, and what asks for more of it. */
export interface Table {
  readonly loader: PageLoader;
  /** The query that its rows answer. */
  readonly key: string;
  readonly summary: ConnectionPage | undefined;
  /** The engine did not answer; undefined: it did. */
  readonly problem: string | undefined;
  /** A dump is under way, as the engine says or because we just asked for it. */
  readonly reading: boolean;
  /** Asks the engine to dump the node's table now. */
  readonly read: () => void;
}

/**
 * While a dump is under way its progress is asked for some twenty times, and each second at least: each time costs the thread
 * that reads it. Sooner while there is no row to look at. All in ms.
 */
const progressInterval = (estimateMs = 0): number => Math.min(1_000, Math.max(400, estimateMs / 20));
const firstRowsInterval = 25;
const freshInterval = 1_000;

/** A node's table, its rows fetched as they come into view. Its pages change often: who draws them takes {@link useRows}. */
export function useTable(query: TableQuery): Table {
  const api = useApi();
  const loader = useMemo(() => pageLoader((asked) => api.call('connections.page', asked)), [api]);
  const [refused, setRefused] = useState<string>();
  const [asking, setAsking] = useState(false);
  const key = JSON.stringify(query);
  useEffect(() => {
    setRefused(undefined);
    loader.question(JSON.parse(key));
  }, [loader, key]);
  const summary = useSyncExternalStore(loader.subscribe, () => loader.loaded().summary);
  const shownKey = useSyncExternalStore(loader.subscribe, () => loader.loaded().key);
  const failure = useSyncExternalStore(loader.subscribe, () => loader.loaded().problem);

  const { cluster, node } = query;
  const reading = asking || (summary?.reading ?? false);
  const hasRows = (summary?.total ?? 0) > 0;
  const askEveryMs = hasRows ? progressInterval(summary?.progress?.estimateMs) : firstRowsInterval;
  useEffect(() => {
    if (!reading) return;
    const timer = setInterval(() => loader.refresh(), askEveryMs);
    return () => clearInterval(timer);
  }, [reading, askEveryMs, loader]);
  useEffect(() => {
    if (!reading) return;
    return () => announce(`The table of ${node} was read`);
  }, [reading, node]);

  // A table that is kept fresh changes without being asked; asking for it is what keeps it so.
  const isKeptFresh = (summary?.refresh?.mode ?? 'off') !== 'off';
  useEffect(() => {
    if (!isKeptFresh) return;
    const timer = setInterval(() => loader.refresh(), freshInterval);
    return () => clearInterval(timer);
  }, [isKeptFresh, loader]);

  // The call lasts as long as the dump does: until then the pages say how far it is.
  const read = useCallback(async () => {
    setAsking(true);
    setRefused(undefined);
    try {
      const answer = await api.call('connections.read', { cluster, node });
      if (!answer.accepted) setRefused(answer.reason);
      // the filter may have been changed meanwhile: what is asked for is the newest question's page
      await loader.refresh(true);
    } catch (cause) {
      setRefused(problemOf(cause));
    } finally {
      setAsking(false);
    }
  }, [api, cluster, node, loader]);
  const problem = refused ?? (failure === undefined ? undefined : problemOf(failure));
  return useMemo(
    () => ({ loader, key: shownKey, summary, problem, reading, read }),
    [loader, shownKey, summary, problem, reading, read],
  );
}

/** The rows that are there, as they come in. */
export const useRows = ({ loader }: Pick<Table, 'loader'>): LoadedTable =>
  useSyncExternalStore(loader.subscribe, loader.loaded);
