import type { ClassifiedConnection, SlaveCoverage } from '../../../shared/domain/coverage.ts';
import { classFace, reasonWord } from '../../components/coverage-faces.ts';
import { State } from '../../components/StateMark.tsx';
import { endText } from './coverage-model.ts';

/** The connections of a slave that are not simply replicated, the gravest first. */
export const MissingTable = ({ slave }: { slave: SlaveCoverage }) => (
  <div className="missing-scroll">
    <table className="missing-table">
      <caption className="visually-hidden">What {slave.node} does not hold as the master does</caption>
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col">Reason</th>
          <th scope="col">Protocol</th>
          <th scope="col">State</th>
          <th scope="col">Source</th>
          <th scope="col">Destination</th>
          <th scope="col">Evidence</th>
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
  const { protocol, protocolNumber, state, original } = connection;
  return (
    <tr>
      <td>
        <State face={classFace[name]} />
      </td>
      <td>{reason && reasonWord[reason]}</td>
      <td>{protocol === 'unknown' ? `protocol ${protocolNumber}` : protocol}</td>
      <td>{state}</td>
      <td className="mono">{endText(original.src, original.sport)}</td>
      <td className="mono">{endText(original.dst, original.dport)}</td>
      <td className="quiet evidence" title={evidence}>
        {evidence}
      </td>
    </tr>
  );
};
