/** Where in the console the operator is. Kept in the address's hash, so that back, forward and reload work anywhere. */
export type Route =
  | { readonly view: 'fleet' }
  | { readonly view: 'add-cluster' }
  | { readonly view: 'alerts' }
  | { readonly view: 'cluster'; readonly cluster: string }
  | { readonly view: 'connections'; readonly cluster: string; readonly node?: string }
  | { readonly view: 'coverage'; readonly cluster: string }
  /** Each table as `fw1:kernel`; the screen chooses what is not named. */
  | {
      readonly view: 'difference';
      readonly cluster: string;
      readonly of?: string;
      readonly against?: string;
    }
  | { readonly view: 'timeline'; readonly cluster: string }
  | { readonly view: 'failover'; readonly cluster: string; readonly to?: string };

export type ViewName = Route['view'];

export function routeToHash(route: Route): string {
  switch (route.view) {
    case 'fleet':
      return '#/';
    case 'add-cluster':
      return '#/add';
    case 'alerts':
      return '#/alerts';
    case 'cluster':
      return join(route.cluster);
    case 'connections':
      return join(route.cluster, 'connections', route.node);
    case 'coverage':
      return join(route.cluster, 'coverage');
    case 'difference':
      return join(route.cluster, 'difference', route.of, route.of === undefined ? undefined : route.against);
    case 'timeline':
      return join(route.cluster, 'timeline');
    case 'failover':
      return join(route.cluster, 'failover', route.to);
  }
}

const join = (...parts: (string | undefined)[]): string =>
  `#/cluster/${parts
    .filter((part) => part !== undefined)
    .map(encodeURIComponent)
    .join('/')}`;

/** Anything that is not an address of ours leads to the fleet. */
export function hashToRoute(hash: string): Route {
  const [kind, cluster, view, detail, second] = hash.replace(/^#\/?/, '').split('/').map(decode);
  if (kind === 'add') return { view: 'add-cluster' };
  if (kind === 'alerts') return { view: 'alerts' };
  if (kind !== 'cluster' || !cluster) return { view: 'fleet' };
  if (view === 'connections') return { view, cluster, ...(detail ? { node: detail } : {}) };
  if (view === 'difference')
    return { view, cluster, ...(detail ? { of: detail, ...(second ? { against: second } : {}) } : {}) };
  if (view === 'coverage' || view === 'timeline') return { view, cluster };
  if (view === 'failover') return { view, cluster, ...(detail ? { to: detail } : {}) };
  return { view: 'cluster', cluster };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
