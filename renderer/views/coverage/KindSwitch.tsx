import { type Route, routeToHash } from '../../client/route.ts';

interface KindSwitchProps {
  readonly cluster: string;
  readonly current: 'coverage' | 'difference';
}

/** What is compared: each kind has an address of its own. */
export const KindSwitch = ({ cluster, current }: KindSwitchProps) => {
  const kind = (view: 'coverage' | 'difference', title: string) => (
    <a
      href={routeToHash({ view, cluster } satisfies Route)}
      aria-current={view === current ? 'page' : undefined}
    >
      {title}
    </a>
  );
  return (
    <nav className="segments kind-switch" aria-label="What is compared">
      {kind('coverage', 'Slaves against the master')}
      {kind('difference', 'Two nodes')}
    </nav>
  );
};
