import './connections.css';
import './table.css';
import { ChartBarBig } from 'lucide-react';
import { useCallback, useDeferredValue, useEffect, useState } from 'react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import type { SortKey } from '../../../shared/domain/connection-query.ts';
import { tableText } from '../../../shared/domain/difference-report.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { routeToHash } from '../../client/route.ts';
import { announce, chooseTable, useConsole, useTableChoice } from '../../client/store.ts';
import { useCluster } from '../../client/use-cluster.ts';
import { Button } from '../../components/Button.tsx';
import { NoSuchCluster } from '../../components/NoSuchCluster.tsx';
import { isTyping } from '../../components/shortcuts.ts';
import { AskNode } from './AskNode.tsx';
import { ColumnsMenu } from './ColumnsMenu.tsx';
import { CompareSlaves } from './CompareSlaves.tsx';
import { ConnectionDetail } from './ConnectionDetail.tsx';
import { ConnectionTable } from './ConnectionTable.tsx';
import { checkFilter, chosenNode, tableState } from './connections-model.ts';
import { DropDialog } from './DropDialog.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { FilterBar } from './FilterBar.tsx';
import { GroupsPanel } from './GroupsPanel.tsx';
import { joinFilter } from './join-filter.ts';
import { NodeTabs } from './NodeTabs.tsx';
import { SavedFilters } from './SavedFilters.tsx';
import { TableFoot } from './TableFoot.tsx';
import { StaleNotice, TableMessage, TableStatus } from './TableStates.tsx';
import { useArrangement } from './use-arrangement.ts';
import { useDetail } from './use-detail.ts';
import { useExport } from './use-export.ts';
import { useSelection } from './use-selection.ts';
import { useTable } from './use-table.ts';

export function ConnectionsView() {
  const cluster = useCluster();
  const asked = useConsole(({ route }) => (route.view === 'connections' ? route.node : undefined));
  const node = cluster && chosenNode(cluster, asked);
  if (cluster === undefined || node === undefined) return <NoSuchCluster />;
  return <Connections key={cluster.name} cluster={cluster} node={node} />;
}

function Connections({ cluster, node }: { cluster: ClusterSnapshot; node: string }) {
  const { filter, sort } = useTableChoice(cluster.name);
  const valid = useValidFilter(filter);
  const table = useTable({ cluster: cluster.name, node, filter: valid, sort: [...sort] });
  const { detail, open: show } = useDetail({ cluster: cluster.name, node }, table.summary?.revision);
  const [grouped, setGrouped] = useState(false);
  const [dropping, setDropping] = useState<readonly Connection[]>([]);
  const chosen = useSelection(table);
  const columns = useArrangement();
  const taking = useExport({ cluster: cluster.name, node, filter: valid, sort: [...sort] });
  const api = useApi();
  const cancel = () =>
    api.call('connections.cancel', { cluster: cluster.name, node }).then(
      (answer) => answer.accepted || announce(answer.reason),
      (cause) => announce(problemOf(cause)),
    );
  const open = (row: number) =>
    table.loader.rowsOf([{ from: row, to: row }]).then(
      ([found]) => show(found),
      (cause) => announce(problemOf(cause)),
    );
  const state = tableState(table.summary, table.reading);
  const setFilter = (text: string) => chooseTable(cluster.name, { filter: text });
  const setSort = useCallback(
    (keys: readonly SortKey[]) => chooseTable(cluster.name, { sort: keys }),
    [cluster.name],
  );
  useReadKey(table.read);
  return (
    <div className="connections">
      {state.kind === 'rows' && <h1 className="visually-hidden">Connections of {node}</h1>}
      <div className="table-bar">
        <NodeTabs cluster={cluster} node={node} />
        <div className="bar-question">
          <FilterBar
            filter={filter}
            error={checkFilter(filter) ?? table.summary?.filterError}
            nodes={cluster.nodes.map(({ name }) => name)}
            onChange={setFilter}
          />
          <AskNode cluster={cluster.name} node={node} filter={filter} />
          <SavedFilters cluster={cluster.name} filter={valid} onApply={setFilter} />
        </div>
        <div className="bar-state">
          <TableStatus table={table} onCancel={cancel} />
          <div className="bar-tools">
            <ExportMenu
              taking={taking}
              matched={table.summary?.matched ?? 0}
              name={`connections-${cluster.name}-${node}`}
            />
            <ColumnsMenu columns={columns} />
            <Button
              size="icon"
              aria-label="Groups"
              title="Groups and totals"
              aria-pressed={grouped}
              onClick={() => setGrouped(!grouped)}
            >
              <ChartBarBig aria-hidden="true" />
            </Button>
          </div>
        </div>
      </div>
      <StaleNotice table={table} state={state} />
      {taking.problem !== undefined && (
        <p className="notice" data-tone="warning" role="alert">
          The export ended early, and nothing was saved: {taking.problem}
        </p>
      )}
      <div className="table-and-detail">
        {state.kind === 'rows' ? (
          <ConnectionTable
            table={table}
            chosen={chosen}
            columns={columns}
            label={`Connections of ${node}`}
            sort={sort}
            filter={filter}
            onSort={setSort}
            onFilter={setFilter}
            onOpen={open}
            onDrop={() => chosen.fetchChosen().then(setDropping)}
          />
        ) : (
          <TableMessage table={table} state={state} node={node} onClear={() => setFilter('')} />
        )}
        {grouped && table.summary && (
          <GroupsPanel
            cluster={cluster.name}
            node={node}
            filter={valid}
            revision={table.summary.revision}
            onNarrow={(term) => setFilter(joinFilter(valid, term, false))}
            onClose={() => setGrouped(false)}
          />
        )}
        {detail && <ConnectionDetail {...detail} onClose={() => show(undefined)} />}
      </div>
      {table.summary?.observedAt !== undefined && (
        <TableFoot
          page={table.summary}
          cluster={cluster.name}
          node={node}
          selected={chosen.count}
          onFilter={setFilter}
        >
          {cluster.nodes.length > 1 && (
            <a
              className="link"
              href={routeToHash({
                view: 'difference',
                cluster: cluster.name,
                of: tableText({ node, table: 'kernel' }),
              })}
              title="What another node has otherwise, or alone, or not at all"
            >
              Difference
            </a>
          )}
          {cluster.master === node && cluster.nodes.length > 1 && (
            <CompareSlaves
              cluster={cluster.name}
              master={node}
              comparedAt={table.summary.comparedAt}
              onCompared={table.loader.refresh}
            />
          )}
        </TableFoot>
      )}
      {dropping.length > 0 && (
        <DropDialog
          cluster={cluster.name}
          node={node}
          connections={dropping}
          onDropped={table.read}
          onClose={() => setDropping([])}
        />
      )}
    </div>
  );
}

/** The newest text that means something: while a term is half typed the rows stay as they were. */
function useValidFilter(filter: string): string {
  const deferred = useDeferredValue(filter);
  const [valid, setValid] = useState(deferred);
  if (deferred !== valid && checkFilter(deferred) === undefined) setValid(deferred);
  return valid;
}

function useReadKey(read: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'r' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      read();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [read]);
}
