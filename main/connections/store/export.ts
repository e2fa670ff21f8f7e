import type { ExportPiece, ExportQuery } from '../../../shared/domain/connection-actions.ts';
import { exportHead, exportLine } from '../../../shared/domain/connection-export.ts';
import { connectionOf } from './connection-of.ts';
import type { Revision } from './revision.ts';
import { viewOf } from './view.ts';

/** Rows a piece: some hundred ms of work, so that a page that is asked for meanwhile does not wait longer. */
export const pieceRows = 5_000;

/** The next piece of what passes the filter. It ends, and says so, where the revision that it began with is gone. */
export function exportPiece(revision: Revision | undefined, query: ExportQuery): ExportPiece {
  const { format, offset } = query;
  if (!revision) return { revision: 0, matched: 0, text: '', ended: 'The table was not read yet.' };
  const about = { revision: revision.number };
  if (query.revision !== undefined && query.revision !== revision.number) {
    const ended = `The table was read again, and only the first ${offset.toLocaleString('en')} rows are of the same dump.`;
    return { ...about, matched: 0, text: '', ended };
  }
  const view = viewOf(revision, query.filter, query.sort);
  if (!view.ok) return { ...about, matched: 0, text: '', ended: `The filter: ${view.error.message}.` };
  const { rows, length } = view.value;
  const end = Math.min(length, offset + pieceRows);
  let text = offset === 0 ? exportHead(format) : '';
  for (let at = offset; at < end; at += 1)
    text += exportLine(format, connectionOf(revision.columns, rows ? (rows[at] ?? 0) : at));
  return { ...about, matched: length, text, ...(end < length && { next: end }) };
}
