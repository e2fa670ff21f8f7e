import type {
  ConnectionPage,
  ConnectionQuery,
  ConnectionRow,
} from '../../../shared/domain/connection-query.ts';
import {
  indexOf,
  noPages,
  pageSize,
  pagesOf,
  type RowsWindow,
  rowAt,
  type TablePages,
  wantedPages,
  withPage,
} from './pages.ts';
import { leaps, staysAfterMs } from './row-window.ts';
import type { RowRange } from './selection.ts';

export type TableQuery = Omit<ConnectionQuery, 'offset' | 'limit' | 'revision'>;

/** What of a table is there to be drawn, and why there is no more where asking failed. */
export interface LoadedTable extends TablePages {
  readonly problem: unknown;
}

/**
 * Fetches the pages that the screen looks at. All that is shown is of one query and one revision: of a new one the old
 * rows stay until every page that the window needs is there, so nothing tears and nothing goes blank.
 */
export interface PageLoader {
  readonly loaded: () => LoadedTable;
  readonly subscribe: (onChange: () => void) => () => void;
  /** The rows on the screen now. */
  readonly show: (first: number, end: number) => void;
  /** Whether any of these rows is fetched. */
  readonly isAnyThere: (first: number, end: number) => boolean;
  /** Another question; of another node's rows none stay. */
  readonly question: (query: TableQuery) => void;
  /** While it holds, the rows stay those of the revision that is shown, as long as the engine keeps it. */
  readonly hold: (holds: boolean) => void;
  /** Asks whether there is a newer revision, and how far a dump is; `anew`: not by the answer to an earlier question. */
  readonly refresh: (anew?: boolean) => Promise<void>;
  /** All rows of these places, of the revision that is shown; fails where it is kept no more. */
  readonly rowsOf: (ranges: readonly RowRange[]) => Promise<ConnectionRow[]>;
}

/** Requests under way at once: the engine answers one after the other, and a queue there would only grow old. */
const lanes = 2;
/** What a leaping window passes is asked for only when it stays, or after so long (ms). */
const longestWaitMs = 500;
/** Rows of a selection that are fetched in one request. */
const mostAtOnce = 1_000;

export function pageLoader(ask: (query: ConnectionQuery) => Promise<ConnectionPage>): PageLoader {
  let loaded: LoadedTable = { ...noPages, problem: undefined };
  /** What will be shown once it fills the window. */
  let next: TablePages | undefined;
  let query: TableQuery | undefined;
  let key = '';
  let window: RowsWindow = { first: 0, end: 1, direction: 0 };
  let isHeld = false;
  let refreshing: Promise<void> | undefined;
  const inFlight = new Set<string>();
  /** Not asked for again until something changes. */
  const failed = new Set<string>();
  const listeners = new Set<() => void>();
  let staying: ReturnType<typeof setTimeout> | undefined;
  let waitingSince: number | undefined;

  const change = (parts: Partial<LoadedTable>) => {
    loaded = { ...loaded, ...parts };
    for (const listener of listeners) listener();
  };
  const complete = ({ summary, pages }: TablePages) =>
    pagesOf(window, summary?.matched ?? 0).every((index) => pages.has(index));

  const showNext = (whole: TablePages) => {
    next = undefined;
    change({ ...whole, problem: undefined });
  };

  /** `limit` 0: it was asked for what it says of the table alone. */
  const takePage = (page: ConnectionPage, limit: number) => {
    const put = (pages: TablePages['pages']) =>
      limit === 0 ? pages : withPage(pages, indexOf(page.offset), page.rows);
    const isShown = loaded.key === key && sameRows(loaded.summary, page);
    if (isShown) {
      const summary = sameWords(loaded.summary, page) ? loaded.summary : page;
      return change({ summary, pages: put(loaded.pages), problem: undefined });
    }
    const known = next?.key === key ? next.summary?.revision : undefined;
    if (known !== undefined && page.revision < known && page.revision !== 0) return;
    const pages = next && known !== undefined && sameRows(next.summary, page) ? next.pages : new Map();
    next = { key, summary: page, pages: put(pages) };
    if (complete(next)) showNext(next);
  };

  const fetchPage = async (index: number, revision: number | undefined, limit = pageSize) => {
    if (!query) return;
    const [own, name] = [key, `${key} ${revision} ${index}`];
    inFlight.add(name);
    try {
      const pinned = revision === undefined ? {} : { revision };
      const page = await ask({ ...query, ...pinned, offset: index * pageSize, limit });
      if (own === key) takePage(page, limit);
    } catch (cause) {
      if (own === key) {
        failed.add(name);
        change({ problem: cause });
      }
    } finally {
      inFlight.delete(name);
      // a window on its way elsewhere asks when it stays
      if (waitingSince === undefined || next) pump();
    }
  };

  /** Asks for what is wanted most, as long as a lane is free. */
  const pump = () => {
    if (!query) return;
    if (next && complete(next)) showNext(next);
    const target = next ?? (loaded.key === key ? loaded : undefined);
    const revision = target?.summary?.revision;
    const wanted =
      target?.summary === undefined ? [indexOf(window.first)] : wantedPages(window, target.summary.matched);
    for (const index of wanted) {
      if (inFlight.size >= lanes) return;
      const name = `${key} ${revision} ${index}`;
      if (!target?.pages.has(index) && !inFlight.has(name) && !failed.has(name))
        void fetchPage(index, revision);
    }
  };

  const settle = () => {
    clearTimeout(staying);
    waitingSince = undefined;
    pump();
  };

  return {
    loaded: () => loaded,
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => {
        listeners.delete(onChange);
        if (listeners.size === 0) clearTimeout(staying);
      };
    },
    show: (first, end) => {
      const moved = first - window.first;
      if (moved === 0 && end === window.end) return;
      const isLeap = leaps(window.first, first, end - first);
      window = { first, end, direction: isLeap ? 0 : (Math.sign(moved) as -1 | 0 | 1) };
      failed.clear();
      clearTimeout(staying);
      const now = performance.now();
      waitingSince ??= now;
      if (!isLeap || now - waitingSince >= longestWaitMs) settle();
      else staying = setTimeout(settle, staysAfterMs);
    },
    isAnyThere: (first, end) =>
      pagesOf({ first, end, direction: 0 }, loaded.summary?.matched ?? 0).some((index) =>
        loaded.pages.has(index),
      ),
    question: (asked) => {
      const isOther = asked.cluster !== query?.cluster || asked.node !== query?.node;
      query = asked;
      key = JSON.stringify(asked);
      next = undefined;
      failed.clear();
      if (isOther) change({ ...noPages, problem: undefined });
      pump();
    },
    hold: (holds) => {
      isHeld = holds;
    },
    refresh: async (anew = false) => {
      if (anew) await refreshing;
      failed.clear();
      const shown = !anew && loaded.key === key ? loaded.summary : undefined;
      const revision = isHeld ? shown?.revision : undefined;
      // where rows are shown, most answers bring no others: while a dump is under way they only say how far it is
      const limit = shown && shown.matched > 0 && complete(loaded) ? 0 : pageSize;
      refreshing ??= fetchPage(indexOf(window.first), revision, limit).finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
    rowsOf: async (ranges) => {
      const { summary, key: of } = loaded;
      const rows: ConnectionRow[] = [];
      for (const { from, to } of ranges)
        for (let offset = from; offset <= to; ) {
          const known = rowAt(loaded, offset);
          if (known && loaded.summary?.revision === summary?.revision && loaded.key === of) {
            rows.push(known);
            offset += 1;
            continue;
          }
          const { revision } = summary ?? {};
          const limit = Math.min(mostAtOnce, to - offset + 1);
          const pinned = revision === undefined ? {} : { revision };
          const page = await ask({ ...(JSON.parse(of) as TableQuery), ...pinned, offset, limit });
          if (page.revision !== revision || page.rows.length === 0)
            throw new Error('The table was read again meanwhile: select the rows once more');
          rows.push(...page.rows);
          offset += page.rows.length;
        }
      return rows;
    },
  };
}

/** Whether two pages may stand beside each other: of one dump, and of one comparison with the slaves. */
const sameRows = (a: ConnectionPage | undefined, b: ConnectionPage): boolean =>
  a !== undefined && a.revision === b.revision && a.comparedAt === b.comparedAt;

/** Whether a page says of its table what another says: then nothing but rows need be drawn again. */
function sameWords(a: ConnectionPage | undefined, b: ConnectionPage): boolean {
  const words = (page: ConnectionPage) => JSON.stringify({ ...page, rows: [], offset: 0 });
  return a !== undefined && words(a) === words(b);
}
