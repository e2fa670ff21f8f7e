import { type Dispatch, type SetStateAction, useCallback, useEffect, useRef, useState } from 'react';
import type { Connection } from '../../../shared/domain/connection.ts';
import { type ExportFormat, exportHead, exportLine } from '../../../shared/domain/connection-export.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { problemOf } from '../../client/problem.ts';
import { announce } from '../../client/store.ts';
import { countOf, firstCell, inOtherRows, rangesOf, type Selection } from './selection.ts';
import type { Table } from './use-table.ts';

/** More than this is for a file: a clipboard of it would stop the window. */
const mostCopied = 20_000;

export interface TableSelection {
  readonly selection: Selection;
  readonly select: Dispatch<SetStateAction<Selection>>;
  readonly count: number;
  readonly copy: (format: ExportFormat) => Promise<void>;
  /** The rows themselves, fetched where they are not here; none where that cannot be, which is then said. */
  readonly fetchChosen: () => Promise<readonly Connection[]>;
}

/** The rows chosen of a table, and what is done with them. */
export function useSelection(table: Table): TableSelection {
  const rows = table.summary?.matched ?? 0;
  const [selection, select] = useState<Selection>(firstCell);
  const place = `${table.key} ${table.summary?.revision}`;
  const chosenOf = useRef(place);
  useEffect(() => {
    if (chosenOf.current !== place) select(inOtherRows);
    chosenOf.current = place;
  }, [place]);
  const count = countOf(selection, rows);
  const isMany = count > 1;
  useEffect(() => {
    // what is about to be copied or dropped must not leave the selection by itself
    table.loader.hold(isMany);
    return () => table.loader.hold(false);
  }, [table.loader, isMany]);
  useEffect(() => {
    if (selection.all) announce(`${formatCount(count)} connections selected`);
  }, [selection.all, count]);

  const fetchChosen = useCallback(async (): Promise<readonly Connection[]> => {
    try {
      return await table.loader.rowsOf(rangesOf(selection, rows));
    } catch (cause) {
      announce(problemOf(cause));
      return [];
    }
  }, [table.loader, selection, rows]);
  const copy = useCallback(
    async (format: ExportFormat) => {
      if (count > mostCopied)
        return announce(`${formatCount(count)} rows are too many to copy: save them to a file instead`);
      const chosen = await fetchChosen();
      if (chosen.length === 0) return;
      const lines = chosen.map((connection) => exportLine(format, connection));
      await navigator.clipboard.writeText(exportHead(format) + lines.join('')).then(
        () => announce(`${formatCount(lines.length)} rows copied`),
        () => announce('The clipboard refused the rows'),
      );
    },
    [count, fetchChosen],
  );
  return { selection, select, count, copy, fetchChosen };
}
