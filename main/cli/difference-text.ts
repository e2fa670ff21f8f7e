import { tupleText } from '../../shared/domain/connection-words.ts';
import type { DifferenceReport, DifferentConnection } from '../../shared/domain/difference.ts';
import { differenceNotes, differsText, tableName, tableText } from '../../shared/domain/difference-report.ts';
import { formatClock, formatCount } from '../../shared/domain/format.ts';
import { aligned } from './aligned.ts';

/** `handover difference` for people: the counts, what keeps them from being all of the truth, then each connection. */
export function differenceText(report: DifferenceReport): string {
  const { cluster, observedAt, skewMs, of, against, connections, matched } = report;
  const head = `${cluster}: the ${tableName(of)} against the ${tableName(against)}, at ${formatClock(observedAt)} (read within ${skewMs} ms)`;
  const more = matched - connections.length;
  return [
    head,
    ...aligned([
      [tableText(of), tableText(against), 'SAME', 'ONLY IN THE FIRST', 'ONLY IN THE SECOND', 'DIFFERENT'],
      [of.count, against.count, report.same, report.onlyOf, report.onlyAgainst, report.different].map(
        formatCount,
      ),
    ]),
    ...differenceNotes(report).map((note) => `  ${note}`),
    ...aligned(connections.map((row) => rowOf(row, report))),
    ...(more > 0 ? [`  and ${formatCount(more)} more: --limit N shows more of them, --json all`] : []),
    '',
  ].join('\n');
}

function rowOf({ class: name, differs, connection }: DifferentConnection, report: DifferenceReport) {
  const where = {
    'only-of': `only in ${tableText(report.of)}`,
    'only-against': `only in ${tableText(report.against)}`,
    different: 'different',
  } as const;
  return [
    where[name],
    connection.protocol,
    connection.state ?? '',
    tupleText(connection.original),
    differsText(differs, report),
  ];
}
