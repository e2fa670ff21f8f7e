import './traps.css';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { Trap } from '../../../shared/domain/trap.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { EvidenceTable } from './EvidenceTable.tsx';
import { type TrapList, trapsOf } from './trap-model.ts';

/** The known traps that are open in this cluster: one line each, which opens to why it matters and what to do. */
export function Traps({ cluster }: { cluster: ClusterSnapshot }) {
  const list = trapsOf(cluster);
  if (list.open.length + list.unchecked.length === 0) return null;
  return (
    <section className="traps" aria-labelledby="worth-knowing">
      <h2 id="worth-knowing" className="section-title">
        Worth knowing
      </h2>
      {list.open.map((trap) => (
        <TrapRow key={`${trap.code} ${trap.node}`} trap={trap} />
      ))}
      <Unchecked list={list} />
    </section>
  );
}

const TrapRow = ({ trap }: { trap: Trap }) => (
  <details>
    <summary>
      {trap.sentence}
      {trap.state === 'possible' && <span className="tag">possible</span>}
    </summary>
    <dl>
      <dt>Why it matters</dt>
      <dd>{trap.why}</dd>
      {trap.remedy && (
        <>
          <dt>What to do</dt>
          <dd>{trap.remedy}</dd>
        </>
      )}
      {trap.sideEffects && (
        <>
          <dt>Side effects</dt>
          <dd>{trap.sideEffects}</dd>
        </>
      )}
      {trap.snippet && (
        <>
          <dt>To paste</dt>
          <dd>
            <span className="quiet">in {trap.snippet.where}</span>
            <div className="snippet">
              <pre>{trap.snippet.text}</pre>
              <CopyButton text={trap.snippet.text} label="Copy" />
            </div>
          </dd>
        </>
      )}
    </dl>
    <EvidenceTable evidence={trap.evidence} />
  </details>
);

/** Unknown is told as such: what could not be looked at may be there. */
const Unchecked = ({ list: { unchecked } }: { list: TrapList }) =>
  unchecked.length === 0 ? null : (
    <details>
      <summary className="quiet">
        {unchecked.length === 1 ? 'One known trap' : `${unchecked.length} known traps`} could not be looked
        for
      </summary>
      <ul>
        {unchecked.map(({ sentence, remedy }) => (
          <li key={sentence}>
            {sentence}
            {remedy && <span className="quiet"> {remedy}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
