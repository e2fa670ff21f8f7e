import type { Connection } from '../../../shared/domain/connection.ts';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import type {
  DifferenceQuery,
  DifferenceView,
  DifferentConnection,
} from '../../../shared/domain/difference.ts';
import { tableText } from '../../../shared/domain/difference-report.ts';
import { reportOn } from '../../support/plain-difference.ts';
import { connectionAt } from './made-up-table.ts';
import type { Scene } from './scenes.ts';

/** So many connections from this one on, each one of its own: the made-up pings are all the same. */
const connectionsFrom = (first: number, count: number): Connection[] =>
  Array.from({ length: 2 * count }, (_, index) => connectionAt(first + index * 7))
    .filter(({ family }) => family === 'ipv4')
    .slice(0, count);

const only = (name: 'only-of' | 'only-against', connections: Connection[]) =>
  connections.map((connection): DifferentConnection => ({ class: name, differs: [], connection }));

/** What two tables of 12,000 connections do not have alike. */
const rows: readonly DifferentConnection[] = [
  ...only('only-of', connectionsFrom(0, 210)),
  ...only('only-against', connectionsFrom(20_001, 3)),
  {
    class: 'different',
    differs: [{ name: 'state', of: 'ESTABLISHED', against: 'SYN_RECV' }],
    connection: connectionAt(3_000),
  },
  {
    class: 'different',
    differs: [
      { name: 'mark', of: '0', against: '9' },
      { name: 'nat', of: 'none', against: 'source 198.51.100.7:40001' },
    ],
    connection: connectionAt(3_001),
  },
];

/** What the engine would say of two tables in a scene: of two kernel tables that they are the same. */
export function differenceView(
  { coverage }: Pick<Scene, 'coverage'>,
  query: DifferenceQuery,
  now: number,
): DifferenceView {
  const { cluster, of, against } = query;
  switch (coverage) {
    case undefined:
    case 'never':
      return {};
    case 'comparing':
      return { progress: { step: 'reading-both', startedAt: now - 900, entries: 21_404, expected: 48_210 } };
    case 'refused':
      return {
        refusal: {
          reason: `${against.node}: its cache was read within the last minute, and is read once a minute at most.`,
          retryAt: now + 40_000,
        },
      };
    default: {
      const isNone = coverage === 'nothing' || tableText(against).endsWith(':kernel');
      const all = isNone ? [] : rows;
      const filter = parseConnectionFilter(query.filter);
      const passing = all.filter(
        (row) =>
          filter.ok &&
          filter.value(row.connection) &&
          (query.class === undefined || query.class === row.class),
      );
      const report = reportOn(
        {
          cluster,
          observedAt: now - 4_000,
          skewMs: 212,
          of: { ...of, count: 12_000, unreadable: 0 },
          against: { ...against, count: 11_794, unreadable: 0 },
          same: 11_780,
          younger: 9,
          notComparable: 2,
        },
        all,
      );
      return {
        report: { ...report, matched: passing.length, connections: passing.slice(0, query.limit) },
        ...(!filter.ok && { filterError: filter.error }),
      };
    }
  }
}
