import { create } from 'zustand';
import type { ConsoleApi } from '../../shared/contract/console-api.ts';
import type { AppInfo } from '../../shared/contract/contract.ts';
import type { FleetSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { hashToRoute, type Route, routeToHash } from './route.ts';
import { readTheme, type Theme, writeTheme } from './theme.ts';

/** Everything the console itself holds; the truth is the engine's, and comes whole with each snapshot. */
interface ConsoleState {
  /** The newest snapshot; kept, and shown as old, while the engine is away. */
  readonly fleet: FleetSnapshot | undefined;
  readonly connected: boolean;
  readonly info: AppInfo | undefined;
  readonly route: Route;
  /** The wall clock of the screen, ms since the epoch, once a second: ages are counted from it. */
  readonly now: number;
  readonly theme: Theme;
  readonly overlay: 'palette' | 'keys' | null;
}

export const useConsole = create<ConsoleState>(() => ({
  fleet: undefined,
  connected: false,
  info: undefined,
  route: hashToRoute(window.location.hash),
  now: Date.now(),
  theme: readTheme(),
  overlay: null,
}));

export const navigate = (route: Route): void => {
  window.location.hash = routeToHash(route);
};

export const setOverlay = (overlay: ConsoleState['overlay']): void => useConsole.setState({ overlay });

export function setTheme(theme: Theme): void {
  writeTheme(theme);
  useConsole.setState({ theme });
}

/** Joins the store to the engine, the address bar and the clock; returns what undoes it. */
export function connectStore(api: ConsoleApi): () => void {
  const onHash = () => useConsole.setState({ route: hashToRoute(window.location.hash) });
  window.addEventListener('hashchange', onHash);
  const clock = setInterval(() => useConsole.setState({ now: Date.now() }), 1000);
  const unsubscribe = api.subscribe(
    'fleet',
    // A snapshot may be younger than the last tick: its values must not seem to come from the future.
    (fleet) => useConsole.setState({ fleet, connected: true, now: Date.now() }),
    (connected) => useConsole.setState({ connected }),
  );
  api.call('app.info', {}).then(
    (info) => useConsole.setState({ info }),
    () => undefined, // the stream says that the engine is away
  );
  return () => {
    window.removeEventListener('hashchange', onHash);
    clearInterval(clock);
    unsubscribe();
  };
}
