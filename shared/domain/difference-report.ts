import { type DifferenceReport, type DifferentConnection, type NodeTable, TableKind } from './difference.ts';
import { formatCount } from './format.ts';

/** A table as the command line and an address name it: `fw1:external`. */
export const tableText = ({ node, table }: NodeTable): string => `${node}:${table}`;

/** `NODE` alone means the kernel's table. Undefined: this names none. */
export function parseTable(text: string): NodeTable | undefined {
  const colon = text.lastIndexOf(':');
  const node = colon < 0 ? text : text.slice(0, colon);
  const table = TableKind.safeParse(colon < 0 ? 'kernel' : text.slice(colon + 1));
  return node === '' || !table.success ? undefined : { node, table: table.data };
}

export const tableWord: Readonly<Record<TableKind, string>> = {
  kernel: 'kernel table',
  external: 'external cache',
  internal: 'internal cache',
};

/** `external cache of fw2`. */
export const tableName = ({ node, table }: NodeTable): string => `${tableWord[table]} of ${node}`;

export const isSameTable = (one: NodeTable, other: NodeTable): boolean =>
  one.node === other.node && one.table === other.table;

export const differenceCount = ({ onlyOf, onlyAgainst, different }: DifferenceReport): number =>
  onlyOf + onlyAgainst + different;

/** What two entries differ in, in words: `state: ESTABLISHED in fw1:kernel, SYN_RECV in fw2:kernel`. */
export const differsText = (
  differs: DifferentConnection['differs'],
  { of, against }: Pick<DifferenceReport, 'of' | 'against'>,
): string =>
  differs
    .map((each) => `${each.name}: ${each.of} in ${tableText(of)}, ${each.against} in ${tableText(against)}`)
    .join('; ');

/** What keeps a comparison from being all of the truth, in sentences. */
export function differenceNotes(report: DifferenceReport): string[] {
  const { of, against, younger, ageUnknown, notComparable } = report;
  const isOnce = of.table !== 'kernel' && against.table !== 'kernel';
  return [
    ...(younger > 0
      ? [
          `${formatCount(younger)} began or changed while the tables were read, and are not told as differences.`,
        ]
      : []),
    ...(isOnce
      ? ['A cache is read only once: what ended between the two readings cannot be told from a difference.']
      : []),
    ...(ageUnknown > 0
      ? [
          `The age of ${formatCount(ageUnknown)} that only one of the tables has is not known: they may have begun while the tables were read.`,
        ]
      : []),
    ...(notComparable > 0
      ? [
          `${formatCount(notComparable)} were left out: the sync agent does not carry what tells them from others.`,
        ]
      : []),
    ...[of, against]
      .filter(({ unreadable }) => unreadable > 0)
      .map((table) => `${formatCount(table.unreadable)} lines of the ${tableName(table)} could not be read.`),
  ];
}

/** The form that scripts are promised, on the command line and in an export. Instants in ISO 8601 UTC. */
export const differenceJson = ({ matched: _, of, against, observedAt, ...report }: DifferenceReport) => ({
  cluster: report.cluster,
  observedAt: new Date(observedAt).toISOString(),
  skewMs: report.skewMs,
  of: { node: of.node, table: of.table, count: of.count },
  against: { node: against.node, table: against.table, count: against.count },
  same: report.same,
  onlyOf: report.onlyOf,
  onlyAgainst: report.onlyAgainst,
  different: report.different,
  differsBy: report.differsBy,
  younger: report.younger,
  ageUnknown: report.ageUnknown,
  notComparable: report.notComparable,
  connections: report.connections,
});
