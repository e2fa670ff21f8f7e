import type { Connection } from '../../../../shared/domain/connection.ts';
import { ok, type Result } from '../../../../shared/lib/result.ts';
import type { ParseError } from '../../parse-error.ts';
import { parseEntry } from './parse-entry.ts';

/** One line of `conntrack -L expect`: what is expected, told as the connection that it would be. */
export const parseExpectation = (line: string): Result<Connection | undefined, ParseError> => {
  const entry = parseEntry(line);
  if (!entry.ok) return entry;
  if (entry.value === undefined || !('expectation' in entry.value)) return ok(entry.value);
  const { expectation: _, mask: __, master, class: number, helper, extra, ...connection } = entry.value;
  return ok({
    ...connection,
    extra: {
      ...extra,
      ...(master && { 'master-src': master.src, 'master-dst': master.dst }),
      ...(number !== undefined && { class: number }),
      ...(helper !== undefined && { helper }),
    },
  });
};
