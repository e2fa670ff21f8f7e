import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import type { ConnectionPage, FilterError } from '../../../shared/domain/connection-query.ts';
import type { Failure } from '../../../shared/lib/reading.ts';

/** What the table's place on the screen shows. `failed` has no rows to fall back on; `stale` has. */
export type TableState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'unread' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'empty' }
  | { readonly kind: 'no-match' }
  | { readonly kind: 'rows' };

export function tableState(page: ConnectionPage | undefined, reading = page?.reading ?? false): TableState {
  if (page === undefined) return { kind: 'asking' };
  if (page.observedAt === undefined || (page.total === 0 && page.revision === 0)) {
    if (reading) return { kind: 'reading' };
    return page.failure === undefined ? { kind: 'unread' } : { kind: 'failed', failure: page.failure };
  }
  if (page.total === 0) {
    return page.failure === undefined ? { kind: 'empty' } : { kind: 'failed', failure: page.failure };
  }
  return page.matched === 0 ? { kind: 'no-match' } : { kind: 'rows' };
}

/** The node whose table is shown: the one asked for, else the master, else the first that can be read. */
export function chosenNode(cluster: ClusterSnapshot, asked: string | undefined): string | undefined {
  const names = cluster.nodes.map((node) => node.name);
  if (asked !== undefined && names.includes(asked)) return asked;
  return cluster.master ?? cluster.nodes.find((node) => node.reachable)?.name ?? names[0];
}

/** Where a filter stops making sense, found while it is typed, before any node or engine is asked. */
export function checkFilter(filter: string): FilterError | undefined {
  const parsed = parseConnectionFilter(filter);
  return parsed.ok ? undefined : parsed.error;
}
