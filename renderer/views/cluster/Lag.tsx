import './lag.css';
import { useState } from 'react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { Age } from '../../components/Age.tsx';
import { Button } from '../../components/Button.tsx';
import { CanaryDialog } from './CanaryDialog.tsx';
import { type EstimateRow, type SlaveLag, slaveLags } from './lag-model.ts';
import { SlaveFold } from './SlaveFold.tsx';

/** Of each slave: how far it is behind, and one step away every estimate that says so. */
export function Lag({ cluster }: { cluster: ClusterSnapshot }) {
  const [canary, setCanary] = useState<string>();
  const slaves = slaveLags(cluster);
  if (slaves.length === 0) return null;
  return (
    <section className="lag slave-folds" aria-labelledby="lag-title">
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
  return (
    <SlaveFold
      node={slave.node}
      what="lag"
      open={open}
      onToggle={() => setOpen(!open)}
      head={
        <>
          <span className="nowrap">{slave.figure}</span>
          <span className="quiet cut" title={slave.summary}>
            {slave.summary}
          </span>
        </>
      }
      action={
        onCanary && (
          <Button size="small" onClick={onCanary}>
            Measure lag with a canary…
          </Button>
        )
      }
    >
      <Estimates slave={slave} />
    </SlaveFold>
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
