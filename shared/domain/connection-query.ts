import * as z from 'zod/mini';
import { Failure } from '../lib/reading.ts';
import { Connection } from './connection.ts';

/** A column of the connection table; `src`, `dst` and the ports are those of the original tuple. */
export const ConnectionColumn = z.enum([
  'protocol',
  'state',
  'src',
  'sport',
  'dst',
  'dport',
  'timeout',
  'packets',
  'bytes',
  'mark',
  'zone',
]);
export type ConnectionColumn = z.infer<typeof ConnectionColumn>;

export const SortKey = z.object({ column: ConnectionColumn, direction: z.enum(['asc', 'desc']) });
export type SortKey = z.infer<typeof SortKey>;

/** Where a filter text stops making sense. `position` counts characters from 0. */
export const FilterError = z.object({ position: z.number(), message: z.string() });
export type FilterError = z.infer<typeof FilterError>;

export const ConnectionQuery = z.object({
  cluster: z.string(),
  node: z.string(),
  filter: z.string(),
  sort: z.array(SortKey),
  offset: z.number(),
  limit: z.number(),
});
export type ConnectionQuery = z.infer<typeof ConnectionQuery>;

/**
 * One window of a node's table. A page belongs to a `revision` of the table; `matched` of `total` entries pass the
 * filter. `reading`: a dump is under way (the rows are the last good table's). `failure`: why the last dump failed.
 */
export const ConnectionPage = z.object({
  revision: z.number(),
  reading: z.boolean(),
  observedAt: z.optional(z.number()),
  total: z.number(),
  matched: z.number(),
  offset: z.number(),
  rows: z.array(Connection),
  /** Lines of the dump that could not be read. */
  unreadable: z.number(),
  filterError: z.optional(FilterError),
  failure: z.optional(Failure),
});
export type ConnectionPage = z.infer<typeof ConnectionPage>;
