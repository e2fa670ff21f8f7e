import '../connections/connections.css';
import './coverage.css';
import { useState } from 'react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import {
  type DifferenceClass,
  type DifferenceReport,
  type NodeTable,
  TableKind,
} from '../../../shared/domain/difference.ts';
import { differenceJson, tableText, tableWord } from '../../../shared/domain/difference-report.ts';
import { navigate, useConsole } from '../../client/store.ts';
import { useCluster } from '../../client/use-cluster.ts';
import { Age } from '../../components/Age.tsx';
import { NoSuchCluster } from '../../components/NoSuchCluster.tsx';
import { checkFilter } from '../connections/connections-model.ts';
import { FilterBar } from '../connections/FilterBar.tsx';
import { CompareAgain, Notices } from './ComparisonParts.tsx';
import { CoverageMessage } from './CoverageMessage.tsx';
import { comparisonState } from './coverage-model.ts';
import { DifferencePart } from './DifferencePart.tsx';
import {
  differenceCsv,
  differenceLine,
  tablesOf,
  tablesOfRoute,
  viewOf,
  wordsOf,
} from './difference-model.ts';
import { ExportMenu } from './ExportMenu.tsx';
import { KindSwitch } from './KindSwitch.tsx';
import { type Difference, useDifference } from './use-coverage.ts';

/** So many rows are shown; what lies beyond is filtered for, or exported. */
const shownRows = 200;

export function DifferenceView() {
  const cluster = useCluster();
  if (cluster === undefined) return <NoSuchCluster />;
  return <Comparison key={cluster.name} cluster={cluster} />;
}

/** Any two tables of the cluster's nodes, connection by connection. The address says which. */
function Comparison({ cluster }: { cluster: ClusterSnapshot }) {
  const route = useConsole((state) => state.route);
  const { of, against } = tablesOfRoute(cluster, route.view === 'difference' ? route : {});
  const [filter, setFilter] = useState('');
  const [valid, setValid] = useState('');
  const [chosen, setChosen] = useState<DifferenceClass>();
  const error = checkFilter(filter);
  if (error === undefined && valid !== filter) setValid(filter);
  const query = { cluster: cluster.name, of, against, filter: valid, limit: shownRows };
  const difference = useDifference({ ...query, ...(chosen && { class: chosen }) });
  const view = viewOf(difference.view, { of, against });
  const state = comparisonState(view);
  const choose = (tables: { of: NodeTable; against: NodeTable }) => {
    setChosen(undefined);
    navigate({
      view: 'difference',
      cluster: cluster.name,
      of: tableText(tables.of),
      against: tableText(tables.against),
    });
  };
  return (
    <div className="coverage">
      <div className="table-bar">
        <KindSwitch cluster={cluster.name} current="difference" />
        <TableChoice
          label="First"
          cluster={cluster}
          chosen={of}
          onChoose={(table) => choose({ of: table, against })}
        />
        <TableChoice
          label="Second"
          cluster={cluster}
          chosen={against}
          onChoose={(table) => choose({ of, against: table })}
        />
        {state.kind === 'report' && <Status report={state.report} difference={difference} />}
      </div>
      {state.kind === 'report' ? (
        <>
          <div className="table-bar">
            <FilterBar
              filter={filter}
              error={error ?? view?.filterError}
              nodes={cluster.nodes.map(({ name }) => name)}
              onChange={setFilter}
            />
          </div>
          <Notices comparison={{ ...difference, view }} more={[]} />
          <DifferencePart
            report={state.report}
            chosen={chosen}
            filtered={valid !== ''}
            onChoose={setChosen}
          />
        </>
      ) : (
        <CoverageMessage
          state={state}
          words={wordsOf(of, against)}
          problem={difference.problem}
          compare={difference.compare}
          cancel={difference.cancel}
        />
      )}
    </div>
  );
}

interface TableChoiceProps {
  readonly label: string;
  readonly cluster: ClusterSnapshot;
  readonly chosen: NodeTable;
  readonly onChoose: (table: NodeTable) => void;
}

/** A node, and which of its tables. */
const TableChoice = ({ label, cluster, chosen, onChoose }: TableChoiceProps) => {
  const names = cluster.nodes.map(({ name }) => name);
  const node = cluster.nodes.find(({ name }) => name === chosen.node);
  return (
    <fieldset className="table-choice" aria-label={`${label} table`}>
      <span className="quiet" aria-hidden="true">
        {label}
      </span>
      <select
        className="input"
        aria-label={`Node of the ${label.toLowerCase()} table`}
        value={chosen.node}
        onChange={(event) => onChoose({ ...chosen, node: event.target.value })}
      >
        {(names.includes(chosen.node) ? names : [chosen.node, ...names]).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select
        className="input"
        aria-label={`Kind of the ${label.toLowerCase()} table`}
        value={chosen.table}
        onChange={(event) => onChoose({ ...chosen, table: TableKind.parse(event.target.value) })}
      >
        {tablesOf(node, chosen.table).map((kind) => (
          <option key={kind} value={kind}>
            {tableWord[kind]}
          </option>
        ))}
      </select>
    </fieldset>
  );
};

const Status = ({ report, difference }: { report: DifferenceReport; difference: Difference }) => (
  <div className="table-status">
    <span className="quiet">
      <Age at={report.observedAt} />
    </span>
    <ExportMenu
      name={`difference-${report.cluster}`}
      read={async () => {
        const all = (await difference.readAll())?.report;
        return (
          all && {
            lines: all.connections.map((row) => differenceLine(row, all)),
            csv: differenceCsv(all),
            json: differenceJson(all),
          }
        );
      }}
    />
    <CompareAgain comparison={difference} />
  </div>
);
