import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { formatInstant, formatSince } from '../../../shared/domain/format.ts';
import { useConsole } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import { roleFace, verdictFace } from '../../components/faces.ts';
import { State, StateMark } from '../../components/StateMark.tsx';
import { slaveFace } from '../fleet/fleet-model.ts';
import { type Target, targetsOf } from './failover-model.ts';

interface ChooseTargetProps {
  readonly cluster: ClusterSnapshot;
  readonly problem: string | undefined;
  readonly onChoose: (target: string) => void;
}

/** To which node? Planning sends nothing: it reads, and answers with what would be done. */
export const ChooseTarget = ({ cluster, problem, onChoose }: ChooseTargetProps) => (
  <div className="choose">
    <h1>Which node shall be master?</h1>
    <p className="quiet">
      A plan only reads: it says what would be sent, what stands in the way and what it would cost. Nothing
      happens before you confirm it.
    </p>
    {problem && (
      <div className="notice" data-tone="critical" role="alert">
        <StateMark face={verdictFace.critical} />
        {problem}
      </div>
    )}
    <ul>
      {targetsOf(cluster).map((target) => (
        <TargetRow key={target.name} target={target} cluster={cluster} onChoose={onChoose} />
      ))}
    </ul>
  </div>
);

interface TargetRowProps {
  readonly target: Target;
  readonly cluster: ClusterSnapshot;
  readonly onChoose: (target: string) => void;
}

const TargetRow = ({ target, cluster, onChoose }: TargetRowProps) => {
  const node = cluster.nodes.find((each) => each.name === target.name);
  return (
    <li>
      <strong className="cut" title={target.name}>
        {target.name}
      </strong>
      <span>{node && <State face={node.reachable ? roleFace[node.role] : roleFace.unknown} />}</span>
      <span>{node && target.impossible === undefined && <State face={slaveFace(node)} />}</span>
      <span className="held-since">
        {target.heldDownSince !== undefined && <HeldDown since={target.heldDownSince} />}
      </span>
      {target.impossible ? (
        <span className="quiet">{target.impossible}</span>
      ) : (
        <Button onClick={() => onChoose(target.name)}>{target.verb}</Button>
      )}
    </li>
  );
};

/** A successful failover leaves its lever set: the old master stays down until it is released. */
export function HeldDown({ since }: { since: number }) {
  const now = useConsole((state) => state.now);
  return (
    <span className="held" title={`since ${formatInstant(since)}`}>
      held down since {formatInstant(since).slice(11)} ({formatSince(now - since)})
    </span>
  );
}
