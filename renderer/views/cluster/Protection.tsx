import './protection.css';
import { ScanSearch } from 'lucide-react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { everySecond } from '../../../shared/domain/freshness.ts';
import { useApi } from '../../client/api-context.ts';
import { navigate } from '../../client/store.ts';
import { Age, useFreshness } from '../../components/Age.tsx';
import { Button } from '../../components/Button.tsx';
import { eligibilityTold, protectionTold, type SlaveRow, slaveRows, type Told } from './protection-model.ts';

/** What a failover would keep, as far as counts can tell, and what names the rest. */
export function Protection({ cluster }: { cluster: ClusterSnapshot }) {
  const rows = slaveRows(cluster);
  if (rows.length === 0) return null;
  return (
    <section className="protection" aria-label="Protection">
      <div className="protection-head">
        <h2 className="section-title">Protection by count</h2>
        <dl>
          <Figure term="Cluster" help="The worst slave decides" told={protectionTold(cluster)} />
          <Figure
            term="Eligibility"
            help="The share of the master's table that its agent replicates; only a fall below its own past means something"
            told={eligibilityTold(cluster.eligibility)}
          />
        </dl>
        <NameButton cluster={cluster.name} />
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">Slave</th>
            <th scope="col">Replicated</th>
            <th scope="col">Coverage</th>
            <th scope="col" title="By how many its count falls short of the master's">
              At risk now
            </th>
            <th scope="col" title="What it holds beyond the master's count: stale entries">
              Excess
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.node} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ row: { node, observedAt, ...figures } }: { row: SlaveRow }) {
  const fresh = useFreshness(observedAt);
  const { replicated, coverage, atRisk, excess } = figures;
  return (
    <tr data-fresh={fresh}>
      <th scope="row" className="cut" title={node}>
        {node}{' '}
        {fresh !== 'fresh' && observedAt !== undefined && (
          <span className="small quiet">
            <Age at={observedAt} cadence={everySecond} />
          </span>
        )}
      </th>
      <td>
        <Value told={replicated} />
      </td>
      <td>
        <Value told={coverage} />
      </td>
      <td>
        <Value told={atRisk} />
      </td>
      <td>
        <Value told={excess} />
      </td>
    </tr>
  );
}

const Figure = ({ term, help, told }: { term: string; help: string; told: Told }) => (
  <div title={help}>
    <dt>{term}</dt>
    <dd>
      <Value told={told} />
    </dd>
  </div>
);

const Value = ({ told: { value, note, tone } }: { told: Told }) => (
  <>
    <span className="told" data-tone={tone ?? 'neutral'}>
      {value}
    </span>
    {note && <span className="quiet small"> {note}</span>}
  </>
);

/** Starts the comparison and goes where its progress and its end are shown. */
function NameButton({ cluster }: { cluster: string }) {
  const api = useApi();
  const compare = () => {
    // how it ends is told by the report, which the screen asks for
    api.call('coverage.compare', { cluster }).catch(() => undefined);
    navigate({ view: 'coverage', cluster });
  };
  return (
    <Button size="small" onClick={compare}>
      <ScanSearch aria-hidden="true" />
      Name what is missing
    </Button>
  );
}
