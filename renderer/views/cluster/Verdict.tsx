import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { Reason } from '../../../shared/domain/health.ts';
import { Age } from '../../components/Age.tsx';
import { type Face, verdictFace } from '../../components/faces.ts';
import { StateMark } from '../../components/StateMark.tsx';
import { type Evidence, evidenceOf, healthyEvidence } from './cluster-model.ts';
import { NodeAccess } from './NodeAccess.tsx';

/** The verdict in a sentence, and under it why: each reason opens to the readings it rests on. */
export const Verdict = ({ cluster }: { cluster: ClusterSnapshot }) => {
  const face = verdictFace[cluster.verdict];
  return (
    <section className="verdict" data-tone={face.tone} aria-label="Verdict">
      <StateMark face={face} size={20} />
      <div className="verdict-body">
        <h1>
          <span className="visually-hidden">{face.word}: </span>
          {cluster.sentence}
        </h1>
        {cluster.reasons.length === 0 ? (
          <details>
            <summary>Why</summary>
            <EvidenceTable evidence={healthyEvidence(cluster)} />
          </details>
        ) : (
          cluster.reasons.map((reason) => (
            <ReasonRow key={`${reason.code} ${reason.node}`} reason={reason} cluster={cluster} />
          ))
        )}
      </div>
    </section>
  );
};

const ReasonRow = ({ reason, cluster }: { reason: Reason; cluster: ClusterSnapshot }) => {
  const face: Face = verdictFace[reason.severity];
  const node = cluster.nodes.find((each) => each.name === reason.node);
  return (
    <details>
      <summary>
        <StateMark face={face} />
        <code className="code">{reason.code}</code>
        {reason.message}
      </summary>
      {reason.remedy && (
        <p className="remedy">
          <b>What to do</b> {reason.remedy}
        </p>
      )}
      <EvidenceTable evidence={evidenceOf(cluster, reason)} />
      {node && <NodeAccess cluster={cluster.name} node={node} />}
    </details>
  );
};

const EvidenceTable = ({ evidence }: { evidence: readonly Evidence[] }) =>
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
