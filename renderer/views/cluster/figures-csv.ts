import { type ClusterSeries, FigureName } from '../../../shared/domain/history.ts';

const units: Partial<Record<FigureName, string>> = {
  coverage: '0 to 1',
  coverageError: '0 to 1',
  lag: 's',
  lagResolution: 's',
  backlog: 'messages',
  messagesSent: 'a second',
  messagesReceived: 'a second',
  bytesSent: 'a second',
  bytesReceived: 'a second',
};

/** Every figure that the charts were drawn from (RFC 4180); an empty field was not known, and is no zero. */
export function figuresCsv({ times, nodes, marks }: ClusterSeries): string {
  const columns = nodes.flatMap((node) => [
    ...FigureName.options.flatMap((figure) => {
      const values = node[figure];
      if (!values?.some((value) => value !== null)) return [];
      const unit = units[figure];
      const head = `${node.name} ${figure}${unit ? ` (${unit})` : ''}`;
      const extreme = (which: 'lowest' | 'highest') => {
        const seen = node[which]?.[figure];
        return seen ? [{ head: `${head} ${which}`, values: seen }] : [];
      };
      return [{ head, values }, ...extreme('lowest'), ...extreme('highest')];
    }),
    ...(node.lagKind?.some((kind) => kind !== null)
      ? [{ head: `${node.name} lag is`, values: node.lagKind }]
      : []),
  ]);
  const happened = new Map<number, string[]>();
  for (const { at, label } of marks) {
    const index = Math.max(
      0,
      times.findLastIndex((time) => time <= at),
    );
    happened.set(index, [...(happened.get(index) ?? []), label]);
  }
  const rows = [
    ['time', ...columns.map(({ head }) => head), 'happened'],
    ...times.map((at, index) => [
      new Date(at).toISOString(),
      ...columns.map(({ values }) => String(values[index] ?? '')),
      (happened.get(index) ?? []).join('; '),
    ]),
  ];
  return rows
    .map((row) => row.map(field).join(','))
    .join('\r\n')
    .concat('\r\n');
}

/** A field that a spreadsheet would take for a formula is text. */
const field = (text: string): string => {
  const safe = /^[=+@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
