import type { Connection, Tuple } from '../../../shared/domain/connection.ts';
import { endText } from '../../../shared/domain/connection-words.ts';
import type {
  ClassifiedConnection,
  CoverageProgress,
  CoverageReport,
  CoverageView,
  SlaveCoverage,
} from '../../../shared/domain/coverage.ts';
import type { CoverageClass, MissingReason } from '../../../shared/domain/coverage-class.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { classFace, reasonWord } from '../../components/coverage-faces.ts';

/** What the place of the report shows. */
export type ComparisonState<Report> =
  | { readonly kind: 'asking' }
  | { readonly kind: 'never' }
  | { readonly kind: 'comparing'; readonly progress: CoverageProgress }
  | { readonly kind: 'refused'; readonly reason: string; readonly retryAt?: number | undefined }
  | { readonly kind: 'report'; readonly report: Report };

/** A comparison that was refused leaves the last report, if there is one: the refusal is then said above it. */
export function comparisonState<Report>(
  view: (Pick<CoverageView, 'progress' | 'refusal'> & { report?: Report | undefined }) | undefined,
): ComparisonState<Report> {
  if (view === undefined) return { kind: 'asking' };
  if (view.progress) return { kind: 'comparing', progress: view.progress };
  if (view.report) return { kind: 'report', report: view.report };
  return view.refusal ? { kind: 'refused', ...view.refusal } : { kind: 'never' };
}

export type StepWords = Readonly<Record<CoverageProgress['step'], string>>;

const slaveSteps: StepWords = {
  checking: 'Asking the slaves whether their caches may be read',
  'reading-master': 'Reading the master',
  waiting: 'Waiting two seconds, so that what is on its way arrives',
  'reading-both': 'Reading the slaves, and the master again',
  explaining: 'Looking for the reasons',
};
const steps = Object.keys(slaveSteps) as CoverageProgress['step'][];

/** What a comparison does now; `share`: how far it is as a whole, 0 to 1. */
export function progressOf(
  { step, entries, expected = 0 }: CoverageProgress,
  stepWords = slaveSteps,
): { text: string; share: number } {
  const within = expected > 0 ? Math.min(1, entries / expected) : 0;
  const rows = entries > 0 ? `: ${formatCount(entries)} connections` : '';
  return { text: `${stepWords[step]}${rows}`, share: (steps.indexOf(step) + within) / steps.length };
}

const countOf: Record<CoverageClass, (slave: SlaveCoverage) => number> = {
  replicated: (slave) => slave.replicated,
  missing: (slave) => slave.missing,
  stale: (slave) => slave.stale,
  'not-replicable': (slave) => slave.notReplicable,
  'in-flight': (slave) => slave.inFlight,
  ghost: (slave) => slave.ghosts,
};

export interface ClassCount {
  readonly class: CoverageClass;
  readonly count: number;
}

/** Every class with its count; ghosts come last, since they are none of the master's connections. */
export const classCounts = (slave: SlaveCoverage): ClassCount[] =>
  (Object.keys(classFace) as CoverageClass[]).map((name) => ({ class: name, count: countOf[name](slave) }));

export const reasonCounts = ({
  missingByReason,
}: SlaveCoverage): { reason: MissingReason; count: number }[] =>
  (Object.keys(reasonWord) as MissingReason[]).flatMap((reason) => {
    const count = missingByReason[reason] ?? 0;
    return count > 0 ? [{ reason, count }] : [];
  });

/** The slave in a sentence. */
export function slaveSentence(slave: SlaveCoverage): string {
  const { node, of, missing, missingByReason, stale } = slave;
  if (of === 0) return `There is nothing to replicate to ${node}`;
  const onPurpose = missing > 0 && missing === missingByReason.filtered ? ', kept back by the filter' : '';
  const lacks = [
    ...(missing > 0 ? [`${formatCount(missing)} missing${onPurpose}`] : []),
    ...(stale > 0 ? [`${formatCount(stale)} stale`] : []),
  ];
  return lacks.length === 0 ? `Nothing is missing on ${node}` : `${node}: ${lacks.join(', ')}`;
}

export const tupleText = ({ src, sport, dst, dport }: Tuple): string =>
  `${endText(src, sport)} → ${endText(dst, dport)}`;

/** A row as one line of text. */
export const rowLine = ({ class: name, reason, evidence, connection }: ClassifiedConnection): string =>
  [
    classFace[name].word,
    reason && reasonWord[reason],
    connection.protocol,
    connection.state,
    tupleText(connection.original),
    evidence,
  ]
    .filter(Boolean)
    .join('  ');

/** What names a connection in a file of them: the heads of the columns, and its cells. */
export const connectionHeads = ['protocol', 'state', 'src', 'sport', 'dst', 'dport', 'mark', 'zone'];
export const connectionCells = ({ protocol, state, original, mark, zone }: Connection): Cell[] => {
  const { src, sport, dst, dport } = original;
  return [protocol, state, src, sport, dst, dport, mark, zone];
};

/** The rows of all slaves. */
export function reportCsv({ slaves }: CoverageReport): string {
  const rows = slaves.flatMap(({ node, connections }) =>
    connections.map(({ class: name, reason, evidence, connection }) => [
      ...[node, name, reason, evidence],
      ...connectionCells(connection),
    ]),
  );
  return csvText([['node', 'class', 'reason', 'evidence', ...connectionHeads], ...rows]);
}

type Cell = string | number | undefined;

/** RFC 4180. */
export const csvText = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((cells) => `${cells.map((cell) => quoted(String(cell ?? ''))).join(',')}\r\n`).join('');

/** A cell that a spreadsheet would take for a formula begins with a quote of its own. */
const quoted = (cell: string): string => {
  const safe = /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
