import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { routeToHash } from '../../client/route.ts';
import { roleFace } from '../../components/faces.ts';
import { StateMark } from '../../components/StateMark.tsx';

/** Whose table it is. */
export const NodeTabs = ({ cluster, node }: { cluster: ClusterSnapshot; node: string }) => (
  <nav className="node-tabs" aria-label="Node">
    {cluster.nodes.map((each) => {
      const face = roleFace[each.reachable ? each.role : 'unknown'];
      return (
        <a
          key={each.name}
          href={routeToHash({ view: 'connections', cluster: cluster.name, node: each.name })}
          aria-current={each.name === node ? 'page' : undefined}
          title={`${each.name}: ${face.word}`}
        >
          <StateMark face={face} />
          <span className="cut">{each.name}</span>
          <span className="quiet">{face.word}</span>
        </a>
      );
    })}
  </nav>
);
