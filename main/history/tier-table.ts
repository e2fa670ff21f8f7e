import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { figureNames } from './figures.ts';
import type { Row, Summary } from './summary.ts';
import type { Tier } from './tiers.ts';

/**
 * Rows of one tier in its table; its columns stand in the order of a `Summary`. An extreme that is the last value is
 * not written, which halves the file: NULL takes no room.
 */
export interface TierTable {
  readonly get: (node: number, at: number) => Row | undefined;
  readonly put: (node: number, row: Row) => void;
  /** Oldest first, from `from` up to and without `to`. */
  readonly range: (node: number, from: number, to: number) => Row[];
  /** Takes out what is older than `limit`, but never more at once than a poll may wait for. */
  readonly trim: (nodes: readonly number[], limit: number) => void;
  readonly clear: (node: number) => void;
}

/** How many steps are taken out at once. More pass by only after a long sleep; they go little by little. */
const trimmedSteps = 60;

export function tierTable(database: DatabaseSync, { table, step }: Tier): TierTable {
  const finest = table === 'second';
  const rows = (sql: string) => {
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    return (...values: SQLInputValue[]): Row[] =>
      (statement.all(...values) as unknown as number[][]).map(([, at = 0, ...summary]) => ({
        at,
        summary: unpacked(summary),
      }));
  };
  const get = rows(`SELECT * FROM ${table} WHERE node = ? AND at = ?`);
  const put = database.prepare(
    `INSERT OR REPLACE INTO ${table} VALUES (?, ?${', ?'.repeat(figureNames.length * 3)})`,
  );
  // Seconds lie by time: from each to the next there is, however long nobody looked in between, and to the node in it.
  const range = rows(
    finest
      ? `WITH RECURSIVE seen (at) AS (
           SELECT min(at) FROM second WHERE at >= ?2
           UNION ALL SELECT (SELECT min(at) FROM second WHERE at > seen.at) FROM seen WHERE seen.at < ?3)
         SELECT second.* FROM seen CROSS JOIN second USING (at) WHERE node = ?1 AND at < ?3`
      : `SELECT * FROM ${table} WHERE node = ? AND at >= ? AND at < ? ORDER BY at`,
  );
  const old = `min(?1, (SELECT min(at) FROM ${table}${finest ? '' : ' WHERE node = ?2'}) + ${trimmedSteps * step})`;
  const trim = database.prepare(`DELETE FROM ${table} WHERE at < ${old}${finest ? '' : ' AND node = ?2'}`);
  const clear = database.prepare(`DELETE FROM ${table} WHERE node = ?`);
  return {
    get: (node, at) => get(node, at)[0],
    put: (node, { at, summary }) => put.run(node, at, ...packed(summary)),
    range,
    trim: (nodes, limit) => {
      if (finest) trim.run(limit);
      else for (const node of nodes) trim.run(limit, node);
    },
    clear: (node) => clear.run(node),
  };
}

/** The last value of a figure stands third, after its extremes. */
const lastOf = (summary: Summary, place: number) => summary[place - (place % 3) + 2] ?? null;
const packed = (summary: Summary): Summary =>
  summary.map((value, place) => (place % 3 !== 2 && value === lastOf(summary, place) ? null : value));
const unpacked = (summary: Summary): Summary =>
  summary.map((value, place) => value ?? lastOf(summary, place));
