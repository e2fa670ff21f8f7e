import type { FleetSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { Route } from '../client/route.ts';
import { type Theme, themes } from '../client/theme.ts';

/** Something the palette can do. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly action: { readonly go: Route } | { readonly theme: Theme } | { readonly overlay: 'keys' };
}

/** Everything that can be reached from the palette. It navigates: nothing in it touches a node. */
export function commandsOf(fleet: FleetSnapshot | undefined): Command[] {
  const go = (title: string, hint: string, route: Route): Command => ({
    id: `${title}\n${hint}`,
    title,
    hint,
    action: { go: route },
  });
  const ofClusters = (fleet?.clusters ?? []).flatMap(({ name, nodes, master }) => [
    go(name, 'Overview', { view: 'cluster', cluster: name }),
    ...nodes.map((node) =>
      go(`Connections of ${node.name}`, name, { view: 'connections', cluster: name, node: node.name }),
    ),
    go('Timeline: what happened', name, { view: 'timeline', cluster: name }),
    go('Coverage: what the slaves hold', name, { view: 'coverage', cluster: name }),
    go('Difference of two nodes', name, { view: 'difference', cluster: name }),
    ...nodes
      .filter((node) => node.name !== master)
      .map((node) =>
        go(`Fail over to ${node.name}…`, name, { view: 'failover', cluster: name, to: node.name }),
      ),
  ]);
  return [
    go('Fleet', 'All clusters', { view: 'fleet' }),
    ...ofClusters,
    go('Alerts', 'All clusters', { view: 'alerts' }),
    go('Add a cluster', 'Inventory', { view: 'add-cluster' }),
    ...themes.map(
      (theme): Command => ({ id: theme, title: `Theme: ${theme}`, hint: 'Appearance', action: { theme } }),
    ),
    { id: 'keys', title: 'Keys', hint: '?', action: { overlay: 'keys' } },
  ];
}

/** The commands that hold every word typed, in title or hint; those whose title starts with it come first. */
export function searchCommands(commands: readonly Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ title, hint }) => {
    const haystack = `${title} ${hint}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
  const [first = ''] = words;
  const startsWith = (command: Command) => Number(command.title.toLowerCase().startsWith(first));
  return found.toSorted((a, b) => startsWith(b) - startsWith(a));
}
