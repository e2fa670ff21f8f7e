import type { Connection } from '../../../shared/domain/connection.ts';
import type { ConnectionPage } from '../../../shared/domain/connection-query.ts';

export const pageSize = 200;

/** What is known here of a node's table: its newest summary, and the pages fetched of that revision and query. */
export interface TablePages {
  /** The query that these pages answer. */
  readonly key: string;
  readonly summary: ConnectionPage | undefined;
  readonly pages: ReadonlyMap<number, readonly Connection[]>;
}

export const noPages: TablePages = { key: '', summary: undefined, pages: new Map() };

/** Takes a page in. Another query or revision means other rows: the old pages do not mix with them. */
export function withPage(table: TablePages, key: string, page: ConnectionPage): TablePages {
  const sameRows = table.key === key && table.summary?.revision === page.revision;
  const pages = new Map(sameRows ? table.pages : []);
  pages.set(Math.floor(page.offset / pageSize), page.rows);
  return { key, summary: page, pages };
}

export const rowAt = ({ pages }: TablePages, row: number): Connection | undefined =>
  pages.get(Math.floor(row / pageSize))?.[row % pageSize];

/** The pages that hold these rows, and half a page around them, so that slow scrolling meets no gap. */
export function pagesAround(first: number, end: number, rows: number): number[] {
  const from = Math.floor(Math.max(0, first - pageSize / 2) / pageSize);
  const to = Math.floor(Math.max(0, Math.min(rows, end + pageSize / 2) - 1) / pageSize);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
