import './cluster.css';
import './topology.css';
import { useCluster } from '../../client/use-cluster.ts';
import { NoSuchCluster } from '../../components/NoSuchCluster.tsx';
import { Charts } from './Charts.tsx';
import { Lag } from './Lag.tsx';
import { Protection } from './Protection.tsx';
import { Readiness } from './Readiness.tsx';
import { Tiles } from './Tiles.tsx';
import { Timeline } from './Timeline.tsx';
import { Topology } from './Topology.tsx';
import { Traps } from './Traps.tsx';
import { Verdict } from './Verdict.tsx';

export function ClusterView() {
  const cluster = useCluster();
  if (cluster === undefined) return <NoSuchCluster />;
  return (
    <div className="cluster">
      <Verdict cluster={cluster} />
      <div className="cluster-main">
        <Topology cluster={cluster} />
        <Tiles cluster={cluster} />
        <Traps cluster={cluster} />
        <Protection cluster={cluster} />
        <Lag cluster={cluster} />
        <Readiness key={`readiness of ${cluster.name}`} cluster={cluster} />
        <Charts key={cluster.name} cluster={cluster.name} />
      </div>
      <Timeline cluster={cluster.name} events={cluster.events} />
    </div>
  );
}
