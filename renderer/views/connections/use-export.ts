import { useCallback, useRef, useState } from 'react';
import type { ExportPiece, ExportQuery } from '../../../shared/domain/connection-actions.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { announce } from '../../client/store.ts';

export type ExportFormat = ExportQuery['format'];

export interface Export {
  /** How many rows are taken so far; undefined: none is under way. */
  readonly taken: number | undefined;
  readonly problem: string | undefined;
  /** Fetches all that matches, piece by piece, and hands it on whole; nothing where it was cancelled or failed. */
  readonly take: (format: ExportFormat, use: (text: readonly string[]) => void) => void;
  readonly cancel: () => void;
}

/** Exports what a table's filter lets through, all of it and of one revision. */
export function useExport(query: Omit<ExportQuery, 'format' | 'offset' | 'revision'>): Export {
  const api = useApi();
  const [taken, setTaken] = useState<number>();
  const [problem, setProblem] = useState<string>();
  const current = useRef<object>(undefined);
  const key = JSON.stringify(query);
  const take = useCallback<Export['take']>(
    async (format, use) => {
      const own = {};
      current.current = own;
      setProblem(undefined);
      setTaken(0);
      const pieces: string[] = [];
      try {
        let from: { offset: number; revision?: number } | undefined = { offset: 0 };
        while (from) {
          const piece: ExportPiece = await api.call('connections.export', {
            ...JSON.parse(key),
            format,
            ...from,
          });
          if (current.current !== own) return;
          pieces.push(piece.text);
          setTaken(piece.next ?? piece.matched);
          if (piece.ended !== undefined) throw new Error(piece.ended);
          from = piece.next === undefined ? undefined : { offset: piece.next, revision: piece.revision };
          if (from === undefined) announce(`${formatCount(piece.matched)} connections exported`);
        }
        use(pieces);
      } catch (cause) {
        if (current.current === own) setProblem(problemOf(cause));
      } finally {
        if (current.current === own) setTaken(undefined);
      }
    },
    [api, key],
  );
  const cancel = useCallback(() => {
    current.current = undefined;
    setTaken(undefined);
  }, []);
  return { taken, problem, take, cancel };
}
