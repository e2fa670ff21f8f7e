import '../connections/connections.css';
import '../connections/table.css';
import './timeline.css';
import { useDeferredValue, useState } from 'react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { chooseTimeline, useTimelineFilter } from '../../client/store.ts';
import { useCluster } from '../../client/use-cluster.ts';
import { NoSuchCluster } from '../../components/NoSuchCluster.tsx';
import { LogStates } from './LogStates.tsx';
import { TimelineBar } from './TimelineBar.tsx';
import { TimelineDetail } from './TimelineDetail.tsx';
import { TimelineList } from './TimelineList.tsx';
import { TimelineMessage } from './TimelineMessage.tsx';
import { useTimeline } from './use-timeline.ts';

export function TimelineView() {
  const cluster = useCluster();
  if (cluster === undefined) return <NoSuchCluster />;
  return <ClusterTimeline key={cluster.name} cluster={cluster} />;
}

/** What happened to a cluster, newest first: while its top is on the screen it follows, else it stands still. */
function ClusterTimeline({ cluster }: { cluster: ClusterSnapshot }) {
  const filter = useTimelineFilter(cluster.name);
  const wanted = useDeferredValue(filter);
  const [holds, setHolds] = useState(false);
  const [opened, setOpened] = useState<number>();
  const [jump, setJump] = useState<{ readonly row: number }>();
  const rows = useTimeline(cluster.name, wanted, holds || opened !== undefined);
  const entry = opened === undefined ? undefined : rows.rowAt(opened);
  const { page } = rows;
  return (
    <div className="connections">
      <h1 className="visually-hidden">Timeline of {cluster.name}</h1>
      <TimelineBar
        cluster={cluster}
        filter={filter}
        page={page}
        onFilter={(change) => {
          setOpened(undefined);
          chooseTimeline(cluster.name, change);
        }}
        onJump={async (at) => setJump({ row: await rows.rowOf(at) })}
      />
      <LogStates page={page} problem={rows.problem} />
      <div className="table-and-detail">
        {page !== undefined && page.matched > 0 ? (
          <TimelineList
            rows={rows}
            jump={jump}
            onHold={setHolds}
            onOpen={setOpened}
            onTop={() => {
              setOpened(undefined);
              rows.renew();
            }}
          />
        ) : (
          <TimelineMessage page={page} problem={rows.problem} filter={filter} cluster={cluster.name} />
        )}
        {entry && (
          <TimelineDetail
            entry={entry}
            run={cluster.run}
            cluster={cluster.name}
            onClose={() => setOpened(undefined)}
          />
        )}
      </div>
    </div>
  );
}
