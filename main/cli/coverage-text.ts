import { tupleText } from '../../shared/domain/connection-words.ts';
import type {
  ClassifiedConnection,
  CoverageReport,
  MissingShare,
  SlaveCoverage,
} from '../../shared/domain/coverage.ts';
import { formatBytes, formatClock, formatCount, formatShare } from '../../shared/domain/format.ts';
import { aligned } from './aligned.ts';

/** `handover coverage` for people: a line a slave, then what it does not hold, the gravest first. */
export function coverageText({
  cluster,
  master,
  observedAt,
  skewMs,
  slaves,
  refused,
}: CoverageReport): string {
  const head = `${cluster}: what the slaves hold of the connections of ${master}, at ${formatClock(observedAt)} (read within ${skewMs} ms)`;
  const titles = ['SLAVE', 'OF', 'REPLICATED', 'COVERAGE', 'MISSING', 'STALE', 'IN FLIGHT', 'NOT REPLICABLE'];
  return [
    head,
    ...aligned([[...titles, 'GHOSTS'], ...slaves.map(slaveRow)]),
    ...refused.map(({ node, reason }) => `  ${node} was not compared: ${reason}.`),
    ...slaves.flatMap(slaveList),
    '',
  ].join('\n');
}

const slaveRow = (slave: SlaveCoverage): string[] => [
  slave.node,
  formatCount(slave.of),
  formatCount(slave.replicated),
  slave.coverage === null ? 'nothing to replicate' : formatShare(slave.coverage),
  ...[slave.missing, slave.stale, slave.inFlight, slave.notReplicable, slave.ghosts].map(formatCount),
];

function slaveList({
  node,
  connections,
  missing,
  missingByReason,
  missingBy,
  unreadable,
  matched,
}: SlaveCoverage): string[] {
  const reasons = Object.entries(missingByReason).map(([reason, count]) => `${formatCount(count)} ${reason}`);
  const more = matched - connections.length;
  return [
    ...(missing > 0 ? [`missing on ${node}: ${reasons.join(', ')}`] : [`nothing is missing on ${node}`]),
    ...(missing > 0 ? summaryLines(missingBy) : []),
    ...(unreadable > 0 ? [`  ${formatCount(unreadable)} lines could not be read`] : []),
    ...aligned(connections.map(rowOf)),
    ...(more > 0 ? [`  and ${formatCount(more)} more: --limit N shows more of them, --json all`] : []),
  ];
}

/** So many services and clients are named on one line. */
const named = 5;

const summaryLines = ({ bytes, services, clients }: SlaveCoverage['missingBy']): string[] => [
  ...(bytes === undefined ? [] : [`  they carried ${formatBytes(bytes)} so far`]),
  `  by service: ${services.slice(0, named).map(shareText).join(', ')}`,
  `  by client:  ${clients.slice(0, named).map(shareText).join(', ')}`,
];

const shareText = ({ name, count, bytes }: MissingShare): string =>
  `${name} ${formatCount(count)}${bytes === undefined ? '' : ` (${formatBytes(bytes)})`}`;

const rowOf = ({ class: name, reason, evidence = '', connection }: ClassifiedConnection): string[] => [
  name,
  reason ?? '',
  connection.protocol,
  connection.state ?? '',
  tupleText(connection.original),
  evidence,
];
