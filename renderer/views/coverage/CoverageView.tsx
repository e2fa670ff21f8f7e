import '../connections/connections.css';
import './coverage.css';
import { useState } from 'react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { CoverageReport } from '../../../shared/domain/coverage.ts';
import { coverageJson } from '../../../shared/domain/coverage-report.ts';
import { useCluster } from '../../client/use-cluster.ts';
import { Age } from '../../components/Age.tsx';
import { NoSuchCluster } from '../../components/NoSuchCluster.tsx';
import { checkFilter } from '../connections/connections-model.ts';
import { FilterBar } from '../connections/FilterBar.tsx';
import { CompareAgain, Notices } from './ComparisonParts.tsx';
import { CoverageMessage, type MessageWords } from './CoverageMessage.tsx';
import { comparisonState, reportCsv, rowLine } from './coverage-model.ts';
import { ExportMenu } from './ExportMenu.tsx';
import { KindSwitch } from './KindSwitch.tsx';
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
  const state = comparisonState(coverage.view);
  if (state.kind !== 'report')
    return (
      <div className="coverage">
        <div className="table-bar">
          <KindSwitch cluster={cluster.name} current="coverage" />
        </div>
        <CoverageMessage
          state={state}
          words={wordsOf(cluster)}
          problem={coverage.problem}
          compare={coverage.compare}
          cancel={coverage.cancel}
        />
      </div>
    );
  return (
    <div className="coverage">
      <div className="table-bar">
        <KindSwitch cluster={cluster.name} current="coverage" />
        <FilterBar
          filter={filter}
          error={error ?? coverage.view?.filterError}
          nodes={cluster.nodes.map(({ name }) => name)}
          onChange={setFilter}
        />
        <Status report={state.report} coverage={coverage} />
      </div>
      <Notices
        comparison={coverage}
        more={state.report.refused.map(({ node, reason }) => `${node} was not compared: ${reason}.`)}
      />
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

const wordsOf = ({ master }: ClusterSnapshot): MessageWords => ({
  never: {
    title: 'Which connections would a failover lose?',
    text: `A count says how many a slave holds, not which. The comparison reads the table of ${master ?? 'the master'} twice and the cache of each slave once, and names every connection that is not there, with the reason. It takes a few seconds; a slave is read once a minute at most.`,
    verb: 'Name what is missing',
  },
  comparing: 'Comparing the slaves with their master',
  refused: 'The slaves were not compared',
});

const Status = ({ report, coverage }: { report: CoverageReport; coverage: Coverage }) => (
  <div className="table-status">
    <span className="quiet" title={`The tables were read within ${report.skewMs} ms of each other`}>
      compared with {report.master} <Age at={report.observedAt} />
    </span>
    <ExportMenu
      name={`coverage-${report.cluster}`}
      read={async () => {
        const all = (await coverage.readAll())?.report;
        return (
          all && {
            lines: all.slaves.flatMap(({ connections }) => connections.map(rowLine)),
            csv: reportCsv(all),
            json: coverageJson(all),
          }
        );
      }}
    />
    <CompareAgain comparison={coverage} />
  </div>
);
