import type { Connection } from './connection.ts';
import type { ExportQuery } from './connection-actions.ts';
import { csvHead, csvLine } from './connection-csv.ts';
import { deleteWords } from './connection-delete.ts';
import { connectionLine } from './connection-line.ts';

export type ExportFormat = ExportQuery['format'];

/** Stands before the first connection, with the end of its line; empty where nothing does. */
export const exportHead = (format: ExportFormat): string => (format === 'csv' ? `${csvHead}\n` : '');

const lines: Readonly<Record<ExportFormat, (connection: Connection) => string>> = {
  text: connectionLine,
  csv: csvLine,
  json: (connection) => JSON.stringify(connection),
  command: commandLine,
};

/** A connection in a format, with the end of its line. */
export const exportLine = (format: ExportFormat, connection: Connection): string =>
  `${lines[format](connection)}\n`;

/** As conntrack would delete it; a comment where that would take more, for such a line must not be at hand. */
function commandLine(connection: Connection): string {
  const words = deleteWords(connection);
  return words.ok
    ? `conntrack ${words.value.join(' ')}`
    : `# no exact command, ${words.error}: ${connectionLine(connection)}`;
}
