import type { DatabaseSync } from 'node:sqlite';
import { ClusterEvent } from '../../shared/domain/event.ts';

export interface EventTable {
  readonly put: (cluster: string, event: ClusterEvent) => void;
  /** The newest `most` from `from` up to and without `to`, oldest first. */
  readonly range: (cluster: string, from: number, to: number, most: number) => ClusterEvent[];
  readonly newest: (cluster: string) => Pick<ClusterEvent, 'id' | 'at'> | undefined;
  /** Takes out what is older than `limit`, and what is past the newest `most`. */
  readonly trim: (cluster: string, limit: number, most: number) => void;
  readonly clear: (cluster: string) => void;
}

export function eventTable(database: DatabaseSync): EventTable {
  const put = database.prepare('INSERT OR REPLACE INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const range = database.prepare(
    'SELECT * FROM event WHERE cluster = ? AND at >= ? AND at < ? ORDER BY at DESC, id DESC LIMIT ?',
  );
  const newest = database.prepare('SELECT id, at FROM event WHERE cluster = ? ORDER BY id DESC LIMIT 1');
  const trimOld = database.prepare('DELETE FROM event WHERE cluster = ? AND at < ?');
  const trimMany = database.prepare('DELETE FROM event WHERE cluster = ? AND id <= ?');
  const clear = database.prepare('DELETE FROM event WHERE cluster = ?');
  const newestOf = (cluster: string) => {
    const row = newest.get(cluster);
    return row && { id: Number(row.id), at: Number(row.at) };
  };
  return {
    put: (cluster, { id, at, kind, severity, node, message, source }) =>
      put.run(cluster, id, at, kind, severity, node ?? null, message, source),
    range: (cluster, from, to, most) =>
      range
        .all(cluster, from, to, most)
        .reverse()
        .flatMap(({ node, ...row }) => {
          const read = ClusterEvent.safeParse(node === null ? row : { ...row, node });
          return read.success ? [read.data] : [];
        }),
    newest: newestOf,
    trim: (cluster, limit, most) => {
      trimOld.run(cluster, limit);
      trimMany.run(cluster, (newestOf(cluster)?.id ?? 0) - most);
    },
    clear: (cluster) => clear.run(cluster),
  };
}
