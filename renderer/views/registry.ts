import type { ComponentType } from 'react';
import type { ViewName } from '../client/route.ts';
import { AddClusterView } from './add-cluster/AddClusterView.tsx';
import { AlertsView } from './alerts/AlertsView.tsx';
import { ClusterView } from './cluster/ClusterView.tsx';
import { ConnectionsView } from './connections/ConnectionsView.tsx';
import { CoverageView } from './coverage/CoverageView.tsx';
import { DifferenceView } from './coverage/DifferenceView.tsx';
import { FailoverView } from './failover/FailoverView.tsx';
import { FleetView } from './fleet/FleetView.tsx';
import { TimelineView } from './timeline/TimelineView.tsx';

/** Every screen of the console, by the route that leads to it. */
export const views: Record<ViewName, { readonly title: string; readonly View: ComponentType }> = {
  fleet: { title: 'Fleet', View: FleetView },
  'add-cluster': { title: 'Add a cluster', View: AddClusterView },
  alerts: { title: 'Alerts', View: AlertsView },
  cluster: { title: 'Overview', View: ClusterView },
  connections: { title: 'Connections', View: ConnectionsView },
  coverage: { title: 'Coverage', View: CoverageView },
  difference: { title: 'Difference', View: DifferenceView },
  timeline: { title: 'Timeline', View: TimelineView },
  failover: { title: 'Fail over', View: FailoverView },
};
