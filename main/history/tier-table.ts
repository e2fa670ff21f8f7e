import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { columnsOf, figureNames } from './figures.ts';
import type { Row, Summary } from './summary.ts';
import type { Tier } from './tiers.ts';

/**
 * Rows of one tier in its table. An extreme that is the last value is
 * not written, which halves the file: NULL takes no room.
 */
export interface TierTable {
  readonly get: (node: number, at: number) => Row | undefined;
  readonly put: (node: number, row: Row) => void;
  /** Oldest first, from `from` up to and without `to`. */
  readonly range: (node: number, from: number, to: number) => Row[];
  /** Whether there is a row from `from` up to and without `to`. */
  readonly any: (node: number, from: number, to: number) => boolean;
  /** When a node's first row begins. */
  readonly oldest: (node: number) => number | undefined;
  /** Takes out what is older than `limit`, but never more at once than a poll may wait for. */
  readonly trim: (nodes: readonly number[], limit: number) => void;
  readonly clear: (node: number) => void;
}

/** How many steps are taken out at once. More pass by only after a long sleep; they go little by little. */
const trimmedSteps = 60;

const figures = figureNames.flatMap(columnsOf);
const columns = ['node', 'at', ...figures];
const wholeRow = (table: string) => columns.map((column) => `${table}.${column}`).join(', ');

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
  const get = rows(`SELECT ${wholeRow(table)} FROM ${table} WHERE node = ? AND at = ?`);
  const put = database.prepare(
    `INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (?, ?${', ?'.repeat(figures.length)})`,
  );
  // Seconds lie by time: from each to the next there is, however long nobody looked in between, and to the node in it.
  const range = rows(
    finest
      ? `WITH RECURSIVE seen (at) AS (
           SELECT min(at) FROM second WHERE at >= ?2
           UNION ALL SELECT (SELECT min(at) FROM second WHERE at > seen.at) FROM seen WHERE seen.at < ?3)
         SELECT ${wholeRow('second')} FROM seen CROSS JOIN second USING (at) WHERE node = ?1 AND at < ?3`
      : `SELECT ${wholeRow(table)} FROM ${table} WHERE node = ? AND at >= ? AND at < ? ORDER BY at`,
  );
  const old = `min(?1, (SELECT min(at) FROM ${table}${finest ? '' : ' WHERE node = ?2'}) + ${trimmedSteps * step})`;
  const trim = database.prepare(`DELETE FROM ${table} WHERE at < ${old}${finest ? '' : ' AND node = ?2'}`);
  const any = database.prepare(`SELECT 1 FROM ${table} WHERE node = ? AND at >= ? AND at < ? LIMIT 1`);
  const oldest = database.prepare(`SELECT min(at) AS at FROM ${table}${finest ? '' : ' WHERE node = ?'}`);
  const clear = database.prepare(`DELETE FROM ${table} WHERE node = ?`);
  return {
    get: (node, at) => get(node, at)[0],
    put: (node, { at, summary }) => put.run(node, at, ...packed(summary)),
    range,
    any: (node, from, to) => any.get(node, from, to) !== undefined,
    oldest: (node) => {
      const at = (finest ? oldest.get() : oldest.get(node))?.at;
      return at == null ? undefined : Number(at);
    },
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
