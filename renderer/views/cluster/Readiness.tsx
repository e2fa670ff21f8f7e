import './readiness.css';
import { useState } from 'react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { Gate } from '../../../shared/domain/readiness.ts';
import { Age } from '../../components/Age.tsx';
import { Button } from '../../components/Button.tsx';
import { gateFace } from '../../components/faces.ts';
import { State } from '../../components/StateMark.tsx';
import { ReadinessDiffDialog } from './ReadinessDiff.tsx';
import { compareWords, gateTitles, type SlaveReadiness, slavesOf } from './readiness-model.ts';
import { SlaveFold } from './SlaveFold.tsx';

/** Of each slave: could it take over now, by which gates, and what each of them rests on. */
export function Readiness({ cluster }: { cluster: ClusterSnapshot }) {
  const slaves = slavesOf(cluster);
  const [compared, setCompared] = useState<string>();
  if (slaves.length === 0) return null;
  return (
    <section className="readiness slave-folds" aria-labelledby="readiness-title">
      <h2 className="section-title" id="readiness-title">
        Readiness
      </h2>
      {slaves.map((slave) => (
        <Slave key={slave.node} slave={slave} onCompare={() => setCompared(slave.node)} />
      ))}
      {compared !== undefined && (
        <ReadinessDiffDialog cluster={cluster.name} node={compared} onClose={() => setCompared(undefined)} />
      )}
    </section>
  );
}

/** Closed while all is well, open where a gate fails; what the operator chose stays chosen. */
function Slave({ slave, onCompare }: { slave: SlaveReadiness; onCompare: () => void }) {
  const [chosen, setChosen] = useState<boolean>();
  const open = chosen ?? slave.fails;
  return (
    <SlaveFold
      node={slave.node}
      what="gates"
      open={open}
      onToggle={() => setChosen(!open)}
      head={
        <>
          <State face={slave.face} />
          <span className="summary" title={slave.summary}>
            {slave.summary}
          </span>
        </>
      }
      note={slave.commit && <p className="commit quiet">{slave.commit}</p>}
    >
      <GateTable node={slave.node} gates={slave.gates} onCompare={onCompare} />
    </SlaveFold>
  );
}

interface GateTableProps {
  readonly node: string;
  readonly gates: readonly Gate[];
  readonly onCompare: () => void;
}

const GateTable = ({ node, gates, onCompare }: GateTableProps) => (
  <table className="gates">
    <caption className="visually-hidden">Gates of {node}</caption>
    <thead>
      <tr>
        <th scope="col">Result</th>
        <th scope="col">Gate</th>
        <th scope="col">What was found</th>
        <th scope="col">Age</th>
        <th scope="col">By</th>
      </tr>
    </thead>
    <tbody>
      {gates.map((gate) => (
        <tr key={gate.code} data-result={gate.result}>
          <td>
            <State face={gateFace[gate.result]} />
          </td>
          <th scope="row">{gateTitles[gate.code]}</th>
          <td>
            <div className="found">
              <span title={gate.message}>{gate.message}</span>
              {gate.remedy !== undefined && (
                <p>
                  <b>What to do</b> {gate.remedy}
                </p>
              )}
              {gate.result !== 'unknown' && compareWords[gate.code] !== undefined && (
                <Button size="small" onClick={onCompare}>
                  {compareWords[gate.code]}
                </Button>
              )}
            </div>
          </td>
          <td>
            {gate.observedAt === undefined ? (
              <span className="quiet">never</span>
            ) : (
              <Age at={gate.observedAt} />
            )}
          </td>
          <td>{gate.source !== undefined && <code title={gate.source}>{gate.source}</code>}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
