import { useCallback, useEffect, useState } from 'react';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { announce } from '../../client/store.ts';
import { type KeptFilters, noFilters, readKept, withUsed } from './saved-filters-model.ts';

/** A filter that stays for so long (ms) was used, and not only passed through while another was typed. */
const usedAfter = 2_000;

/** The filters kept for a cluster, and what changes them; `filter`, once it has stayed, is remembered as used. */
export function useSavedFilters(cluster: string, filter: string) {
  const api = useApi();
  const key = `filters/${cluster}`;
  const [kept, setKept] = useState<KeptFilters>();
  useEffect(() => {
    let current = true;
    api.call('preferences.read', { key }).then(
      ({ value }) => current && setKept(readKept(value)),
      () => current && setKept(noFilters),
    );
    return () => {
      current = false;
    };
  }, [api, key]);
  const keep = useCallback(
    (next: KeptFilters) => {
      setKept(next);
      api.call('preferences.write', { key, value: JSON.stringify(next) }).then(
        (answer) => answer.accepted || announce(answer.reason),
        (cause) => announce(problemOf(cause)),
      );
    },
    [api, key],
  );
  const isKnown = kept === undefined || filter.trim() === '' || kept.history[0] === filter;
  useEffect(() => {
    if (isKnown || !kept) return;
    const timer = setTimeout(() => keep(withUsed(kept, filter)), usedAfter);
    return () => clearTimeout(timer);
  }, [isKnown, kept, filter, keep]);
  return { kept: kept ?? noFilters, keep };
}
