import { useCallback, useEffect, useRef, useState } from 'react';
import type { TimelineEntry, TimelineFilter } from '../../../shared/domain/timeline.ts';
import type { TimelinePage } from '../../../shared/domain/timeline-page.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { pageSize } from './timeline-model.ts';

/** How often (ms) it is asked whether more has happened. */
const askEveryMs = 1_000;

/** What is here of a cluster's timeline. Rows are counted from the newest, and stand still while the list is held. */
export interface TimelineRows {
  readonly page: TimelinePage | undefined;
  readonly rowAt: (row: number) => TimelineEntry | undefined;
  /** Why the engine did not answer. */
  readonly problem: string | undefined;
  /** Fetches what is missing of these rows. */
  readonly show: (first: number, end: number) => void;
  /** Takes in what has happened since the list is held. */
  readonly renew: () => void;
  readonly rowOf: (at: number) => Promise<number>;
}

interface Held {
  readonly key: string;
  readonly page: TimelinePage | undefined;
  readonly pages: ReadonlyMap<number, readonly TimelineEntry[]>;
}

const nothing: Held = { key: '', page: undefined, pages: new Map() };

/** `holds`: rows may not move now; what comes in is counted and waits. */
export function useTimeline(cluster: string, filter: TimelineFilter, holds: boolean): TimelineRows {
  const api = useApi();
  const key = JSON.stringify({ cluster, filter });
  const [held, setHeld] = useState<Held>(nothing);
  const [problem, setProblem] = useState<string>();
  const newest = useRef({ held, key, holds });
  newest.current = { held, key, holds };
  const asking = useRef(new Set<string>());

  const read = useCallback(
    async (index: number, limit: number, asOf: number | undefined) => {
      const query = JSON.parse(key) as { cluster: string; filter: TimelineFilter };
      const request = `${key} ${index} ${limit} ${asOf}`;
      if (asking.current.has(request)) return;
      asking.current.add(request);
      try {
        const offset = index * pageSize;
        const page = await api.call('timeline.read', {
          ...query,
          offset,
          limit,
          ...(asOf !== undefined && { asOf }),
        });
        if (newest.current.key !== key) return;
        setProblem(undefined);
        setHeld((before) => taken(before, key, page, index, limit, asOf));
      } catch (cause) {
        if (newest.current.key === key) setProblem(problemOf(cause));
      } finally {
        asking.current.delete(request);
      }
    },
    [api, key],
  );
  const renew = useCallback(() => void read(0, pageSize, undefined), [read]);

  useEffect(() => {
    renew();
    const timer = setInterval(() => {
      const { held: now, holds: isHeld } = newest.current;
      if (isHeld && now.page && now.key === key) void read(0, 0, now.page.revision);
      else renew();
    }, askEveryMs);
    return () => clearInterval(timer);
  }, [key, read, renew]);

  const current = held.key === key || held.page?.matched ? held : nothing;
  const { page, pages } = current;
  const revision = page?.revision;
  const matched = page?.matched ?? 0;
  const show = useCallback(
    (first: number, end: number) => {
      if (revision === undefined) return;
      const last = Math.floor((Math.min(matched, end + pageSize / 2) - 1) / pageSize);
      for (let index = Math.floor(Math.max(0, first - pageSize / 2) / pageSize); index <= last; index += 1)
        if (!pages.has(index)) void read(index, pageSize, revision);
    },
    [pages, matched, revision, read],
  );
  return {
    page,
    rowAt: (row) => pages.get(Math.floor(row / pageSize))?.[row % pageSize],
    problem,
    show,
    renew,
    rowOf: async (at) => {
      const asOf = revision === undefined ? {} : { asOf: revision };
      const { row } = await api.call('timeline.row', { cluster, filter, at, ...asOf });
      return row;
    },
  };
}

/** Takes a page in: rows of another revision do not mix; one without rows only says how things stand. */
function taken(
  before: Held,
  key: string,
  page: TimelinePage,
  index: number,
  limit: number,
  asOf: number | undefined,
): Held {
  const isSame = before.key === key && before.page?.revision === (asOf ?? page.revision);
  if (limit === 0) {
    if (!isSame || !before.page) return before;
    const { newer, logs, clocks } = page;
    return { ...before, page: { ...before.page, newer, logs, clocks } };
  }
  if (asOf !== undefined && !isSame) return before;
  const pages = new Map(isSame ? before.pages : []);
  pages.set(index, page.entries);
  return { key, page: { ...page, revision: asOf ?? page.revision }, pages };
}
