import '../connections/connections.css';
import './coverage.css';
import { GitCompareArrows } from 'lucide-react';
import { useState } from 'react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { CoverageReport } from '../../../shared/domain/coverage.ts';
import { formatClock } from '../../../shared/domain/format.ts';
import { useConsole } from '../../client/store.ts';
import { useCluster } from '../../client/use-cluster.ts';
import { Age } from '../../components/Age.tsx';
import { Button } from '../../components/Button.tsx';
import { verdictFace } from '../../components/faces.ts';
import { NoSuchCluster } from '../../components/NoSuchCluster.tsx';
import { StateMark } from '../../components/StateMark.tsx';
import { checkFilter } from '../connections/connections-model.ts';
import { FilterBar } from '../connections/FilterBar.tsx';
import { CoverageMessage } from './CoverageMessage.tsx';
import { coverageState } from './coverage-model.ts';
import { ExportMenu } from './ExportMenu.tsx';
import { type Chosen, SlavePart } from './SlavePart.tsx';
import { type Coverage, useCoverage } from './use-coverage.ts';

/** So many rows of each slave are shown; what lies beyond is filtered for, or exported. */
const shownRows = 200;

export function CoverageView() {
  const cluster = useCluster();
  if (cluster === undefined) return <NoSuchCluster />;
  return <Comparison key={cluster.name} cluster={cluster} />;
}

/** The connections of the master against what each slave holds of them, one by one. */
function Comparison({ cluster }: { cluster: ClusterSnapshot }) {
  const [filter, setFilter] = useState('');
  const [valid, setValid] = useState('');
  const [chosen, setChosen] = useState<Chosen>({});
  const error = checkFilter(filter);
  if (error === undefined && valid !== filter) setValid(filter);
  const coverage = useCoverage({ cluster: cluster.name, filter: valid, ...chosen, limit: shownRows });
  const state = coverageState(coverage.view);
  if (state.kind !== 'report')
    return (
      <CoverageMessage
        state={state}
        cluster={cluster}
        problem={coverage.problem}
        compare={coverage.compare}
        cancel={coverage.cancel}
      />
    );
  return (
    <div className="coverage">
      <div className="table-bar">
        <FilterBar
          filter={filter}
          error={error ?? coverage.view?.filterError}
          nodes={cluster.nodes.map(({ name }) => name)}
          onChange={setFilter}
        />
        <Status report={state.report} coverage={coverage} />
      </div>
      <Notices coverage={coverage} report={state.report} />
      {state.report.slaves.map((slave) => (
        <SlavePart
          key={slave.node}
          slave={slave}
          chosen={chosen}
          filtered={valid !== ''}
          onChoose={setChosen}
        />
      ))}
    </div>
  );
}

const Status = ({ report, coverage }: { report: CoverageReport; coverage: Coverage }) => {
  const retryAt = useRetryAt(coverage);
  return (
    <div className="table-status">
      <span className="quiet" title={`The tables were read within ${report.skewMs} ms of each other`}>
        compared with {report.master} <Age at={report.observedAt} />
      </span>
      <ExportMenu coverage={coverage} cluster={report.cluster} />
      <Button onClick={coverage.compare} disabled={retryAt !== undefined}>
        <GitCompareArrows aria-hidden="true" />
        {retryAt === undefined ? 'Compare again' : `Again at ${formatClock(retryAt)}`}
      </Button>
    </div>
  );
};

/** When (ms) it is no longer too soon, as long as that lies ahead. */
function useRetryAt({ view }: Coverage): number | undefined {
  const retryAt = view?.refusal?.retryAt;
  const ahead = useConsole(({ now }) => retryAt !== undefined && retryAt > now);
  return ahead ? retryAt : undefined;
}

/** What keeps the report from being all of the truth, or new. */
function Notices({ coverage, report }: { coverage: Coverage; report: CoverageReport }) {
  const { refusal } = coverage.view ?? {};
  const notices = [
    ...(coverage.problem ? [coverage.problem] : []),
    ...(refusal ? [`This is the last comparison; there was no new one. ${refusal.reason}`] : []),
    ...report.refused.map(({ node, reason }) => `${node} was not compared: ${reason}.`),
  ];
  return notices.map((text) => (
    <div key={text} className="notice" data-tone="warning" role="status">
      <StateMark face={verdictFace.warning} />
      <span>{text}</span>
    </div>
  ));
}
