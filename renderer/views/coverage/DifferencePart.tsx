import type {
  DifferenceClass,
  DifferenceReport,
  DifferentConnection,
} from '../../../shared/domain/difference.ts';
import {
  differenceCount,
  differenceNotes,
  differsText,
  tableText,
} from '../../../shared/domain/difference-report.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { verdictFace } from '../../components/faces.ts';
import { State, StateMark } from '../../components/StateMark.tsx';
import { ConnectionCells, ConnectionHeads } from './ComparisonParts.tsx';
import { differenceCounts, differenceFace, differenceSentence, differsByText } from './difference-model.ts';

interface DifferencePartProps {
  readonly report: DifferenceReport;
  readonly chosen: DifferenceClass | undefined;
  readonly filtered: boolean;
  readonly onChoose: (chosen: DifferenceClass | undefined) => void;
}

/** Two tables: how much they have in common, what is not known of them, and by name what is not alike. */
export const DifferencePart = ({ report, chosen, filtered, onChoose }: DifferencePartProps) => {
  const { of, against, same, connections, matched } = report;
  const face =
    differenceCount(report) > 0 ? verdictFace.warning : same > 0 ? verdictFace.ok : verdictFace.unknown;
  return (
    <section className="slave-part" aria-label="Difference">
      <header>
        <StateMark face={face} size={16} />
        <h1>{differenceSentence(report)}</h1>
        <span className="quiet">
          {formatCount(of.count)} in {tableText(of)}, {formatCount(against.count)} in {tableText(against)},
          read within {formatCount(report.skewMs)} ms
        </span>
      </header>
      <Bar report={report} />
      <Classes report={report} chosen={chosen} onChoose={onChoose} />
      {differenceNotes(report).map((note) => (
        <p key={note} className="quiet difference-note">
          {note}
        </p>
      ))}
      {connections.length > 0 && <DifferenceTable report={report} />}
      {connections.length === 0 && (filtered || chosen !== undefined) && (
        <p className="quiet slave-none">No connection that differs is like that.</p>
      )}
      {matched > connections.length && (
        <p className="quiet slave-none">
          {formatCount(connections.length)} of {formatCount(matched)} shown: filter for the others, or export
          them.
        </p>
      )}
    </section>
  );
};

/** What is in both and what is not, to scale; what is there is never too thin to be seen. */
const Bar = ({ report }: { report: DifferenceReport }) => (
  <div className="coverage-bar" aria-hidden="true">
    {report.same > 0 && <span data-tone="ok" style={{ flexGrow: report.same }} />}
    {differenceCounts(report)
      .filter(({ count }) => count > 0)
      .map(({ class: name, count }) => (
        <span key={name} data-tone={differenceFace(name, report).tone} style={{ flexGrow: count }} />
      ))}
  </div>
);

const Classes = ({ report, chosen, onChoose }: Omit<DifferencePartProps, 'filtered'>) => {
  const what = differsByText(report);
  return (
    <fieldset className="class-counts" aria-label="Show">
      <span title="In both tables, and alike in all that both tell">
        <StateMark face={verdictFace.ok} />
        <b>{formatCount(report.same)}</b> in both, alike
      </span>
      {differenceCounts(report).map(({ class: name, count }) => {
        const face = differenceFace(name, report);
        const label = (
          <>
            <StateMark face={face} />
            <b>{formatCount(count)}</b> {face.word}
            {name === 'different' && what !== '' && <span className="quiet">({what})</span>}
          </>
        );
        if (count === 0)
          return (
            <span key={name} data-none="true">
              {label}
            </span>
          );
        return (
          <button
            key={name}
            type="button"
            aria-pressed={chosen === name}
            onClick={() => onChoose(chosen === name ? undefined : name)}
          >
            {label}
          </button>
        );
      })}
    </fieldset>
  );
};

const DifferenceTable = ({ report }: { report: DifferenceReport }) => (
  <div className="missing-scroll">
    <table className="missing-table">
      <caption className="visually-hidden">What the two tables do not have alike</caption>
      <thead>
        <tr>
          <th scope="col">Where</th>
          <ConnectionHeads note="What differs" />
        </tr>
      </thead>
      <tbody>
        {report.connections.map((row) => (
          <Row key={rowKey(row)} row={row} report={report} />
        ))}
      </tbody>
    </table>
  </div>
);

const rowKey = ({
  class: name,
  connection: { family, protocolNumber, original, zone, extra },
}: DifferentConnection) => JSON.stringify([name, family, protocolNumber, original, zone, extra['zone-orig']]);

const Row = ({ row, report }: { row: DifferentConnection; report: DifferenceReport }) => (
  <tr>
    <td>
      <State face={differenceFace(row.class, report)} />
    </td>
    <ConnectionCells connection={row.connection} note={differsText(row.differs, report)} />
  </tr>
);
