import './lag.css';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { Age } from '../../components/Age.tsx';
import { Button } from '../../components/Button.tsx';
import { CanaryDialog } from './CanaryDialog.tsx';
import { type EstimateRow, type SlaveLag, slaveLags } from './lag-model.ts';

/** Of each slave: how far it is behind, and one step away every estimate that says so. */
export function Lag({ cluster }: { cluster: ClusterSnapshot }) {
  const [canary, setCanary] = useState<string>();
  const slaves = slaveLags(cluster);
  if (slaves.length === 0) return null;
  return (
    <section className="lag" aria-labelledby="lag-title">
      <h2 className="section-title" id="lag-title">
        Lag
      </h2>
      {slaves.map((slave) => (
        <Slave
          key={slave.node}
          slave={slave}
          {...(cluster.canary && { onCanary: () => setCanary(slave.node) })}
        />
      ))}
      {canary !== undefined && (
        <CanaryDialog cluster={cluster.name} node={canary} onClose={() => setCanary(undefined)} />
      )}
    </section>
  );
}

function Slave({ slave, onCanary }: { slave: SlaveLag; onCanary?: () => void }) {
  const [open, setOpen] = useState(false);
  const estimates = `lag-${slave.node}`;
  return (
    <div className="lag-slave">
      <div className="lag-line">
        <h3>
          <button
            type="button"
            className="lag-head"
            aria-expanded={open}
            aria-controls={estimates}
            onClick={() => setOpen(!open)}
          >
            <ChevronRight className="icon" aria-hidden="true" />
            <strong className="cut" title={slave.node}>
              {slave.node}
            </strong>
            <span className="nowrap">{slave.figure}</span>
            <span className="quiet cut" title={slave.summary}>
              {slave.summary}
            </span>
          </button>
        </h3>
        {onCanary && (
          <Button size="small" onClick={onCanary}>
            Measure lag with a canary…
          </Button>
        )}
      </div>
      <div id={estimates} hidden={!open}>
        {open && <Estimates slave={slave} />}
      </div>
    </div>
  );
}

const Estimates = ({ slave }: { slave: SlaveLag }) => (
  <table>
    <caption className="visually-hidden">Estimates of the lag of {slave.node}</caption>
    <thead>
      <tr>
        <th scope="col">By</th>
        <th scope="col">Figure</th>
        <th scope="col">Resolution</th>
        <th scope="col">What it is</th>
        <th scope="col">Age</th>
        <th scope="col">Source</th>
      </tr>
    </thead>
    <tbody>
      {slave.rows.map((row) => (
        <Estimate key={row.method} row={row} />
      ))}
    </tbody>
  </table>
);

const Estimate = ({ row }: { row: EstimateRow }) => (
  <tr data-counts={row.counts}>
    <th scope="row">
      {row.name}
      {row.counts && <span className="quiet small"> shown</span>}
    </th>
    <td>{row.figure}</td>
    <td className="nowrap">{row.resolution}</td>
    <td>
      {row.meaning} <span className="quiet">{row.note}</span>
    </td>
    <td>
      <Age at={row.observedAt} />
    </td>
    <td>
      <code>{row.source}</code>
    </td>
  </tr>
);
