import type { DatabaseSync } from 'node:sqlite';
import { LogRecord } from '../../shared/domain/timeline.ts';

/** What the nodes' logs said. `at` of a range: ms since the epoch, this machine's clock. */
export interface LogTable {
  readonly put: (cluster: string, node: string, record: LogRecord) => void;
  /** The newest `most` from `from` up to and without `to`, in no order. */
  readonly range: (cluster: string, from: number, to: number, most: number) => LogRecord[];
  /** The newest `most` of a place, oldest first. */
  readonly tail: (cluster: string, node: string, place: string, most: number) => LogRecord[];
  /** Takes out what is older than `limit`, and what is past the newest `most` of each cluster. */
  readonly trim: (limit: number, most: number) => void;
  readonly clear: (cluster: string) => void;
}

export function logTable(database: DatabaseSync): LogTable {
  const put = database.prepare('INSERT OR REPLACE INTO log_record VALUES (?, ?, ?, ?, ?, ?)');
  const range = database.prepare(
    'SELECT record FROM log_record WHERE cluster = ? AND at >= ? AND at < ? ORDER BY at DESC LIMIT ?',
  );
  const tail = database.prepare(
    'SELECT record FROM log_record WHERE cluster = ? AND node = ? AND place = ? ORDER BY number DESC LIMIT ?',
  );
  const trimOld = database.prepare('DELETE FROM log_record WHERE at < ?');
  const clusters = database.prepare('SELECT cluster FROM log_record GROUP BY cluster HAVING count(*) > ?');
  const trimMany = database.prepare(
    `DELETE FROM log_record WHERE cluster = ?1 AND at <
      (SELECT at FROM log_record WHERE cluster = ?1 ORDER BY at DESC LIMIT 1 OFFSET ?2)`,
  );
  const clear = database.prepare('DELETE FROM log_record WHERE cluster = ?');
  return {
    put: (cluster, node, record) =>
      put.run(cluster, node, record.place, record.number, record.entry.at, JSON.stringify(record)),
    range: (cluster, from, to, most) => range.all(cluster, from, to, most).flatMap(recordOf),
    tail: (cluster, node, place, most) => tail.all(cluster, node, place, most).reverse().flatMap(recordOf),
    trim: (limit, most) => {
      trimOld.run(limit);
      for (const { cluster } of clusters.all(most)) trimMany.run(String(cluster), most - 1);
    },
    clear: (cluster) => clear.run(cluster),
  };
}

function recordOf({ record }: Record<string, unknown>): LogRecord[] {
  const read = LogRecord.safeParse(JSON.parse(String(record)));
  return read.success ? [read.data] : [];
}
