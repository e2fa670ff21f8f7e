import './fleet.css';
import { useMemo, useState } from 'react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { useConsole } from '../../client/store.ts';
import { useClusters } from '../../client/use-cluster.ts';
import { verdictFace } from '../../components/faces.ts';
import { State } from '../../components/StateMark.tsx';
import { useFilterKey } from '../../components/use-filter-key.ts';
import { FleetEmpty } from './FleetEmpty.tsx';
import { FleetTable } from './FleetTable.tsx';
import { type FleetRow, fleetRow, heldOrder, matchesFleetFilter, tally, worstFirst } from './fleet-model.ts';
import { useSparklines } from './use-sparklines.ts';

export function FleetView() {
  const fleet = useConsole((state) => state.fleet);
  if (fleet === undefined) return <Connecting />;
  return fleet.clusters.length === 0 ? <FleetEmpty /> : <FleetList />;
}

const Connecting = () => (
  <div className="center">
    <h1>Connecting to the engine</h1>
    <p>The clusters appear here as soon as it answers.</p>
  </div>
);

function FleetList() {
  const clusters = useClusters();
  const [filter, setFilter] = useState('');
  const filterField = useFilterKey();
  const { order, hold, release } = useCalmOrder(clusters);
  const rows = useMemo(() => {
    const byName = new Map(clusters.map((cluster) => [cluster.name, rowOf(cluster)]));
    return order.flatMap((name) => byName.get(name) ?? []);
  }, [clusters, order]);
  const lines = useSparklines(order);
  const shown = rows.filter((row) => matchesFleetFilter(row, filter));
  return (
    <div className="fleet">
      <div className="fleet-head">
        <h1>Clusters</h1>
        <ul className="row-of">
          {tally(clusters).map(({ verdict, count }) => (
            <li key={verdict}>
              <State face={verdictFace[verdict]} word={`${count} ${verdictFace[verdict].word}`} />
            </li>
          ))}
        </ul>
        <input
          ref={filterField}
          className="input"
          type="search"
          aria-label="Filter clusters"
          placeholder="Filter  /"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            setFilter('');
            event.currentTarget.blur();
          }}
        />
        <a className="button" href="#/add">
          Add a cluster
        </a>
      </div>
      <FleetTable rows={shown} lines={lines} hold={hold} release={release} />
      {shown.length === 0 && <p className="fleet-none">No cluster has “{filter}”.</p>}
    </div>
  );
}

const rowsMade = new WeakMap<ClusterSnapshot, FleetRow>();

/** The same row for the same snapshot, so that what did not change is not drawn again. */
function rowOf(cluster: ClusterSnapshot): FleetRow {
  const made = rowsMade.get(cluster) ?? fleetRow(cluster);
  rowsMade.set(cluster, made);
  return made;
}

/** Worst first, but nothing moves under a pointer or while the keyboard is in the list. */
function useCalmOrder(clusters: Parameters<typeof worstFirst>[0]) {
  const [order, setOrder] = useState(() => worstFirst(clusters));
  const [held, setHeld] = useState(false);
  const next = held ? heldOrder(order, clusters) : worstFirst(clusters);
  if (next.length !== order.length || next.some((name, index) => name !== order[index])) setOrder(next);
  return { order, hold: () => setHeld(true), release: () => setHeld(false) };
}
