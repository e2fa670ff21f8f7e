import { useEffect, useState } from 'react';
import type { Connection } from '../../../shared/domain/connection.ts';
import { connectionLine } from '../../../shared/domain/connection-line.ts';
import type { ConnectionRow } from '../../../shared/domain/connection-query.ts';
import { filterOfLine } from '../../../shared/domain/filter-pasted.ts';
import { useApi } from '../../client/api-context.ts';

/** One connection in full. */
export interface Detail {
  readonly connection: ConnectionRow;
  /** The table has it no more: this is how it was last. */
  readonly isGone: boolean;
}

/** More rows than this of one tuple there are not, save for GRE. */
const mostAlike = 100;

/** The connection that was opened last of a node's table, as each new revision of it has that connection. */
export function useDetail(where: { cluster: string; node: string }, revision: number | undefined) {
  const api = useApi();
  const [opened, setOpened] = useState<Detail & { readonly place: string }>();
  const { cluster, node } = where;
  const place = JSON.stringify([cluster, node]);
  const detail = opened?.place === place ? opened : undefined;
  const connection = detail?.connection;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each revision is asked once, for the connection of the one before
  useEffect(() => {
    if (connection === undefined || revision === undefined) return;
    const filter = filterOfLine(connectionLine(connection));
    if (filter === undefined) return;
    let isLate = false;
    api
      .call('connections.page', { cluster, node, filter, sort: [], offset: 0, limit: mostAlike })
      .then(({ rows, observedAt }) => {
        if (isLate || observedAt === undefined) return;
        const found = rows.find((row) => isSame(row, connection));
        setOpened({ place, connection: found ?? connection, isGone: found === undefined });
      })
      // a table that cannot be asked says so where its rows are
      .catch(() => undefined);
    return () => {
      isLate = true;
    };
  }, [api, place, revision]);
  return {
    detail,
    open: (found: ConnectionRow | undefined) =>
      setOpened(found && { place, connection: found, isGone: false }),
  };
}

/** Of the same tuple and the same entry: one that ended and was opened again has another id. */
const isSame = (a: Connection, b: Connection): boolean =>
  a.id === b.id && a.original.srckey === b.original.srckey && a.original.dstkey === b.original.dstkey;
