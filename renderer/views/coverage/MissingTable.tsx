import type { ClassifiedConnection, SlaveCoverage } from '../../../shared/domain/coverage.ts';
import { classFace, reasonWord } from '../../components/coverage-faces.ts';
import { State } from '../../components/StateMark.tsx';
import { ConnectionCells, ConnectionHeads } from './ComparisonParts.tsx';

/** The connections of a slave that are not simply replicated, the gravest first. */
export const MissingTable = ({ slave }: { slave: SlaveCoverage }) => (
  <div className="missing-scroll">
    <table className="missing-table">
      <caption className="visually-hidden">What {slave.node} does not hold as the master does</caption>
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col">Reason</th>
          <ConnectionHeads note="Evidence" />
        </tr>
      </thead>
      <tbody>
        {slave.connections.map((row) => (
          <Row key={rowKey(row)} row={row} />
        ))}
      </tbody>
    </table>
  </div>
);

const rowKey = ({
  class: name,
  connection: { family, protocolNumber, original, zone },
}: ClassifiedConnection) => JSON.stringify([name, family, protocolNumber, original, zone]);

const Row = ({ row: { class: name, reason, evidence, connection } }: { row: ClassifiedConnection }) => {
  return (
    <tr>
      <td>
        <State face={classFace[name]} />
      </td>
      <td>{reason && reasonWord[reason]}</td>
      <ConnectionCells connection={connection} note={evidence} />
    </tr>
  );
};
