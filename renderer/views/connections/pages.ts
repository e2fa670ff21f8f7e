import type { ConnectionPage, ConnectionRow } from '../../../shared/domain/connection-query.ts';

/** Rows a page: so few that checking them on arrival fits between two frames. */
export const pageSize = 100;

/** Pages kept: some screens in every direction, whatever the length of the table. */
export const mostPages = 64;

/** Pages fetched ahead of a window that moves. */
const ahead = 2;

type Pages = ReadonlyMap<number, readonly ConnectionRow[]>;

/** What is known here of a node's table: its newest summary, and pages of one query and one revision. */
export interface TablePages {
  /** The query that these pages answer. */
  readonly key: string;
  readonly summary: ConnectionPage | undefined;
  readonly pages: Pages;
}

export const noPages: TablePages = { key: '', summary: undefined, pages: new Map() };

/** First and one past the last row on the screen, and which way it last moved: 1 down, -1 up, 0 it stands. */
export interface RowsWindow {
  readonly first: number;
  readonly end: number;
  readonly direction: -1 | 0 | 1;
}

export const indexOf = (row: number): number => Math.floor(row / pageSize);

/** Takes a page in, as the one that was used last; past {@link mostPages} the one that was used longest ago goes. */
export function withPage(pages: Pages, index: number, rows: readonly ConnectionRow[]): Pages {
  const next = new Map(pages);
  next.delete(index);
  next.set(index, rows);
  for (const oldest of next.keys()) {
    if (next.size <= mostPages) break;
    next.delete(oldest);
  }
  return next;
}

export const rowAt = ({ pages }: Pick<TablePages, 'pages'>, row: number): ConnectionRow | undefined =>
  pages.get(indexOf(row))?.[row % pageSize];

/** The pages that hold the window's rows; of a window past the end of the table those of its last rows. */
export function pagesOf({ first, end }: RowsWindow, rows: number): number[] {
  if (rows === 0) return [];
  const to = Math.max(1, Math.min(rows, end));
  const from = Math.max(0, Math.min(first, rows - (end - first)));
  return range(indexOf(Math.min(from, to - 1)), indexOf(to - 1));
}

/** Those, then the ones that the window comes to next; the neighbours at both ends where it stands. */
export function wantedPages(window: RowsWindow, rows: number): number[] {
  const seen = pagesOf(window, rows);
  const [from = 0, to = 0] = [seen[0], seen.at(-1)];
  const next =
    window.direction === 0
      ? [to + 1, from - 1]
      : range(1, ahead).map((step) => (window.direction > 0 ? to + step : from - step));
  return [...seen, ...next.filter((index) => index >= 0 && index * pageSize < rows)];
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, step) => from + step);
