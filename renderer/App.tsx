import { Info, Unplug } from 'lucide-react';
import { useEffect } from 'react';
import type { Route } from './client/route.ts';
import { announce, navigate, setOverlay, useConsole } from './client/store.ts';
import { useCluster } from './client/use-cluster.ts';
import { announcementsOf, openAlerts } from './components/alerts.ts';
import { CommandPalette } from './components/CommandPalette.tsx';
import { ErrorBoundary } from './components/ErrorBoundary.tsx';
import { KeyList } from './components/KeyList.tsx';
import { LiveRegion } from './components/LiveRegion.tsx';
import { isTyping } from './components/shortcuts.ts';
import { TitleBar } from './components/TitleBar.tsx';
import { useBrowserNotices } from './components/use-notices.ts';
import { views } from './views/registry.ts';

export function App() {
  const route = useConsole((state) => state.route);
  const cluster = useCluster();
  const { title, View } = views[route.view];
  useShellKeys();
  useAnnouncements();
  useBrowserNotices();
  const open = useConsole((state) => openAlerts(state.fleet));
  const name = cluster?.name;
  useEffect(() => {
    const count = open === 0 ? '' : `(${open}) `;
    document.title = `${count}${name === undefined ? '' : `${name} · `}${title} · Handover`;
  }, [name, title, open]);
  return (
    <div className="shell">
      <TitleBar cluster={cluster} />
      <EngineBanner />
      <Notices />
      <main className="page" data-view={route.view}>
        <ErrorBoundary screen={JSON.stringify(route)}>
          <View />
        </ErrorBoundary>
      </main>
      <CommandPalette />
      <KeyList />
      <LiveRegion />
    </div>
  );
}

/** Without the engine every figure is old: the console says so and keeps what it last knew. */
function EngineBanner() {
  const lost = useConsole((state) => !state.connected && state.fleet !== undefined);
  return (
    <div role="status">
      {lost && (
        <div className="notice" data-tone="critical">
          <Unplug className="icon" aria-hidden="true" />
          The engine is away. What you see is the last it said, and is growing old; connecting again.
        </div>
      )}
    </div>
  );
}

/** What the engine has to say about itself, for example that the history cannot be written. */
function Notices() {
  const notices = useConsole((state) => state.fleet?.notices);
  return (
    <div role="status">
      {notices?.map((notice) => (
        <div key={notice} className="notice" data-tone="warning">
          <Info className="icon" aria-hidden="true" />
          {notice}
        </div>
      ))}
    </div>
  );
}

function useShellKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setOverlay('palette');
        return;
      }
      if (event.defaultPrevented || isTyping(event) || useConsole.getState().overlay !== null) return;
      if (event.key === '?') setOverlay('keys');
      if (event.key === 'Escape') goUp(useConsole.getState().route);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

function goUp(route: Route): void {
  if (route.view !== 'cluster' && 'cluster' in route) {
    navigate({ view: 'cluster', cluster: route.cluster });
  } else if (route.view !== 'fleet') navigate({ view: 'fleet' });
}

/** Screen readers hear when a verdict or an alert changes, not each time it is repeated. */
function useAnnouncements(): void {
  useEffect(
    () =>
      useConsole.subscribe(({ fleet }, { fleet: before }) => {
        if (fleet === before || before === undefined || fleet === undefined) return;
        const sentences = announcementsOf(before, fleet);
        if (sentences.length > 0) announce(sentences.join(' '));
      }),
    [],
  );
}
