import type { Connection } from '../../../shared/domain/connection.ts';
import type { ExportPiece, ExportQuery } from '../../../shared/domain/connection-actions.ts';
import { csvHead, csvLine } from '../../../shared/domain/connection-csv.ts';
import { connectionLine } from '../../../shared/domain/connection-line.ts';
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
  const write = writers[format];
  let text = format === 'csv' && offset === 0 ? `${csvHead}\n` : '';
  for (let at = offset; at < end; at += 1)
    text += `${write(connectionOf(revision.columns, rows ? (rows[at] ?? 0) : at))}\n`;
  return { ...about, matched: length, text, ...(end < length && { next: end }) };
}

const writers: Record<ExportQuery['format'], (connection: Connection) => string> = {
  text: connectionLine,
  csv: csvLine,
  json: (connection) => JSON.stringify(connection),
  command: deleteLine,
};

/**
 * As `conntrack -D` would name it: zone, protocol and both ends of the original direction. Where those do not tell it
 * from others (no ports, as of GRE) it is a comment, for a line that deletes more than it names must not be at hand.
 */
function deleteLine(connection: Connection): string {
  const { family, protocolNumber, original, zone } = connection;
  const { src, dst, sport, dport, type, code, id } = original;
  const ends =
    sport !== undefined && dport !== undefined
      ? `--sport ${sport} --dport ${dport}`
      : type !== undefined && code !== undefined && id !== undefined
        ? `--icmp-type ${type} --icmp-code ${code} --icmp-id ${id}`
        : undefined;
  if (ends === undefined) return `# no exact command for: ${connectionLine(connection)}`;
  const inFamily = family === 'ipv6' ? '-f ipv6 ' : '';
  const inZone = zone === undefined ? '' : ` -w ${zone}`;
  return `conntrack -D ${inFamily}-p ${protocolNumber} -s ${src} -d ${dst} ${ends}${inZone}`;
}
