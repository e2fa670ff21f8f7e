import type { ClusterSnapshot, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type {
  DifferenceClass,
  DifferenceReport,
  DifferenceView,
  DifferentConnection,
  NodeTable,
  TableKind,
  TwoTables,
} from '../../../shared/domain/difference.ts';
import {
  differenceCount,
  differsText,
  isSameTable,
  parseTable,
  tableName,
  tableText,
} from '../../../shared/domain/difference-report.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { readingValue } from '../../../shared/lib/reading.ts';
import type { Face } from '../../components/faces.ts';
import type { MessageWords } from './CoverageMessage.tsx';
import { connectionCells, connectionHeads, csvText, tupleText } from './coverage-model.ts';

/** The tables that a node has as far as is known, and the one that is chosen in any case. */
export function tablesOf(node: NodeSnapshot | undefined, chosen: TableKind): TableKind[] {
  const agent = node && readingValue(node.readings.agent);
  const has: Readonly<Record<TableKind, boolean>> = {
    kernel: true,
    external: agent?.external.kind === 'cache',
    internal: agent?.internal.kind === 'cache',
  };
  return (Object.keys(has) as TableKind[]).filter((kind) => has[kind] || kind === chosen);
}

/**
 * The two tables that an address names. What it does not name is the master's kernel table, and against it what another
 * node holds of its connections: its cache, where it has one.
 */
export function tablesOfRoute(
  { nodes, master }: ClusterSnapshot,
  named: { readonly of?: string; readonly against?: string },
): Omit<TwoTables, 'cluster'> {
  const read = (text: string | undefined) => (text === undefined ? undefined : parseTable(text));
  const given = read(named.against);
  const first = nodes.find(({ name }) => name === master) ?? nodes[0];
  const of = read(named.of) ?? { node: first?.name ?? '', table: 'kernel' };
  if (given) return { of, against: given };
  const others = nodes.filter(({ name }) => name !== of.node);
  const other = others.find(({ name }) => name === master) ?? others[0] ?? first;
  const isHolder = of.node === master && tablesOf(other, 'kernel').includes('external');
  return { of, against: { node: other?.name ?? '', table: isHolder ? 'external' : 'kernel' } };
}

/** What the engine says of these two tables; while they change it still says it of others. */
export function viewOf(
  view: DifferenceView | undefined,
  { of, against }: Omit<TwoTables, 'cluster'>,
): DifferenceView | undefined {
  const { report, ...rest } = view ?? {};
  if (!report || (isSameTable(report.of, of) && isSameTable(report.against, against))) return view;
  return rest;
}

export function wordsOf(of: NodeTable, against: NodeTable): MessageWords {
  const isOnce = of.table !== 'kernel' && against.table !== 'kernel';
  const how = isOnce
    ? 'reads each of the two caches once'
    : 'reads a kernel table twice, around the other table';
  const guard =
    of.table === 'kernel' && against.table === 'kernel' ? '' : ' A cache is read once a minute at most.';
  return {
    never: {
      title: `How do the ${tableName(of)} and the ${tableName(against)} differ?`,
      text: `The comparison ${how}, and names every connection that only one of them has, and those that both have but not alike. It takes a few seconds.${guard}`,
      verb: 'Compare the two tables',
    },
    comparing: 'Comparing two tables',
    refused: 'The tables were not compared',
    steps: {
      checking: 'Asking whether the tables may be read',
      'reading-master': 'Reading the kernel table for the first time',
      waiting: 'Waiting two seconds, so that what is on its way arrives',
      'reading-both': 'Reading both tables',
      explaining: 'Comparing',
    },
  };
}

export function differenceFace(
  name: DifferenceClass,
  { of, against }: Pick<DifferenceReport, 'of' | 'against'>,
): Face {
  switch (name) {
    case 'only-of':
      return { word: `only in ${tableText(of)}`, shape: 'half', tone: 'accent' };
    case 'only-against':
      return { word: `only in ${tableText(against)}`, shape: 'dotted', tone: 'neutral' };
    case 'different':
      return { word: 'in both, different', shape: 'triangle', tone: 'warning' };
  }
}

/** Every class with its count, in the order of the rows. */
export const differenceCounts = ({
  onlyOf,
  onlyAgainst,
  different,
}: DifferenceReport): { readonly class: DifferenceClass; readonly count: number }[] => [
  { class: 'only-of', count: onlyOf },
  { class: 'only-against', count: onlyAgainst },
  { class: 'different', count: different },
];

/** The two tables in a sentence. */
export function differenceSentence(report: DifferenceReport): string {
  const count = differenceCount(report);
  const [of, against] = [tableName(report.of), tableName(report.against)];
  if (count > 0)
    return `The ${of} and the ${against} differ in ${formatCount(count)} ${count === 1 ? 'connection' : 'connections'}`;
  return report.same === 0
    ? `The ${of} and the ${against} have nothing that could be compared`
    : `The ${of} and the ${against} have the same connections`;
}

/** How many differ in what: `state 12, mark 3`. */
export const differsByText = ({ differsBy }: DifferenceReport): string =>
  Object.entries(differsBy)
    .map(([name, count]) => `${name} ${formatCount(count)}`)
    .join(', ');

/** A row as one line of text. */
export const differenceLine = (
  { class: name, differs, connection }: DifferentConnection,
  report: DifferenceReport,
): string =>
  [
    differenceFace(name, report).word,
    connection.protocol,
    connection.state,
    tupleText(connection.original),
    differsText(differs, report),
  ]
    .filter(Boolean)
    .join('  ');

export const differenceCsv = (report: DifferenceReport): string =>
  csvText([
    ['of', 'against', 'class', 'differs', ...connectionHeads],
    ...report.connections.map(({ class: name, differs, connection }) => [
      ...[tableText(report.of), tableText(report.against), name, differsText(differs, report)],
      ...connectionCells(connection),
    ]),
  ]);
