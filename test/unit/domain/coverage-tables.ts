import { conntrack } from '../../../main/agents/table/conntrack/index.ts';
import type { Connection } from '../../../shared/domain/connection.ts';

/** The connection that a line of a dump tells. */
export function lineOf(line: string): Connection {
  const parsed = conntrack.parseLine(line);
  if (!parsed.ok || !parsed.value) throw new Error(`no connection: ${line}`);
  return parsed.value;
}
