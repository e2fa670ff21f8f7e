import * as z from 'zod/mini';
import { Connection } from './connection.ts';
import { Attribute } from './connection-attributes.ts';
import { comparisonView } from './coverage.ts';

/** A table of a node: its kernel's, what its sync agent took from the peers, and what it sends them. */
export const TableKind = z.enum(['kernel', 'external', 'internal']);
export type TableKind = z.infer<typeof TableKind>;

export const NodeTable = z.object({ node: z.string(), table: TableKind });
export type NodeTable = z.infer<typeof NodeTable>;

/** `of` and `against` are the two tables, as they were named: in the first only, in the second only, in both but not alike. */
export const DifferenceClass = z.enum(['only-of', 'only-against', 'different']);
export type DifferenceClass = z.infer<typeof DifferenceClass>;

/** `differs`: what both tables tell otherwise, with what each tells; the connection of a different one is that of the first. */
export const DifferentConnection = z.object({
  class: DifferenceClass,
  differs: z.array(z.object({ name: Attribute, of: z.string(), against: z.string() })),
  connection: Connection,
});
export type DifferentConnection = z.infer<typeof DifferentConnection>;

/** `count`: the entries that were read. `unreadable`: lines that could not be. */
const ReadTable = z.extend(NodeTable, { count: z.number(), unreadable: z.number() });

/**
 * Two tables against each other. What began, ended or changed while they were read is no difference that could be trusted.
 */
export const DifferenceReport = z.object({
  cluster: z.string(),
  observedAt: z.number(),
  /** How far apart the two tables were read, with how long reading them took. */
  skewMs: z.number(),
  of: ReadTable,
  against: ReadTable,
  same: z.number(),
  onlyOf: z.number(),
  onlyAgainst: z.number(),
  different: z.number(),
  differsBy: z.partialRecord(Attribute, z.number()),
  /** Seen to differ, but younger than the reading took, or changed while it lasted. */
  younger: z.number(),
  /** Of those that only one table has: how many of them may be as young, since their age is not known. */
  ageUnknown: z.number(),
  /** What tells them from others is not in a cache: nobody can say whether both tables have them. */
  notComparable: z.number(),
  /** All of it, or as much as was asked for. */
  connections: z.array(DifferentConnection),
  /** How many of them pass the filter that was asked for. */
  matched: z.number(),
});
export type DifferenceReport = z.infer<typeof DifferenceReport>;

export const TwoTables = z.object({ cluster: z.string(), of: NodeTable, against: NodeTable });
export type TwoTables = z.infer<typeof TwoTables>;

/** Which rows of the last report on these two tables are wanted; the counts are always of all. */
export const DifferenceQuery = z.extend(TwoTables, {
  /** In the language of the connection table's filter. */
  filter: z.string(),
  class: z.optional(DifferenceClass),
  limit: z.optional(z.number()),
});
export type DifferenceQuery = z.infer<typeof DifferenceQuery>;

/** The last comparison of these two tables, and the one that is under way in the cluster, of whatever tables. */
export const DifferenceView = comparisonView(DifferenceReport);
export type DifferenceView = z.infer<typeof DifferenceView>;
