import { Bell, Keyboard, Search, ShieldHalf } from 'lucide-react';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { type Route, routeToHash } from '../client/route.ts';
import { setOverlay, useConsole } from '../client/store.ts';
import { openAlerts } from './alerts.ts';
import { Button } from './Button.tsx';
import { verdictFace } from './faces.ts';
import { StateMark } from './StateMark.tsx';
import { paletteShortcut } from './shortcuts.ts';
import { ThemeMenu } from './ThemeMenu.tsx';

/** Where one is, and what may be done here; it carries the colour of the cluster's environment. */
export function TitleBar({ cluster }: { cluster: ClusterSnapshot | undefined }) {
  const route = useConsole((state) => state.route);
  return (
    <header className="titlebar" data-environment={cluster?.environment}>
      <a className="brand" href="#/" aria-label="Handover: all clusters">
        <ShieldHalf className="icon" aria-hidden="true" />
        <span>Handover</span>
      </a>
      {cluster && <Where cluster={cluster} />}
      {cluster && (
        <nav aria-label="Cluster">
          <Tab route={{ view: 'cluster', cluster: cluster.name }} current={route}>
            Overview
          </Tab>
          <Tab route={{ view: 'connections', cluster: cluster.name }} current={route}>
            Connections
          </Tab>
          <Tab route={{ view: 'coverage', cluster: cluster.name }} current={route}>
            Coverage
          </Tab>
          <Tab route={{ view: 'timeline', cluster: cluster.name }} current={route}>
            Timeline
          </Tab>
          <Tab route={{ view: 'failover', cluster: cluster.name }} current={route}>
            Fail over
          </Tab>
        </nav>
      )}
      <div className="tools">
        <Button size="small" className="search" onClick={() => setOverlay('palette')}>
          <Search aria-hidden="true" />
          <span>Go to or do</span>
          <kbd>{paletteShortcut}</kbd>
        </Button>
        <AlertBell />
        <ThemeMenu />
        <Button size="icon" aria-label="Keys" title="Keys (?)" onClick={() => setOverlay('keys')}>
          <Keyboard aria-hidden="true" />
        </Button>
      </div>
    </header>
  );
}

/** How many alerts nobody has seen to yet; the way to the list of all. */
function AlertBell() {
  const open = useConsole((state) => openAlerts(state.fleet));
  const current = useConsole((state) => state.route.view === 'alerts');
  const words = open === 1 ? '1 alert is not acknowledged' : `${open} alerts are not acknowledged`;
  const label = open === 0 ? 'Alerts: none to see to' : `Alerts: ${words}`;
  return (
    <a
      className="button bell"
      href="#/alerts"
      aria-label={label}
      title={label}
      aria-current={current ? 'page' : undefined}
      data-open={open > 0}
    >
      <Bell aria-hidden="true" />
      {open > 0 && <span>{open > 99 ? '99+' : open}</span>}
    </a>
  );
}

const Where = ({ cluster }: { cluster: ClusterSnapshot }) => (
  <div className="where">
    <span className="name cut" title={cluster.name}>
      {cluster.name}
    </span>
    {cluster.environment && <span className="tag">{cluster.environment}</span>}
    {cluster.demo && <span className="tag">demo</span>}
    {cluster.environment === undefined && <StateMark face={verdictFace[cluster.verdict]} />}
  </div>
);

const Tab = ({ route, current, children }: { route: Route; current: Route; children: string }) => (
  <a href={routeToHash(route)} aria-current={route.view === tabOf(current) ? 'page' : undefined}>
    {children}
  </a>
);

/** The difference of two nodes is one of the comparisons behind the tab of coverage. */
const tabOf = ({ view }: Route): Route['view'] => (view === 'difference' ? 'coverage' : view);
