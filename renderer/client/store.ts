import { create } from 'zustand';
import type { ConsoleApi } from '../../shared/contract/console-api.ts';
import type { AppInfo } from '../../shared/contract/contract.ts';
import type { FleetSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { SortKey } from '../../shared/domain/connection-query.ts';
import type { TimelineFilter } from '../../shared/domain/timeline.ts';
import { hashToRoute, type Route, routeToHash } from './route.ts';
import { readTheme, type Theme, writeTheme } from './theme.ts';

/** What the operator last asked of the connection tables of a cluster. */
export interface TableChoice {
  readonly filter: string;
  readonly sort: readonly SortKey[];
}

const anything: TableChoice = { filter: '', sort: [] };

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
  /** By cluster: leaving the screen and coming back changes nothing. */
  readonly tableChoices: Readonly<Record<string, TableChoice>>;
  readonly timelineFilters: Readonly<Record<string, TimelineFilter>>;
  /** The sentence that screen readers are told next. */
  readonly announcement: string;
}

export const useConsole = create<ConsoleState>(() => ({
  fleet: undefined,
  connected: false,
  info: undefined,
  route: hashToRoute(window.location.hash),
  now: Date.now(),
  theme: readTheme(),
  overlay: null,
  tableChoices: {},
  timelineFilters: {},
  announcement: '',
}));

/** The screen changes at once: the address's own event comes later, and keys typed until then belong to the new one. */
export const navigate = (route: Route): void => {
  window.location.hash = routeToHash(route);
  useConsole.setState({ route });
};

export const setOverlay = (overlay: ConsoleState['overlay']): void => useConsole.setState({ overlay });

/** Says a sentence to screen readers when they are idle; the screen shows the same by other means. */
export const announce = (announcement: string): void => useConsole.setState({ announcement });

export const useTableChoice = (cluster: string): TableChoice =>
  useConsole((state) => state.tableChoices[cluster] ?? anything);

export const chooseTable = (cluster: string, change: Partial<TableChoice>): void =>
  useConsole.setState(({ tableChoices }) => ({
    tableChoices: { ...tableChoices, [cluster]: { ...anything, ...tableChoices[cluster], ...change } },
  }));

const everything: TimelineFilter = {};

export const useTimelineFilter = (cluster: string): TimelineFilter =>
  useConsole((state) => state.timelineFilters[cluster] ?? everything);

export const chooseTimeline = (cluster: string, filter: TimelineFilter): void =>
  useConsole.setState(({ timelineFilters }) => ({
    timelineFilters: { ...timelineFilters, [cluster]: filter },
  }));

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
