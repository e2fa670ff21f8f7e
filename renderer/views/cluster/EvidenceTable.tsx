import { Age } from '../../components/Age.tsx';
import type { Evidence } from './cluster-model.ts';

/** The readings that something rests on, each with its age and its command. */
export const EvidenceTable = ({ evidence }: { evidence: readonly Evidence[] }) =>
  evidence.length === 0 ? (
    <p className="quiet">No reading stands behind this: it follows from the inventory.</p>
  ) : (
    <table className="evidence">
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">What was read</th>
          <th scope="col">Age</th>
          <th scope="col">By</th>
        </tr>
      </thead>
      <tbody>
        {evidence.map((each) => (
          <tr key={`${each.node} ${each.what} ${each.source}`}>
            <td className="nowrap">{each.node}</td>
            <td>{each.what}</td>
            <td>
              <Age at={each.observedAt} />
            </td>
            <td>
              <code>{each.source}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
