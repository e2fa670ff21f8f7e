import { parseConnection } from '../../agents/table/conntrack/parse-connection.ts';
import type { TableBuilder } from './builder.ts';
import type { DumpEnd } from './table-store.ts';

/** Bytes of a dump into a table that is being built. */
export interface ByteIntake {
  readonly write: (chunk: Uint8Array) => void;
  readonly end: () => DumpEnd;
}

/** Takes in what conntrack prints, a line an entry. */
export function lineIntake(builder: TableBuilder): ByteIntake {
  const decoder = new TextDecoder();
  let rest = '';
  let unreadable = 0;
  const take = (line: string) => {
    const parsed = parseConnection(line);
    if (!parsed.ok) unreadable += 1;
    else if (parsed.value) builder.append(parsed.value);
  };
  return {
    write: (chunk) => {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    },
    end: () => {
      take(rest);
      const entries = builder.length();
      const isNone = entries === 0 && unreadable > 0;
      return { entries, unreadable, ...(isNone && { problem: 'not one of its lines is a connection' }) };
    },
  };
}
