/** The difference of two tables from plain lists: what the comparison by column must agree with. */
import type { Connection } from '../../shared/domain/connection.ts';
import { blurredKey, connectionKey, isBlurred } from '../../shared/domain/coverage-key.ts';
import type { DifferenceReport, DifferentConnection } from '../../shared/domain/difference.ts';

type Rows = readonly DifferentConnection[];

/** The report on rows that a test makes up. `same`: how many connections are alike in both. */
export function reportOn(
  parts: Pick<DifferenceReport, 'cluster' | 'of' | 'against' | 'observedAt' | 'skewMs' | 'same'> &
    Partial<DifferenceReport>,
  rows: Rows,
): DifferenceReport {
  const count = (name: DifferentConnection['class']) => rows.filter((row) => row.class === name).length;
  const differsBy: DifferenceReport['differsBy'] = {};
  for (const { name } of rows.flatMap(({ differs }) => differs)) differsBy[name] = (differsBy[name] ?? 0) + 1;
  return {
    onlyOf: count('only-of'),
    onlyAgainst: count('only-against'),
    different: count('different'),
    differsBy,
    younger: 0,
    ageUnknown: 0,
    notComparable: 0,
    connections: [...rows],
    matched: rows.length,
    ...parts,
  };
}

/** What tells connections apart: of a cache without what it does not carry. Of an entry that is shown twice the later counts. */
export function byKey(connections: readonly Connection[], hasCache: boolean): Map<string, Connection> {
  const keyOf = (connection: Connection) => {
    if (hasCache && isBlurred(connection)) return blurredKey(connection);
    const zoned = hasCache ? '' : (connection.extra['zone-orig'] ?? '');
    return `${connectionKey(connection)} ${zoned}`;
  };
  return new Map(connections.map((connection) => [keyOf(connection), connection]));
}
