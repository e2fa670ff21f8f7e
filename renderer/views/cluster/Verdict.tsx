import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { Reason } from '../../../shared/domain/health.ts';
import { type Face, verdictFace } from '../../components/faces.ts';
import { StateMark } from '../../components/StateMark.tsx';
import { evidenceOf, healthyEvidence } from './cluster-model.ts';
import { EvidenceTable } from './EvidenceTable.tsx';
import { NodeAccess } from './NodeAccess.tsx';
import { RemedySteps } from './RemedySteps.tsx';
import { remedyOf } from './trap-model.ts';

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
  const remedy = remedyOf(cluster, reason);
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
      {remedy && <RemedySteps remedy={remedy} />}
      <EvidenceTable evidence={evidenceOf(cluster, reason)} />
      {node && <NodeAccess cluster={cluster.name} node={node} />}
    </details>
  );
};
